import BanditCore
import BanditTesting

/// A way for an environment to be wrong, and the laws that this breaks, no others.
enum EnvironmentDefect: String, SettingChoice {
  case none
  case driftingSpec, seededSpec
  case repeatedAction, repeatedCounter, spacedCounter, ownColumn
  case descendingColumns, repeatedColumns, columnTooLarge, columnBelowZero, tooManyColumns
  case featuresInOneHot, otherEncoding, shortRow, columnsInDense, featureNotANumber, lateShortRow
  case leavesOldFeatures, leavesOldColumns
  case contextFollowsActions, luckFollowsActions, auditFollowsActions
  case auditTooShort, countsTooLong, auditInfinite, rewardNotANumber, lateShortAudit
  case auditTooHigh, auditOfOtherAction
  case failsAtOnce, failsLater, failsMuchLater, failsAfterOneAction
  case drawsFromTheSystem, countsGlobally, resetsGlobalCount, readsThread, sharesStorage
  case forgetsItsNumbers, refusesItsState, keepsItsContexts

  var laws: Set<Law> {
    switch self {
    case .none: []
    case .driftingSpec, .seededSpec: [.constantSpec]
    case .repeatedAction, .repeatedCounter, .spacedCounter, .ownColumn: [.specNames]
    case .descendingColumns, .repeatedColumns, .columnTooLarge, .columnBelowZero, .tooManyColumns,
      .featuresInOneHot, .otherEncoding, .shortRow, .columnsInDense, .featureNotANumber,
      .lateShortRow:
      [.observation]
    case .leavesOldFeatures, .leavesOldColumns: [.overwriting]
    case .contextFollowsActions, .luckFollowsActions, .auditFollowsActions: [.independence]
    case .auditTooShort, .countsTooLong, .auditInfinite, .rewardNotANumber, .lateShortAudit: [.outcome]
    case .auditTooHigh, .auditOfOtherAction: [.expectedRewards]
    case .failsAtOnce, .failsLater, .failsMuchLater, .failsAfterOneAction: [.working]
    case .drawsFromTheSystem, .countsGlobally: [.repeatability]
    case .resetsGlobalCount: [.isolation, .valueSemantics, .resumption]
    case .readsThread: [.isolation]
    case .sharesStorage: [.valueSemantics]
    case .forgetsItsNumbers, .refusesItsState: [.resumption]
    case .keepsItsContexts: [.restarting]
    }
  }

  /// The disturbance that has to show the defect, whatever else does.
  var circumstance: String? {
    switch self {
    case .drawsFromTheSystem, .countsGlobally: "in a second play"
    case .resetsGlobalCount: "beside another instance"
    case .readsThread: "on several threads"
    case .sharesStorage: "beside a copy"
    case .forgetsItsNumbers, .refusesItsState: "resumed after every tenth step"
    default: nil
    }
  }

  /// Whether the context is one-hot.
  var isOneHot: Bool {
    switch self {
    case .descendingColumns, .repeatedColumns, .columnTooLarge, .columnBelowZero, .tooManyColumns,
      .featuresInOneHot, .leavesOldColumns:
      true
    default: false
    }
  }
}

import BanditCore
import BanditTesting

/// A way for an agent to be wrong, and the laws that this breaks, no others.
enum AgentDefect: String, SettingChoice {
  case none
  case actionTooLarge, actionBelowZero, takesThreeActionsForGranted
  case propensityOfZero, propensityAboveOne, propensityNotANumber, probabilitiesBelowOne
  case measuresUndeclared, measuresColumn, measuresNotANumber
  case refusesOneHot, failsLater, failsInPrefill
  case drawsFromTheSystem, countsGlobally, tellsGlobalCount
  case resetsGlobalCount, readsThread, readsThreadCount
  case sharesStorage
  case forgetsItsNumbers, forgetsItsSteps, refusesItsState

  var laws: Set<Law> {
    switch self {
    case .none: []
    case .actionTooLarge, .actionBelowZero, .takesThreeActionsForGranted: [.actionRange]
    case .propensityOfZero, .propensityAboveOne, .propensityNotANumber: [.propensity]
    case .probabilitiesBelowOne: [.probabilities]
    case .measuresUndeclared, .measuresColumn, .measuresNotANumber: [.measurements]
    case .refusesOneHot, .failsLater, .failsInPrefill: [.working]
    case .drawsFromTheSystem, .countsGlobally, .tellsGlobalCount: [.repeatability]
    case .resetsGlobalCount: [.isolation, .valueSemantics, .resumption]
    case .readsThread: [.isolation]
    case .readsThreadCount: [.threads]
    case .sharesStorage: [.valueSemantics]
    case .forgetsItsNumbers, .forgetsItsSteps, .refusesItsState: [.resumption]
    }
  }

  /// The disturbance that has to show the defect, whatever else does.
  var circumstance: String? {
    switch self {
    case .drawsFromTheSystem, .countsGlobally, .tellsGlobalCount: "in a second play"
    case .resetsGlobalCount: "beside another instance"
    case .readsThread: "on several threads"
    case .readsThreadCount: "on three threads"
    case .sharesStorage: "beside a copy"
    case .forgetsItsNumbers, .forgetsItsSteps, .refusesItsState: "resumed after every tenth step"
    default: nil
    }
  }
}

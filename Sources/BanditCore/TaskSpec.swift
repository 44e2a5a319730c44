/// What an agent is told of a task before its first step.
public struct TaskSpec: Hashable, Sendable {
  /// How an observation carries its features.
  public enum Encoding: Hashable, Sendable {
    /// `featureCount` numbers.
    case dense
    /// Columns of 0 and 1, given as the ascending indices of the ones: at most `maximumActive` of them.
    case oneHot(maximumActive: Int)
  }

  /// The number of context columns.
  public let featureCount: Int
  /// How the columns arrive.
  public let encoding: Encoding
  /// The names of the actions; an action is an index into this list.
  public let actionNames: [String]
  /// The counters that an outcome's audit carries, in order.
  public let counters: [AuditCounter]
  /// The numbers that each action has at every step, beside the context; nil where actions have none.
  public let actionFeatureCount: Int?
  /// Whether observations say which actions are available.
  public let limitsActions: Bool
  /// The names of the context columns, for files that people read; nil where they have none.
  public let featureNames: [String]?

  /// Creates a specification; at least one feature and two actions, and a dense context where actions have features.
  public init(
    featureCount: Int, encoding: Encoding, actionNames: [String], counters: [AuditCounter] = [],
    featureNames: [String]? = nil, actionFeatureCount: Int? = nil, limitsActions: Bool = false
  ) {
    precondition(
      actionFeatureCount.map { $0 > 0 && encoding == .dense } ?? true,
      "features of actions are one or more, beside a dense context")
    self.actionFeatureCount = actionFeatureCount
    self.limitsActions = limitsActions
    precondition(featureCount > 0, "a task has at least one feature")
    precondition(actionNames.count >= 2, "a task has at least two actions")
    if case .oneHot(let active) = encoding {
      precondition((0...featureCount).contains(active), "active columns are at most the columns")
    }
    precondition(featureNames.map { $0.count == featureCount } ?? true, "a name for each feature")
    self.featureNames = featureNames
    self.featureCount = featureCount
    self.encoding = encoding
    self.actionNames = actionNames
    self.counters = counters
  }

  /// The columns that every run's log has, so that no counter and no measurement may have their names.
  package static let ownColumns: Set = [
    "step", "action", "optimal_action", "reward", "regret", "expected_regret", "cumulative_regret",
    "cumulative_expected_regret", "loss", "learning_rate", "propensity", "uniform_expected_reward",
  ]

  /// The number of actions.
  public var actionCount: Int { actionNames.count }

  /// Whether an agent has to know of features of actions, or of actions that are not there: an `ActionFeatureAgent`.
  public var isShaped: Bool { actionFeatureCount != nil || limitsActions }
}

/// A named count of an environment, kept by the runner and written to the log.
public struct AuditCounter: Codable, Hashable, Sendable {
  /// How single steps become the log's column.
  public enum Presentation: Codable, Hashable, Sendable {
    /// The sum since the first step.
    case total
    /// The mean over the last `window` steps (over all of them while there are fewer).
    case rate(window: Int)
  }

  /// The column's name.
  public let name: String
  /// How it is shown.
  public let presentation: Presentation

  /// Creates a counter.
  public init(_ name: String, _ presentation: Presentation) {
    self.name = name
    self.presentation = presentation
  }
}

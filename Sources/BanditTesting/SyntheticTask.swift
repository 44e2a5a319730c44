public import BanditCore

/// A small task that an agent has to be able to play; together they leave no size to be assumed.
public enum SyntheticTask: String, SettingChoice {
  /// Three numbers, four actions.
  case dense
  /// Seven columns of which none to three are 1, three actions, a counter.
  case oneHot = "one-hot"
  /// Two numbers, two actions.
  case twoActions = "two-actions"
  /// One number, three actions.
  case oneFeature = "one-feature"
  /// More columns, active columns and actions than the mushrooms have.
  case wide
  /// A context that says nothing: one column that is never 1.
  case blank
  /// Two numbers, four actions with three numbers each, of which some are not available; for agents that take these.
  case items

  /// What agents are told of the task.
  public var spec: TaskSpec {
    switch self {
    case .dense: TaskSpec(featureCount: 3, encoding: .dense, actionNames: ["north", "east", "south", "west"])
    case .oneHot:
      TaskSpec(
        featureCount: 7, encoding: .oneHot(maximumActive: 3), actionNames: ["red", "green", "blue"],
        counters: [AuditCounter("best_choices", .total)])
    case .twoActions: TaskSpec(featureCount: 2, encoding: .dense, actionNames: ["take", "leave"])
    case .oneFeature: TaskSpec(featureCount: 1, encoding: .dense, actionNames: ["low", "middle", "high"])
    case .wide:
      TaskSpec(
        featureCount: 200, encoding: .oneHot(maximumActive: 25), actionNames: (0..<5).map { "door \($0)" })
    case .blank:
      TaskSpec(featureCount: 1, encoding: .oneHot(maximumActive: 0), actionNames: ["left", "right"])
    case .items:
      TaskSpec(
        featureCount: 2, encoding: .dense, actionNames: ["first", "second", "third", "fourth"],
        actionFeatureCount: 3, limitsActions: true)
    }
  }
}

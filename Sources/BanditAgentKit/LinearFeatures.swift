public import BanditCore

/// A context as a linear model takes it: its columns, and a 1 for the intercept at the end.
///
/// Where actions have features, one model serves all of them: it takes the context's columns, the action's features, the
/// product of each with each, and the 1.
public struct LinearFeatures: Sendable {
  /// What was encoded last.
  public private(set) var values: [Double]
  private let contextCount: Int
  private let actionFeatureCount: Int?

  /// Creates features for a task's contexts; all columns are 0 until one is encoded.
  public init(_ spec: TaskSpec) {
    contextCount = spec.featureCount
    actionFeatureCount = spec.actionFeatureCount
    let own = spec.actionFeatureCount.map { $0 * (spec.featureCount + 1) } ?? 0
    values = Array(repeating: 0, count: spec.featureCount + own + 1)
    values[values.count - 1] = 1
  }

  /// Replaces the context.
  public mutating func encode(_ observation: Observation) {
    switch observation.encoding {
    case .dense:
      for (column, value) in observation.features.enumerated() { values[column] = Double(value) }
    case .oneHot:
      for column in 0..<contextCount { values[column] = 0 }
      for column in observation.activeIndices { values[Int(column)] = 1 }
    }
  }

  /// Replaces the action's columns, where actions have features, in the context encoded last.
  ///
  /// - Returns: the model to ask: the action's, or the one of all actions.
  public mutating func encode(_ action: Int, of observation: Observation) -> Int {
    guard let count = actionFeatureCount, let features = observation.actionFeatures else { return action }
    var place = contextCount
    for feature in 0..<count {
      let value = Double(features[action * count + feature])
      values[place] = value
      for column in 0..<contextCount { values[place + 1 + column] = value * values[column] }
      place += contextCount + 1
    }
    return 0
  }
}

extension Observation {
  /// Makes the values of actions that are not available so low that none is taken.
  public func mask(_ values: inout [Double]) {
    guard let availableActions else { return }
    for (action, isAvailable) in availableActions.enumerated() where !isAvailable {
      values[action] = -.infinity
    }
  }
}

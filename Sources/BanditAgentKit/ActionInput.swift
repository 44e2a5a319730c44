public import BanditCore
public import BanditLearning

/// Turns contexts and actions into network inputs: the context's columns followed by the action's one-hot columns, or by
/// its features where actions have them.
///
/// Source: the report, §4.3; eat = [1, 0] and reject = [0, 1] on the mushrooms.
public struct ActionInput: Sendable {
  /// How a row of inputs is stored.
  public let encoding: InputEncoding
  private let spec: TaskSpec
  /// One row for each action in the context encoded last.
  public private(set) var actions: Minibatch
  /// One row for the action encoded last.
  public private(set) var taken: Minibatch

  /// Creates inputs for a task; nothing is encoded yet.
  public init(_ spec: TaskSpec) {
    self.spec = spec
    let columns = spec.featureCount + (spec.actionFeatureCount ?? spec.actionCount)
    switch spec.encoding {
    case .dense: encoding = .dense(columns: columns)
    case .oneHot(let active): encoding = .oneHot(columns: columns, maximumActive: active + 1)
    }
    actions = Minibatch(encoding: encoding, capacity: spec.actionCount)
    taken = Minibatch(encoding: encoding, capacity: 1)
  }

  /// Fills `actions` with a context, a row for each action.
  public mutating func encode(_ observation: Observation) {
    actions.removeAll()
    for action in 0..<spec.actionCount { append(observation, action, to: &actions) }
  }

  /// Fills `taken` with a context and an action.
  public mutating func encode(_ observation: Observation, action: Int) {
    taken.removeAll()
    append(observation, action, to: &taken)
  }

  /// The number of models that an agent with one for each action needs: one where actions have features.
  public var modelCount: Int { spec.actionFeatureCount == nil ? spec.actionCount : 1 }

  /// The model of a row that `encode` made: its action's, or the one of all actions where they have features.
  public func model(_ batch: borrowing Minibatch, row: Int) -> Int {
    if spec.actionFeatureCount != nil { return 0 }
    switch encoding {
    case .dense(let columns):
      let start = row * columns + spec.featureCount
      return (0..<spec.actionCount).first { batch.features[start + $0] == 1 } ?? 0
    case .oneHot(_, let active):
      let end = (row + 1) * active
      let last = batch.activeIndices[(end - active)..<end].last { $0 >= 0 } ?? 0
      return max(0, Int(last) - spec.featureCount)
    }
  }

  private func append(_ observation: Observation, _ action: Int, to batch: inout Minibatch) {
    switch observation.encoding {
    case .dense:
      if let count = spec.actionFeatureCount, let features = observation.actionFeatures {
        batch.append(features: observation.features + features[(action * count)..<((action + 1) * count)])
        return
      }
      let columns = (0..<spec.actionCount).map { Float($0 == action ? 1 : 0) }
      batch.append(features: observation.features + columns)
    case .oneHot:
      batch.append(activeIndices: observation.activeIndices + [Int32(spec.featureCount + action)])
    }
  }
}

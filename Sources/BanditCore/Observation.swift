/// The context of one step, in the encoding of the task's specification.
///
/// One value is used again and again: an environment overwrites it in place.
public struct Observation: Hashable, Sendable {
  /// How the features are carried.
  public let encoding: TaskSpec.Encoding
  /// The features of a dense observation, `featureCount` of them; empty for a one-hot one.
  public var features: [Float]
  /// The ascending indices of the ones of a one-hot observation; empty for a dense one.
  public var activeIndices: [Int32]
  /// The features of each action, a row of `actionFeatureCount` after the other; nil where actions have none.
  public var actionFeatures: [Float]?
  /// Which actions are available, one at least; nil where all of them always are.
  public var availableActions: [Bool]?

  /// An observation that was kept.
  package init(encoding: TaskSpec.Encoding, features: [Float], activeIndices: [Int32]) {
    self.encoding = encoding
    self.features = features
    self.activeIndices = activeIndices
  }

  /// Creates an observation of a task, all zero.
  public init(_ spec: TaskSpec) {
    encoding = spec.encoding
    switch spec.encoding {
    case .dense:
      features = Array(repeating: 0, count: spec.featureCount)
      activeIndices = []
    case .oneHot(let maximumActive):
      features = []
      activeIndices = []
      activeIndices.reserveCapacity(maximumActive)
    }
    actionFeatures = spec.actionFeatureCount.map { Array(repeating: 0, count: $0 * spec.actionCount) }
    availableActions = spec.limitsActions ? Array(repeating: true, count: spec.actionCount) : nil
  }

  /// Whether an action is available.
  public func isAvailable(_ action: Int) -> Bool { availableActions?[action] ?? true }

  /// The number of actions, of so many, that are available.
  public func availableCount(of count: Int) -> Int { availableActions?.count { $0 } ?? count }

  /// The available action that comes after so many others; the number itself where all are.
  public func availableAction(_ number: Int) -> Int {
    guard let availableActions else { return number }
    return availableActions.indices.filter { availableActions[$0] }[number]
  }
}

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
  }
}

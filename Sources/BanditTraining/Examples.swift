public import BanditLearning

/// Inputs with their targets, for supervised training.
public struct Examples: Sendable {
  /// Numbers an input.
  public let columns: Int
  /// Inputs, `[count × columns]`.
  public let features: [Float]
  /// A target an input: a number, or the index of a class.
  public let targets: [Float]

  /// Creates examples; there are `columns` numbers for each target.
  public init(columns: Int, features: [Float], targets: [Float]) {
    precondition(features.count == columns * targets.count, "\(columns) numbers for each target")
    self.columns = columns
    self.features = features
    self.targets = targets
  }

  /// How many there are.
  public var count: Int { targets.count }

  /// How networks take them.
  public var encoding: InputEncoding { .dense(columns: columns) }

  /// Replaces a minibatch's rows by the named examples.
  package func fill(_ batch: inout Minibatch, _ rows: [Int]) {
    batch.gather(slots: rows, features: features, activeIndices: [], targets: targets)
  }
}

public import BanditCore

/// A context as a linear model takes it: its columns, and a 1 for the intercept at the end.
public struct LinearFeatures: Sendable {
  /// The columns of the context encoded last, then 1: `featureCount + 1` numbers.
  public private(set) var values: [Double]

  /// Creates features for a task's contexts; all columns are 0 until one is encoded.
  public init(_ spec: TaskSpec) {
    values = Array(repeating: 0, count: spec.featureCount + 1)
    values[spec.featureCount] = 1
  }

  /// Replaces the context.
  public mutating func encode(_ observation: Observation) {
    switch observation.encoding {
    case .dense:
      for (column, value) in observation.features.enumerated() { values[column] = Double(value) }
    case .oneHot:
      for column in 0..<(values.count - 1) { values[column] = 0 }
      for column in observation.activeIndices { values[Int(column)] = 1 }
    }
  }
}

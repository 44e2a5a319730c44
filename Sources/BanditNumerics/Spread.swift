/// The mean of values, and their sample standard deviation where there are two or more.
public struct Spread {
  /// Their mean.
  public let mean: Double
  /// Their sample standard deviation; nil for one value.
  public let deviation: Double?

  /// The spread of some values; nil where there are none.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    guard values.count > 1 else {
      deviation = nil
      return
    }
    deviation =
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }
}

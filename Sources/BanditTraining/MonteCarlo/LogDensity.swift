/// The logarithm of a density, up to a constant, that a Markov chain draws from.
public protocol LogDensity: Sendable {
  /// Coordinates of a point.
  var dimension: Int { get }

  /// Gives the log density at a point and overwrites `gradient` with its derivatives there, both of `dimension` numbers.
  mutating func evaluate(_ point: [Double], gradient: inout [Double]) -> Double
}

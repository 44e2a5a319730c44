import Foundation

/// The normal distribution of mean 0 and deviation 1.
public enum StandardNormal {
  /// The probability of a value below z.
  public static func probability(below z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// The z below which a value is with a probability between 0 and 1.
  public static func quantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a probability is between 0 and 1")
    // Beyond 38 deviations no double is left.
    var (low, high) = (-39.0, 39.0)
    while true {
      let middle = (low + high) / 2
      guard middle > low && middle < high else { return high }
      if Self.probability(below: middle) < probability { low = middle } else { high = middle }
    }
  }
}

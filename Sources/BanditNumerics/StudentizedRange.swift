import Foundation

/// The range of several independent standard normal values.
///
/// Source: Pearson and Hartley (1942), The probability integral of the range, equation 3; it is the studentized range
/// with infinitely many degrees of freedom.
public enum StudentizedRange {
  /// The probability of a range below `range`, of 2 values or more.
  public static func probability(below range: Double, count: Int) -> Double {
    precondition(count > 1, "a range is of at least two values")
    guard range > 0 else { return 0 }
    // The integral over the least value, by Simpson's rule; beyond 9 deviations nothing is left.
    let (intervals, low, high) = (2_000, -9.0, 9.0)
    let width = (high - low) / Double(intervals)
    let sum = (0...intervals).reduce(0.0) { sum, index in
      let least = low + Double(index) * width
      let between =
        StandardNormal.probability(below: least + range) - StandardNormal.probability(below: least)
      let density = exp(-least * least / 2) / (2 * Double.pi).squareRoot()
      let weight = index == 0 || index == intervals ? 1.0 : index.isMultiple(of: 2) ? 2 : 4
      return sum + weight * density * pow(between, Double(count - 1))
    }
    return Double(count) * sum * width / 3
  }

  /// The range below which a range is with a probability, above 0 and below 1.
  public static func quantile(_ probability: Double, count: Int) -> Double {
    precondition(probability > 0 && probability < 1, "a probability is between 0 and 1")
    var (low, high) = (0.0, 20.0)
    while high - low > 1e-9 {
      let middle = (low + high) / 2
      if self.probability(below: middle, count: count) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

import Foundation

/// Student's t distribution, for intervals around means of a few values.
public enum StudentT {
  /// The probability of a value between -t and t.
  ///
  /// Source: Abramowitz and Stegun (1964), equations 26.7.3 and 26.7.4. Takes time in proportion to the degrees of
  /// freedom.
  ///
  /// - Parameters:
  ///   - t: 0 or more.
  ///   - degreesOfFreedom: 1 or more.
  public static func centralProbability(_ t: Double, degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom > 0 && t >= 0, "degrees of freedom and t are positive")
    let angle = atan(t / Double(degreesOfFreedom).squareRoot())
    let square = cos(angle) * cos(angle)
    let isOdd = !degreesOfFreedom.isMultiple(of: 2)
    var term = isOdd ? cos(angle) : 1
    var sum = degreesOfFreedom == 1 ? 0 : term
    for index in stride(from: isOdd ? 3 : 2, to: degreesOfFreedom, by: 2) {
      term *= square * Double(index - 1) / Double(index)
      sum += term
    }
    return isOdd ? (angle + sin(angle) * sum) * 2 / .pi : sin(angle) * sum
  }

  /// The t for which a value is between -t and t with a probability, below 1.
  public static func centralQuantile(_ probability: Double, degreesOfFreedom: Int) -> Double {
    precondition(probability >= 0 && probability < 1, "a probability of the middle is from 0 to below 1")
    var low = 0.0
    var high = 1.0
    while centralProbability(high, degreesOfFreedom: degreesOfFreedom) < probability && high < 1e15 {
      high *= 2
    }
    while true {
      let middle = (low + high) / 2
      guard middle > low && middle < high else { return high }
      if centralProbability(middle, degreesOfFreedom: degreesOfFreedom) < probability {
        low = middle
      } else {
        high = middle
      }
    }
  }

  /// The mean of values, and half of the interval around it that holds the expectation with a probability where the
  /// values are independent and normal; infinite for a single value.
  public static func interval(of values: [Double], probability: Double = 0.95) -> (
    mean: Double, halfWidth: Double
  ) {
    precondition(!values.isEmpty, "a mean is of at least one value")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard values.count > 1 else { return (mean, .infinity) }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let quantile = centralQuantile(probability, degreesOfFreedom: values.count - 1)
    return (mean, quantile * (variance / count).squareRoot())
  }

  /// The probability of a mean at least as far from 0 as that of the values, where they are independent and normal
  /// around 0: the two-sided p value of the t test; 1 for a single value.
  public static func pValue(of values: [Double]) -> Double {
    precondition(!values.isEmpty, "a test is of at least one value")
    guard let spread = Spread(values), let deviation = spread.deviation, spread.mean != 0 else { return 1 }
    guard deviation > 0 else { return 0 }
    let t = spread.mean.magnitude / (deviation / Double(values.count).squareRoot())
    return max(0, 1 - centralProbability(t, degreesOfFreedom: values.count - 1))
  }
}

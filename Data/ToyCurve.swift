import Foundation

/// The curve of the toy regression: f(x, ε) = x + 0.3 sin 2π(x + ε) + 0.3 sin 4π(x + ε) + ε.
///
/// Source: Blundell et al. 2015, §5.2; the report, equation 22.
public enum ToyCurve {
  /// The standard deviation of ε in the report.
  public static let noise = 0.02

  /// The curve at x for one value of ε; with 0, the curve without noise.
  public static func value(at x: Double, noise: Double = 0) -> Double {
    x + 0.3 * sin(2 * .pi * (x + noise)) + 0.3 * sin(4 * .pi * (x + noise)) + noise
  }

  /// The mean of the curve at x where ε is normal with mean 0: E sin k(x + ε) = exp(−k²s²/2) sin kx.
  ///
  /// - `noise`: The standard deviation s of ε.
  public static func expectedValue(at x: Double, noise: Double) -> Double {
    func meanSine(_ frequency: Double) -> Double {
      exp(-frequency * frequency * noise * noise / 2) * sin(frequency * x)
    }
    return x + 0.3 * meanSine(2 * .pi) + 0.3 * meanSine(4 * .pi)
  }
}

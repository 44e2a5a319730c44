import BanditCore
import BanditLearning
import Foundation

/// Priors as the report writes them: by −ln σ.
enum PriorSettings {
  /// N(0, σ²).
  static func gaussian(_ negativeLogSigma: Double) throws(ConfigurationError) -> WeightPrior {
    .gaussian(sigma: exp(-(try checked(negativeLogSigma))))
  }

  /// weight·N(0, σ₁²) + (1 − weight)·N(0, σ₂²).
  static func mixture(
    _ first: Double, _ second: Double, weight: Double = 0.5
  ) throws(ConfigurationError) -> WeightPrior {
    try ConfigurationError.require(
      weight > 0 && weight < 1, key: "mixtureWeight", given: weight, allowed: "between 0 and 1")
    return .mixture(weight: weight, sigma1: exp(-(try checked(first))), sigma2: exp(-(try checked(second))))
  }

  private static func checked(_ negativeLogSigma: Double) throws(ConfigurationError) -> Double {
    try ConfigurationError.require(
      negativeLogSigma.magnitude <= 15, key: "-ln sigma of a prior", given: negativeLogSigma,
      allowed: "-15 to 15")
    return negativeLogSigma
  }
}

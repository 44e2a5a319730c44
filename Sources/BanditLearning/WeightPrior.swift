package import CBanditKernels
import Foundation

/// The prior of every weight and bias of a Bayesian network, independent and centred at zero.
///
/// Source: Blundell et al. 2015, §3.3 for the scale mixture (equation 7 there); the report, equations 14 and 15.
///
/// *Deviations*: none for the densities. The mixture's gradient is computed from the log-odds of its components,
/// clamped to ±115 in base 2, so that neither component's density underflows for |w| above 14 σ.
public enum WeightPrior: Codable, Hashable, Sendable {
  /// N(0, sigma²).
  case gaussian(sigma: Double)
  /// Laplace(0, scale).
  case laplace(scale: Double)
  /// weight·N(0, sigma1²) + (1 − weight)·N(0, sigma2²), for each weight by itself.
  case mixture(weight: Double, sigma1: Double, sigma2: Double)

  /// log P(w) of one weight, in nats.
  public func logDensity(_ w: Double) -> Double {
    func logNormal(_ sigma: Double) -> Double {
      -0.5 * log(2 * .pi) - log(sigma) - w * w / (2 * sigma * sigma)
    }
    switch self {
    case .gaussian(let sigma):
      return logNormal(sigma)
    case .laplace(let scale):
      return -abs(w) / scale - log(2 * scale)
    case .mixture(let weight, let sigma1, let sigma2):
      let a = log(weight) + logNormal(sigma1)
      let b = log(1 - weight) + logNormal(sigma2)
      return max(a, b) + log1p(exp(-abs(a - b)))
    }
  }

  /// KL[N(mean, sigma²) ‖ prior] of one weight in nats; nil where it has no closed form.
  public func closedFormKL(mean: Double, sigma: Double) -> Double? {
    switch self {
    case .gaussian(let prior):
      return log(prior / sigma) + (sigma * sigma + mean * mean) / (2 * prior * prior) - 0.5
    case .laplace(let scale):
      let meanMagnitude =
        sigma * (2 / Double.pi).squareRoot() * exp(-mean * mean / (2 * sigma * sigma))
        + mean * erf(mean / (sigma * 2.0.squareRoot()))
      return -0.5 * log(2 * .pi * M_E * sigma * sigma) + log(2 * scale) + meanMagnitude / scale
    case .mixture:
      return nil
    }
  }

  /// The constants that the kernels need.
  package var kernel: bandit_prior {
    switch self {
    case .gaussian(let sigma):
      return bandit_prior(
        family: BANDIT_PRIOR_GAUSSIAN, inverse1: Float(1 / (sigma * sigma)), inverse2: 0, offset: 0, slope: 0)
    case .laplace(let scale):
      return bandit_prior(
        family: BANDIT_PRIOR_LAPLACE, inverse1: Float(1 / scale), inverse2: 0, offset: 0, slope: 0)
    case .mixture(let weight, let sigma1, let sigma2) where sigma1 < sigma2:
      // The kernel adds the narrow component to the wide one; the other way round the wide one would cancel.
      return WeightPrior.mixture(weight: 1 - weight, sigma1: sigma2, sigma2: sigma1).kernel
    case .mixture(let weight, let sigma1, let sigma2):
      let inverse1 = 1 / (sigma1 * sigma1)
      let inverse2 = 1 / (sigma2 * sigma2)
      return bandit_prior(
        family: BANDIT_PRIOR_MIXTURE, inverse1: Float(inverse1), inverse2: Float(inverse2),
        offset: Float(-log2((1 - weight) / weight * (sigma1 / sigma2))),
        slope: Float(0.5 * M_LOG2E * (inverse2 - inverse1)))
    }
  }
}

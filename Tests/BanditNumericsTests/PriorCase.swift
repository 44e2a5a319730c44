import CBanditKernels
import Foundation
import Testing

/// A prior as the kernels get it, with its gradient in double precision.
struct PriorCase: Sendable, CustomTestStringConvertible {
  enum Family { case none, gaussian, laplace, mixture }

  let testDescription: String
  let family: Family
  let kernel: bandit_prior
  /// The error of the gradient, in ulp of its scale.
  let ulps: Double

  static let all = [none, gaussian, laplace, mixture]

  static let none = PriorCase(
    testDescription: "no prior", family: .none,
    kernel: bandit_prior(family: BANDIT_PRIOR_NONE, inverse1: 0, inverse2: 0, offset: 0, slope: 0), ulps: 0)

  static let gaussian = PriorCase(
    testDescription: "Gaussian", family: .gaussian,
    kernel: bandit_prior(family: BANDIT_PRIOR_GAUSSIAN, inverse1: 2.5, inverse2: 0, offset: 0, slope: 0),
    ulps: 1)

  static let laplace = PriorCase(
    testDescription: "Laplace", family: .laplace,
    kernel: bandit_prior(family: BANDIT_PRIOR_LAPLACE, inverse1: 2.5, inverse2: 0, offset: 0, slope: 0),
    ulps: 1)

  /// Components of σ 1 and ⅓, both of which matter within the inputs' range.
  ///
  /// z runs from 1 to −35. Its error, at most 2 ulp
  /// of 35, goes into an exponential: up to 2⁻²⁴ · 70 = 70 half ulp of the narrow share.
  static let mixture = PriorCase(
    testDescription: "mixture", family: .mixture,
    kernel: bandit_prior(
      family: BANDIT_PRIOR_MIXTURE, inverse1: 1, inverse2: 9, offset: -1.5849625, slope: 5.7707802),
    ulps: 36)

  /// −d log P(w) / dw.
  func slope(_ w: Double) -> Expected {
    switch family {
    case .none: return Expected(0)
    case .gaussian: return Expected(w * Double(kernel.inverse1))
    case .laplace: return Expected((w > 0 ? 1 : w < 0 ? -1 : 0) * Double(kernel.inverse1))
    case .mixture:
      let odds = -M_LN2 * (Double(kernel.offset) + Double(kernel.slope) * w * w)
      let narrow = 1 / (1 + exp(-max(-80, min(80, odds))))
      return Expected(w * ((1 - narrow) * Double(kernel.inverse1) + narrow * Double(kernel.inverse2)))
    }
  }
}

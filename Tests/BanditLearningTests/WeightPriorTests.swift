import BanditLearning
import BanditNumerics
import Foundation
import Testing

@Suite("Priors of weights")
struct WeightPriorTests {
  static let mixtures: [WeightPrior] = [
    .mixture(weight: 0.5, sigma1: 1, sigma2: exp(-6)),
    .mixture(weight: 0.25, sigma1: exp(-1), sigma2: exp(-8)),
    .mixture(weight: 0.75, sigma1: 1, sigma2: exp(-7)), .mixture(weight: 0.5, sigma1: exp(-6), sigma2: 1),
    .mixture(weight: 0.5, sigma1: exp(-7), sigma2: 0.7),
    .mixture(weight: 0.5, sigma1: 0.5, sigma2: 0.5),
  ]

  @Test("The mixture's gradient is exact at 0, ±1e-3, ±10 and between", arguments: mixtures)
  func mixtureGradient(prior: WeightPrior) throws {
    let weights: [Float] = [0, 1e-8, 1e-4, 1e-3, 5e-3, 0.01, 0.0165, 0.02, 0.05, 0.3, 1, 2, 10]
    let both = weights + weights.map { -$0 }
    for (weight, got) in zip(both, kernelGradient(of: prior, at: both)) {
      let expected = try exactMixtureGradient(prior, Double(weight))
      // The exponent, up to 80, is rounded twice: 1e-5 in the components' odds.
      #expect(
        abs(Double(got) - expected) <= 2e-5 * abs(expected), "\(prior) at \(weight): \(got), not \(expected)")
    }
  }

  @Test("The mixture keeps its pull where both densities underflow, and the wide component's at ±10")
  func mixtureTail() {
    let got = kernelGradient(of: Self.mixtures[0], at: [10, -10, 1000])
    #expect(got == [10, -10, 1000], "w/σ₁² with σ₁ = 1")
    #expect(
      kernelGradient(of: Self.mixtures[3], at: [10, -10, 1000]) == got, "in either order of components")
    #expect(abs(Self.mixtures[0].logDensity(10) + 50 + 0.5 * log(2 * .pi) + log(2)) < 1e-12)
  }

  @Test(
    "Every prior's gradient is the derivative of its log density",
    arguments: mixtures + [
      .gaussian(sigma: 0.1), .gaussian(sigma: 2), .laplace(scale: 0.05), .laplace(scale: 3),
    ])
  func derivatives(prior: WeightPrior) {
    // No weight lies within two steps of the Laplace prior's kink.
    let weights = (-60...60).map { 0.0005 + Float($0) * 0.002 } + [-12, -3, -0.7, 0.7, 3, 12]
    for (weight, got) in zip(weights, kernelGradient(of: prior, at: weights)) {
      // A tenth of the narrowest component used here, 3e-4, is far above the step; differences of log densities
      // up to 1e6 are good to 1e-10 / 1e-6.
      let expected = -derivative(at: Double(weight), step: 4e-6, prior.logDensity)
      #expect(
        abs(Double(got) - expected) <= 5e-5 * abs(expected) + 2e-4,
        "\(prior) at \(weight): \(got), not \(expected)")
    }
  }

  @Test("Densities integrate to one", arguments: mixtures + [.gaussian(sigma: 0.3), .laplace(scale: 0.2)])
  func normalised(prior: WeightPrior) {
    // Simpson's rule in t, w = sinh t / 1000: fine near 0, where the narrow component is, and wide beyond.
    let steps = 20_000
    let end = asinh(12_000.0)
    let width = 2 * end / Double(steps)
    let integral = (0...steps).reduce(0.0) { total, index in
      let t = -end + width * Double(index)
      let share: Double = index == 0 || index == steps ? 1 : index % 2 == 1 ? 4 : 2
      return total + share * exp(prior.logDensity(sinh(t) / 1000)) * cosh(t) / 1000
    }
    // Beyond 12 lies less than 1e-26 of each; the Laplace prior's kink limits the rule's order.
    #expect(abs(integral * width / 3 - 1) < 1e-6)
  }

  @Test(
    "Closed-form KLs lie within five standard errors of a million draws",
    arguments: [WeightPrior.gaussian(sigma: 0.6), .laplace(scale: 0.4)],
    [(0.0, 1.0), (0.5, 0.02), (-1.5, 0.3), (0.01, 2.0)])
  func monteCarloKL(prior: WeightPrior, posterior: (mean: Double, sigma: Double)) throws {
    let closed = try #require(prior.closedFormKL(mean: posterior.mean, sigma: posterior.sigma))
    let count = 1_000_000
    var sum: Double = 0
    var squares: Double = 0
    for number in normals(11, count) {
      let noise = Double(number)
      let logPosterior = -0.5 * noise * noise - log(posterior.sigma) - 0.5 * log(2 * .pi)
      let term = logPosterior - prior.logDensity(posterior.mean + posterior.sigma * noise)
      sum += term
      squares += term * term
    }
    let mean = sum / Double(count)
    let standardError = ((squares / Double(count) - mean * mean) / Double(count)).squareRoot()
    #expect(abs(mean - closed) < 5 * standardError, "\(mean) ± \(standardError), closed form \(closed)")
  }

  @Test("A network's KL is the sum over its parameters, and a mixture's has no closed form")
  func networkKL() throws {
    let architecture = NetworkArchitecture(input: .dense(columns: 2), hidden: [3], outputs: 1)
    func network(_ prior: WeightPrior) -> BayesianNetwork {
      let objective = BayesianNetwork.Objective(
        prior: prior, klForm: .monteCarlo, likelihood: .gaussian(sigma: 1), weightSamples: 1)
      return BayesianNetwork(architecture, capacity: 1, objective: objective, stream: RandomStream(seed: 1))
    }
    let posterior = network(.laplace(scale: 0.4))
    var sum: Double = 0
    for (mean, sigma) in zip(posterior.means, posterior.standardDeviations) {
      sum += try #require(
        WeightPrior.laplace(scale: 0.4).closedFormKL(mean: Double(mean), sigma: Double(sigma)))
    }
    #expect(try abs(#require(posterior.closedFormKL) - sum) < 1e-9 * sum)
    #expect(network(Self.mixtures[0]).closedFormKL == nil)
  }
}

/// w [(1 − r₂)/σ₁² + r₂/σ₂²] with the narrow component's share from log densities in double precision, unclamped.
private func exactMixtureGradient(_ prior: WeightPrior, _ w: Double) throws -> Double {
  guard case .mixture(let weight, let sigma1, let sigma2) = prior else {
    throw CancellationError()
  }
  let logOdds =
    log(1 - weight) - log(weight) + log(sigma1) - log(sigma2)
    + 0.5 * w * w * (1 / (sigma1 * sigma1) - 1 / (sigma2 * sigma2))
  let share2 = 1 / (1 + exp(-logOdds))
  let share1 = 1 / (1 + exp(logOdds))
  return w * (share1 / (sigma1 * sigma1) + share2 / (sigma2 * sigma2))
}

import BanditLearning
import BanditNumerics
import Testing

@Suite("Pieces of the objective without a step")
struct EvaluationTests {
  private let architecture = NetworkArchitecture(input: .dense(columns: 3), hidden: [5], outputs: 3)
  private let batch = denseBatch((0..<4).map { normals(UInt64($0), 3) }, targets: [0, 1, 2, 1])
  private let likelihood = Likelihood.softmaxCrossEntropy(classes: 3)

  private func network(
    _ prior: WeightPrior, _ form: KLForm, optimiser: OptimiserKind = .adam, samples: Int = 2
  ) -> BayesianNetwork {
    let objective = BayesianNetwork.Objective(
      prior: prior, klForm: form, likelihood: likelihood, weightSamples: samples)
    return BayesianNetwork(
      architecture, capacity: 4, objective: objective, rhoRange: -2...(-1), optimiser: optimiser,
      stream: RandomStream(seed: 1))
  }

  @Test("The cost under drawn weights is a point network's of those weights, and nothing moves")
  func cost() {
    var network = network(.gaussian(sigma: 1), .analytic)
    let before = network.means
    for _ in 0..<3 {
      network.drawWeights()
      var point = PointNetwork(
        architecture, capacity: 4, likelihood: likelihood, l2: 0.1, stream: RandomStream(seed: 2))
      point.setParameters(network.drawnWeights)
      #expect(network.cost(batch) == point.cost(batch))
      #expect(point.cost(batch) == point.computeGradient(batch))
    }
    #expect(network.means == before && network.steps == 0)
  }

  @Test(
    "The sampled KL's mean is the closed form",
    arguments: [
      WeightPrior.gaussian(sigma: 0.7), .laplace(scale: 0.4), .mixture(weight: 0.3, sigma1: 0.7, sigma2: 0.7),
    ])
  func sampledKL(prior: WeightPrior) throws {
    var network = network(prior, .monteCarlo)
    // A mixture of two equal Gaussians is that Gaussian.
    let reference = self.network(
      prior.closedFormKL(mean: 0, sigma: 1) == nil ? .gaussian(sigma: 0.7) : prior, .analytic)
    let expected = try #require(reference.closedFormKL)
    let draws = 4_000
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<draws {
      network.drawWeights()
      let value = network.sampledKL
      sum += value / Double(draws)
      squares += value * value / Double(draws)
    }
    let error = ((squares - sum * sum) / Double(draws)).squareRoot()
    #expect(abs(sum - expected) <= 5 * error && error < 0.01 * expected)
  }

  @Test("A drawn gradient is the one that the next step would have followed", arguments: KLForm.allCases)
  func drawnGradient(form: KLForm) {
    var network = network(.gaussian(sigma: 0.5), form, optimiser: .sgd)
    var stepped = network
    let gradient = network.drawGradient(batch, klWeight: 0.5)
    #expect(network.steps == 0 && network.means == stepped.means)
    let before = stepped.means
    let cost = stepped.step(batch, klWeight: 0.5, learningRate: 1)
    #expect(cost == gradient.cost)
    #expect(stepped.means == zip(before, gradient.means).map { $0 - $1 })
    #expect(network.drawGradient(batch, klWeight: 0.5).means != gradient.means, "fresh noise every time")
  }

  @Test("Posteriors start from a point network's weights with spreads in proportion to them")
  func moped() {
    let weights = normals(3, architecture.parameterCount - 1) + [0]
    let objective = BayesianNetwork.Objective(
      prior: .gaussian(sigma: 1), klForm: .analytic, likelihood: likelihood, weightSamples: 1)
    let network = BayesianNetwork(
      architecture, capacity: 4, objective: objective, initialisation: .moped(weights: weights, delta: 0.1),
      stream: RandomStream(seed: 1))
    #expect(network.means == weights)
    for (sigma, weight) in zip(network.standardDeviations, weights).dropLast() {
      #expect(abs(sigma - 0.1 * weight.magnitude) <= 2e-6 * sigma)
    }
    #expect(network.standardDeviations.last.map { $0 > 0 && $0 < 1e-19 } == true)
  }
}

import BanditLearning
import BanditNumerics
import Foundation
import Testing

@Suite("Estimators of the data cost's gradient")
struct EstimatorTests {
  static let estimators: [(GradientEstimator, BiasNoise)] = [
    (.localReparameterisation, .folded), (.localReparameterisation, .shared), (.flipout, .folded),
  ]

  @Test(
    "Under fixed noise, gradients equal finite differences: dense and one-hot inputs, inputs of zeros, every prior",
    arguments: estimators)
  func finiteDifferences(estimator: GradientEstimator, biasNoise: BiasNoise) {
    for likelihood in [Likelihood.gaussian(sigma: 0.5), .softmaxCrossEntropy(classes: 3)] {
      for problem in Problem.all(likelihood) {
        for (prior, form) in FiniteDifferenceTests.priors {
          check(
            problem,
            BayesianNetwork.Objective(
              prior: prior, klForm: form, likelihood: likelihood, weightSamples: 2, estimator: estimator,
              biasNoise: biasNoise))
        }
      }
    }
  }

  private func check(_ problem: Problem, _ objective: BayesianNetwork.Objective) {
    let architecture = problem.scalar.architecture
    var network = BayesianNetwork(
      architecture, capacity: 9, objective: objective, stream: RandomStream(seed: 1))
    let count = network.parameterCount
    let means = normals(2, count).map { 0.4 * $0 }
    let rhos = normals(3, count).map { $0 - 2 }
    let noise = (0..<2).map { sample in
      EstimatorNoise(
        normals(4 + sample, 2_000), architecture, rows: problem.batch.count, objective: objective)
    }
    network.setParameters(means: means, rhos: rhos)
    let got = network.gradient(problem.batch, klWeight: 0.3, noise: noise.map(\.all))
    let parameters = (means + rhos).map { Double($0) }
    let expected = problem.scalar.gradient(at: parameters) {
      problem.scalar.freeEnergy($0, objective: objective, klWeight: 0.3, noise: noise)
    }
    GradientTolerance().expect(
      got.means, Array(expected[..<count]), "means, \(problem.name), \(objective)")
    GradientTolerance().expect(got.rhos, Array(expected[count...]), "rhos, \(problem.name), \(objective)")
    let cost = problem.scalar.freeEnergy(parameters, objective: objective, klWeight: 0, noise: noise)
    #expect(abs(got.cost * Double(problem.batch.count) - cost) <= 1e-5 * abs(cost))
  }

  @Test("Under fixed noise, gradients equal PyTorch's")
  func reference() throws {
    let reference = try ModelReference.shared
    for expected in reference.estimators {
      let network = reference.networks[expected.network]
      let objective = BayesianNetwork.Objective(
        prior: try expected.prior.prior(), klForm: expected.klForm,
        likelihood: try expected.likelihood.likelihood(), weightSamples: expected.noise.count,
        estimator: expected.estimator, biasNoise: expected.biasNoise)
      var posterior = BayesianNetwork(
        network.architecture, capacity: network.rows.count, objective: objective,
        stream: RandomStream(seed: 0))
      posterior.setParameters(means: network.means, rhos: network.rhos)
      let got = posterior.gradient(network.batch, klWeight: expected.klWeight, noise: expected.noise)
      let name = "network \(expected.network), \(objective)"
      GradientTolerance().expect(got.means, expected.means, "means of \(name)")
      GradientTolerance().expect(got.rhos, expected.rhos, "rhos of \(name)")
      #expect(abs(got.cost - expected.cost) <= 1e-5 * abs(expected.cost), "cost of \(name)")
    }
    #expect(reference.estimators.count == 36)
  }

  @Test("Inputs of zeros alone give finite gradients, whatever the biases' noise", arguments: estimators)
  func zeroInput(estimator: GradientEstimator, biasNoise: BiasNoise) {
    let architecture = NetworkArchitecture(input: .dense(columns: 3), hidden: [6], outputs: 1)
    let batch = denseBatch([[0, 0, 0], [0, 0, 0]], targets: [1, -2])
    let objective = BayesianNetwork.Objective(
      prior: .gaussian(sigma: 1), klForm: .analytic, likelihood: .gaussian(sigma: 0.1), weightSamples: 2,
      estimator: estimator, biasNoise: biasNoise)
    var network = BayesianNetwork(
      architecture, capacity: 2, objective: objective, stream: RandomStream(seed: 1))
    for _ in 0..<5 {
      let gradient = network.drawGradient(batch, klWeight: 0)
      #expect(gradient.means[..<18].allSatisfy { $0 == 0 } && gradient.rhos[..<18].allSatisfy { $0 == 0 })
      #expect((gradient.means + gradient.rhos).allSatisfy { $0.isFinite })
      #expect(gradient.means[30] != 0, "the output's bias still learns")
      #expect(network.step(batch, klWeight: 0.1, learningRate: 0.01).isFinite)
    }
    #expect((network.means + network.standardDeviations).allSatisfy { $0.isFinite })
  }

  @Test(
    "At fixed parameters, gradients have the mean of weight sampling's and a smaller variance",
    arguments: estimators)
  func meanAndVariance(estimator: GradientEstimator, biasNoise: BiasNoise) {
    let values = normals(1, 48)
    let rows = (0..<16).map { Array(values[(3 * $0)..<(3 * $0 + 3)]) }
    let batch = denseBatch(rows, targets: rows.map { $0[0] - $0[1] * $0[2] })
    let usual = moments(.weightSampling, .folded, batch, seed: 2)
    let other = moments(estimator, biasNoise, batch, seed: 3)
    for index in usual.means.indices {
      // Both means are of 4,000 draws; five standard errors among 82 numbers leave 5e-5 for chance.
      let error = ((usual.variances[index] + other.variances[index]) / Double(draws)).squareRoot()
      #expect(abs(usual.means[index] - other.means[index]) <= 5 * error, "parameter \(index)")
    }
    let ratio = other.variances.reduce(0, +) / usual.variances.reduce(0, +)
    #expect(ratio < 0.8, "the variance is \(ratio) of weight sampling's")
  }

  private let draws = 4_000

  /// The mean and variance over draws of the gradient by means and ρs.
  private func moments(
    _ estimator: GradientEstimator, _ biasNoise: BiasNoise, _ batch: borrowing Minibatch, seed: UInt64
  ) -> (means: [Double], variances: [Double]) {
    let architecture = NetworkArchitecture(input: .dense(columns: 3), hidden: [8], outputs: 1)
    let objective = BayesianNetwork.Objective(
      prior: .gaussian(sigma: 1), klForm: .analytic, likelihood: .gaussian(sigma: 1), weightSamples: 1,
      estimator: estimator, biasNoise: biasNoise)
    var network = BayesianNetwork(
      architecture, capacity: 16, objective: objective, stream: RandomStream(seed: seed))
    let count = network.parameterCount
    network.setParameters(
      means: normals(4, count).map { 0.5 * $0 }, rhos: normals(5, count).map { 0.3 * $0 - 1 })
    var sums = [Double](repeating: 0, count: 2 * count)
    var squares = sums
    for _ in 0..<draws {
      let gradient = network.drawGradient(batch, klWeight: 0)
      for (index, value) in (gradient.means + gradient.rhos).enumerated() {
        sums[index] += Double(value)
        squares[index] += Double(value) * Double(value)
      }
    }
    let means = sums.map { $0 / Double(draws) }
    return (means, zip(squares, means).map { $0 / Double(draws) - $1 * $1 })
  }

  @Test("The number of threads moves no bit, and copies go on like their originals", arguments: estimators)
  func determinism(estimator: GradientEstimator, biasNoise: BiasNoise) {
    let batch = oneHotBatch(
      [[0, 3, 5], [1, 4], [2], [5, 0]], columns: 7, maximumActive: 3, targets: [5, -35, 0, 5])
    let architecture = NetworkArchitecture(input: batch.encoding, hidden: [20, 10], outputs: 1)
    let objective = BayesianNetwork.Objective(
      prior: .mixture(weight: 0.5, sigma1: 1, sigma2: 0.0025), klForm: .monteCarlo,
      likelihood: .gaussian(sigma: 1), weightSamples: 3, estimator: estimator, biasNoise: biasNoise)
    func bits(_ network: BayesianNetwork) -> [UInt32] {
      (network.means + network.standardDeviations).map(\.bitPattern)
    }
    func train(_ network: inout BayesianNetwork) {
      for _ in 0..<20 { _ = network.step(batch, klWeight: 0.1, learningRate: 1e-2) }
    }
    let runs = [1, 2].map { (threads: Int) -> [UInt32] in
      var network = BayesianNetwork(
        architecture, capacity: 4, objective: objective, threads: threads, stream: RandomStream(seed: 5))
      train(&network)
      var copy = network
      train(&copy)
      let first = bits(network)
      train(&network)
      #expect(bits(copy) == bits(network) && first != bits(copy))
      return bits(network)
    }
    #expect(runs[0] == runs[1])
  }

  @Test("A Bayesian network learns a line under every estimator", arguments: estimators)
  func line(estimator: GradientEstimator, biasNoise: BiasNoise) {
    let inputs = (0..<64).map { Float($0) / 32 - 1 }
    let batch = denseBatch(inputs.map { [$0] }, targets: inputs.map { 2 * $0 - 1 })
    let architecture = NetworkArchitecture(input: .dense(columns: 1), hidden: [16], outputs: 1)
    let objective = BayesianNetwork.Objective(
      prior: .gaussian(sigma: 1), klForm: .analytic, likelihood: .gaussian(sigma: 0.1), weightSamples: 1,
      estimator: estimator, biasNoise: biasNoise)
    var network = BayesianNetwork(
      architecture, capacity: 64, objective: objective, stream: RandomStream(seed: 2))
    let schedule = LearningRateSchedule(.cosine, total: 3000)
    for step in 0..<3000 {
      _ = network.step(batch, klWeight: 1, learningRate: 0.01 * schedule.factor(at: step))
    }
    var means = [Double](repeating: 0, count: 64)
    for _ in 0..<100 {
      network.drawWeights()
      for (row, output) in network.outputs(batch).enumerated() { means[row] += Double(output) / 100 }
    }
    for (mean, input) in zip(means, inputs) { #expect(abs(mean - Double(2 * input - 1)) < 0.1) }
  }
}

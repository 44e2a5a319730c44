import BanditLearning
import BanditNumerics
import Testing

/// Our gradients against differences of the objective written down once more in double precision, which are good
/// to 1e-8 or so of the largest element: far inside the tolerance for single precision.
@Suite("Gradients equal finite differences of the objective")
struct FiniteDifferenceTests {
  static let likelihoods: [Likelihood] = [
    .gaussian(sigma: 1), .gaussian(sigma: 0.1), .gaussian(sigma: 10), .laplace(scale: 0.7), .squaredError,
    .softmaxCrossEntropy(classes: 3), .softmaxCrossEntropy(classes: 10), .gaussianMeanVariance,
    .laplaceMeanScale, .absoluteError,
  ]
  static let priors: [(WeightPrior, KLForm)] = [
    (.gaussian(sigma: 0.5), .monteCarlo), (.gaussian(sigma: 0.5), .analytic),
    (.laplace(scale: 0.3), .monteCarlo),
    (.laplace(scale: 0.3), .analytic), (.mixture(weight: 0.25, sigma1: 1, sigma2: 0.05), .monteCarlo),
    (.mixture(weight: 0.5, sigma1: 0.0025, sigma2: 1), .monteCarlo),
  ]

  @Test(
    "Bayesian networks: every prior, KL form and likelihood, with example weights", arguments: likelihoods)
  func bayesian(likelihood: Likelihood) {
    for problem in Problem.all(likelihood) {
      for (prior, form) in Self.priors {
        let objective = BayesianNetwork.Objective(
          prior: prior, klForm: form, likelihood: likelihood, weightSamples: 2)
        var network = BayesianNetwork(
          problem.scalar.architecture, capacity: 9, objective: objective, stream: RandomStream(seed: 1))
        let count = network.parameterCount
        let means = normals(2, count).map { 0.4 * $0 }
        let rhos = normals(3, count).map { $0 - 2 }
        let noise = [normals(4, count), normals(5, count)]
        network.setParameters(means: means, rhos: rhos)
        let got = network.gradient(problem.batch, klWeight: 0.3, noise: noise)
        let expected = problem.scalar.gradient(at: (means + rhos).map { Double($0) }) {
          problem.scalar.freeEnergy($0, prior: prior, form: form, klWeight: 0.3, noise: noise)
        }
        GradientTolerance().expect(
          got.means, Array(expected[..<count]), "means, \(problem.name), \(objective)")
        GradientTolerance().expect(got.rhos, Array(expected[count...]), "rhos, \(problem.name), \(objective)")
      }
    }
  }

  @Test("Point networks: every likelihood and penalty, with example weights", arguments: likelihoods)
  func point(likelihood: Likelihood) {
    for problem in Problem.all(likelihood) {
      for (l2, l1, norm) in [(0, 0, 0), (0.3, 0, 0), (0, 0.2, 0), (0.1, 0.1, 0), (0.1, 0, 0.4)] {
        var network = PointNetwork(
          problem.scalar.architecture, capacity: 9, likelihood: likelihood, l2: l2, l1: l1,
          stream: RandomStream(seed: 1))
        let parameters = normals(2, network.parameters.count).map { 0.4 * $0 }
        network.setParameters(parameters)
        // An l2 that changes with the parameters gives the penalty that its user wants: here one on the norm.
        network.l2 += norm / network.norm
        _ = network.computeGradient(problem.batch)
        let expected = problem.scalar.gradient(at: parameters.map { Double($0) }) {
          problem.scalar.penalised($0, l2: l2, l1: l1, normPenalty: norm)
        }
        GradientTolerance().expect(
          network.lastGradient, expected, "\(problem.name), \(likelihood), \(l2), \(l1), \(norm)")
      }
    }
  }

  @Test(
    "Passes of networks with several outputs and with layers of one unit",
    arguments: [[], [1], [6, 1, 5], [17], [5, 130]])
  func severalOutputs(hidden: [Int]) {
    let architecture = NetworkArchitecture(input: .dense(columns: 3), hidden: hidden, outputs: 2)
    let values = normals(6, 12)
    let rows = (0..<4).map { Array(values[(3 * $0)..<(3 * $0 + 3)]) }
    let parameters = normals(7, architecture.parameterCount).map { 0.5 * $0 }
    let slopes = normals(8, 8)
    let batch = denseBatch(rows, targets: [0, 0, 0, 0])
    var network = DenseNetwork(architecture, capacity: 6)
    var gradient = [Float](repeating: .nan, count: parameters.count)
    network.forward(batch, parameters: parameters)
    for (index, slope) in slopes.enumerated() { network.outputDeltas[index] = slope }
    network.backward(batch, parameters: parameters, gradient: &gradient)
    let scalar = ScalarObjective(
      architecture: architecture, rows: rows.map { $0.map { Double($0) } }, targets: [], exampleWeights: [],
      likelihood: .squaredError)
    let expected = scalar.gradient(at: parameters.map { Double($0) }) { parameters in
      zip(scalar.outputs(parameters).joined(), slopes).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    GradientTolerance().expect(gradient, expected, "hidden \(hidden)")
    #expect(expected[..<architecture.layers[0].biases].contains { $0 != 0 }, "the first layer learns")
    withExtendedLifetime(network) {
      let outputs = Array(UnsafeBufferPointer(start: network.outputs, count: 8))
      GradientTolerance().expect(
        outputs, scalar.outputs(parameters.map { Double($0) }).flatMap { $0 }, "outputs")
    }
  }
}

import BanditLearning
import BanditNumerics
import Testing

@Suite("Gradients by inputs")
struct InputGradientTests {
  @Test("A point network's equal PyTorch's, row by row")
  func reference() throws {
    let reference = try ModelReference.shared
    for expected in reference.inputGradients {
      let (network, start) = try reference.pointNetwork(
        expected.network, expected.likelihood, dropout: Dropout(hidden: 0.5))
      var point = start
      var gradient = [Float](repeating: .nan, count: network.rows.count * network.columns)
      point.inputGradient(network.batch, into: &gradient)
      GradientTolerance().expect(gradient, expected.gradient, "network \(expected.network)")
    }
    #expect(reference.inputGradients.count == 3)
  }

  @Test(
    "They equal finite differences, with example weights",
    arguments: [Likelihood.softmaxCrossEntropy(classes: 3), .gaussian(sigma: 0.5), .laplaceMeanScale])
  func finiteDifferences(likelihood: Likelihood) {
    for problem in Problem.all(likelihood) where problem.scalar.architecture.input == .dense(columns: 3) {
      var network = PointNetwork(
        problem.scalar.architecture, capacity: 9, likelihood: likelihood, stream: RandomStream(seed: 1))
      let parameters = normals(2, network.parameters.count).map { 0.4 * $0 }
      network.setParameters(parameters)
      var gradient = [Float](repeating: .nan, count: 12)
      network.inputGradient(problem.batch, into: &gradient)
      let expected = byInputs(problem.scalar, parameters.map { Double($0) })
      GradientTolerance().expect(gradient, expected, "\(problem.name), \(likelihood)")
    }
  }

  @Test("A Bayesian network's is the mean over the weights that it draws")
  func bayesian() {
    let likelihood = Likelihood.softmaxCrossEntropy(classes: 3)
    for problem in Problem.all(likelihood) where problem.scalar.architecture.input == .dense(columns: 3) {
      let objective = BayesianNetwork.Objective(
        prior: .gaussian(sigma: 1), klForm: .analytic, likelihood: likelihood, weightSamples: 1)
      var network = BayesianNetwork(
        problem.scalar.architecture, capacity: 9, objective: objective, rhoRange: -1...0,
        stream: RandomStream(seed: 3))
      var copy = network
      var gradient = [Float](repeating: .nan, count: 12)
      network.inputGradient(problem.batch, draws: 3, into: &gradient)
      var expected = [Double](repeating: 0, count: 12)
      for _ in 0..<3 {
        copy.drawWeights()
        for (index, value) in byInputs(problem.scalar, copy.drawnWeights.map { Double($0) }).enumerated() {
          expected[index] += value / 3
        }
      }
      GradientTolerance().expect(gradient, expected, problem.name)
    }
  }

  /// Differences of the summed cost by every input.
  private func byInputs(_ scalar: ScalarObjective, _ parameters: [Double]) -> [Double] {
    scalar.gradient(at: Array(scalar.rows.joined())) { inputs in
      var moved = scalar
      moved.rows = (0..<4).map { Array(inputs[(3 * $0)..<(3 * $0 + 3)]) }
      return moved.cost(parameters)
    }
  }
}

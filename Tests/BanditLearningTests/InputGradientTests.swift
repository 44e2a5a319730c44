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
      point.inputGradient(network.batch, of: .cost, into: &gradient)
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
      network.inputGradient(problem.batch, of: .cost, into: &gradient)
      let expected = byInputs(problem.scalar, parameters.map { Double($0) })
      GradientTolerance().expect(gradient, expected, "\(problem.name), \(likelihood)")
    }
  }

  @Test("Margins equal finite differences, and have derivatives where those of the cost round to nothing")
  func margins() {
    let likelihood = Likelihood.softmaxCrossEntropy(classes: 3)
    for problem in Problem.all(likelihood) where problem.scalar.architecture.input == .dense(columns: 3) {
      for (scale, sureRows) in [(Float(0.4), 0), (400, 3)] {
        var network = PointNetwork(
          problem.scalar.architecture, capacity: 9, likelihood: likelihood, stream: RandomStream(seed: 1))
        let parameters = normals(2, network.parameters.count).map { scale * $0 }
        network.setParameters(parameters)
        // The predicted classes are right, so that a network that is sure of them has a cost of 0.
        let outputs = problem.scalar.outputs(parameters.map { Double($0) })
        var scalar = problem.scalar
        scalar.targets = outputs.map { row in Double(row.firstIndex(of: row.max() ?? 0) ?? 0) }
        let batch = denseBatch(
          scalar.rows.map { $0.map { Float($0) } }, targets: scalar.targets.map { Float($0) })
        var gradient = [Float](repeating: .nan, count: 12)
        network.inputGradient(batch, of: .margin, into: &gradient)
        let expected = byInputs(scalar, parameters.map { Double($0) }, of: .margin)
        GradientTolerance().expect(gradient, expected, "\(problem.name), \(scale)")
        #expect((0..<4).allSatisfy { row in gradient[(3 * row)..<(3 * row + 3)].contains { $0 != 0 } })
        network.inputGradient(batch, of: .cost, into: &gradient)
        let flat = (0..<4).count { row in gradient[(3 * row)..<(3 * row + 3)].allSatisfy { $0 == 0 } }
        #expect(flat >= sureRows && (flat == 0) == (sureRows == 0), "\(problem.name), \(scale)")
      }
    }
  }

  @Test("A Bayesian network's is the mean over the weights that it draws", arguments: InputObjective.allCases)
  func bayesian(objective input: InputObjective) {
    let likelihood = Likelihood.softmaxCrossEntropy(classes: 3)
    for problem in Problem.all(likelihood) where problem.scalar.architecture.input == .dense(columns: 3) {
      let objective = BayesianNetwork.Objective(
        prior: .gaussian(sigma: 1), klForm: .analytic, likelihood: likelihood, weightSamples: 1)
      var network = BayesianNetwork(
        problem.scalar.architecture, capacity: 9, objective: objective, rhoRange: -1...0,
        stream: RandomStream(seed: 3))
      var copy = network
      var gradient = [Float](repeating: .nan, count: 12)
      network.inputGradient(problem.batch, of: input, draws: 3, into: &gradient)
      var expected = [Double](repeating: 0, count: 12)
      for _ in 0..<3 {
        copy.drawWeights()
        let drawn = byInputs(problem.scalar, copy.drawnWeights.map { Double($0) }, of: input)
        for (index, value) in drawn.enumerated() { expected[index] += value / 3 }
      }
      GradientTolerance().expect(gradient, expected, problem.name)
    }
  }

  /// Differences of the summed objectives by every input.
  private func byInputs(
    _ scalar: ScalarObjective, _ parameters: [Double], of objective: InputObjective = .cost
  ) -> [Double] {
    scalar.gradient(at: Array(scalar.rows.joined())) { inputs in
      var moved = scalar
      moved.rows = (0..<4).map { Array(inputs[(3 * $0)..<(3 * $0 + 3)]) }
      if objective == .cost { return moved.cost(parameters) }
      return zip(moved.outputs(parameters), moved.targets).reduce(0) { sum, row in
        let right = Int(row.1)
        let rival = row.0.indices.filter { $0 != right }.map { row.0[$0] }.max() ?? 0
        return sum + rival - row.0[right]
      }
    }
  }
}

import BanditNumerics
import Foundation
import Testing

@testable import BanditLearning

@Suite("Adversarial training")
struct AdversarialTrainingTests {
  private static let likelihoods: [Likelihood] = [
    .softmaxCrossEntropy(classes: 3), .gaussianMeanVariance, .laplaceMeanScale, .gaussian(sigma: 0.5),
  ]
  private static let radii: [Float] = [0.02, 0.25, 0.5]

  /// The small dense problems, each with a network and training that moves its inputs.
  private func problems(
    _ likelihood: Likelihood, _ method: AdversarialTraining.Method, l2: Double = 0
  ) -> [(Problem, PointNetwork, AdversarialTraining)] {
    Problem.all(likelihood).filter { $0.scalar.architecture.input == .dense(columns: 3) }.map { problem in
      let architecture = problem.scalar.architecture
      var network = PointNetwork(
        architecture, capacity: 9, likelihood: likelihood, l2: l2, stream: RandomStream(seed: 1))
      network.setParameters(normals(2, network.parameters.count).map { 0.4 * $0 })
      let adversary = AdversarialTraining(
        method, radii: Self.radii, architecture: architecture, capacity: 9, stream: RandomStream(seed: 2))
      return (problem, network, adversary)
    }
  }

  /// The problem at moved inputs.
  private func scalar(_ problem: Problem, _ moved: borrowing Minibatch) -> ScalarObjective {
    var result = problem.scalar
    result.rows = (0..<4).map { row in (0..<3).map { Double(moved.features[3 * row + $0]) } }
    return result
  }

  @Test("Inputs, objective and gradient of the fast gradient sign method equal PyTorch's")
  func reference() throws {
    let reference = try ModelReference.shared
    for expected in reference.adversarial {
      let network = reference.networks[expected.network]
      var point = PointNetwork(
        network.architecture, capacity: network.rows.count, likelihood: try expected.likelihood.likelihood(),
        stream: RandomStream(seed: 0))
      point.setParameters(network.means)
      var adversary = AdversarialTraining(
        .fastGradientSign, radii: expected.radii, architecture: network.architecture,
        capacity: network.rows.count, stream: RandomStream(seed: 0))
      let cost = point.computeGradient(network.batch, against: &adversary)
      #expect(abs(cost - expected.cost) < 1e-5 * abs(expected.cost))
      GradientTolerance().expect(adversary.moved.features, expected.moved, "inputs \(expected.network)")
      GradientTolerance().expect(point.lastGradient, expected.gradient, "gradient \(expected.network)")
    }
    #expect(reference.adversarial.count == 3)
  }

  @Test("Divergences of predictions and their derivatives equal PyTorch's")
  func divergences() throws {
    for expected in try ModelReference.shared.divergences {
      let likelihood = try expected.likelihood.likelihood()
      let rows = 6
      let batch = denseBatch(
        Array(repeating: [0], count: rows), targets: Array(repeating: 0, count: rows))
      var slopes = [Float](repeating: .nan, count: rows * likelihood.outputs)
      let total = likelihood.divergence(
        batch, from: expected.from, to: expected.outputs, scale: 1, deltas: &slopes)
      #expect(abs(total - expected.total) < 1e-6 * expected.total, "\(likelihood)")
      GradientTolerance().expect(slopes, expected.slopes, "\(likelihood)")
      var none = slopes
      let nothing = likelihood.divergence(
        batch, from: expected.from, to: expected.from, scale: 1, deltas: &none)
      #expect(abs(nothing) < 1e-12)
      #expect(none.allSatisfy { abs($0) < 1e-6 })
    }
    #expect(try ModelReference.shared.divergences.count == 7)
  }

  @Test("Divergences of logits and widths of any size are finite")
  func extremes() {
    let batch = denseBatch([[0]], targets: [0])
    for (likelihood, from, to) in [
      (Likelihood.softmaxCrossEntropy(classes: 3), [1e4, -1e4, 0] as [Float], [0, 1e3, -1e3] as [Float]),
      (.gaussianMeanVariance, [0, -100], [1, 100]), (.laplaceMeanScale, [0, -100], [1, 100]),
    ] {
      var slopes = [Float](repeating: .nan, count: from.count)
      let value = likelihood.divergence(batch, from: from, to: to, scale: 1, deltas: &slopes)
      #expect(value.isFinite && slopes.allSatisfy { $0.isFinite })
    }
  }

  @Test("The fast gradient sign method's gradient equals finite differences", arguments: likelihoods)
  func fastGradientSign(likelihood: Likelihood) {
    for (problem, network, adversary) in problems(likelihood, .fastGradientSign, l2: 0.1) {
      var (network, adversary) = (network, adversary)
      let parameters = network.parameters.array.map { Double($0) }
      let cost = network.computeGradient(problem.batch, against: &adversary)
      let moved = scalar(problem, adversary.moved)
      func objective(_ parameters: [Double]) -> Double {
        (problem.scalar.penalised(parameters, l2: 0.1, l1: 0) + moved.penalised(parameters, l2: 0.1, l1: 0))
          / 2
      }
      let expected = problem.scalar.gradient(at: parameters, objective)
      GradientTolerance().expect(network.lastGradient, expected, "\(problem.name), \(likelihood)")
      let plain = (problem.scalar.cost(parameters) + moved.cost(parameters)) / 8
      #expect(abs(cost - plain) < 1e-5 * max(1, abs(plain)))
    }
  }

  @Test("Inputs move by whole radii to where the cost is higher")
  func movesUphill() {
    for (problem, network, adversary) in problems(.softmaxCrossEntropy(classes: 3), .fastGradientSign) {
      var (network, adversary) = (network, adversary)
      _ = network.computeGradient(problem.batch, against: &adversary)
      for row in 0..<4 {
        for column in 0..<3 {
          let change = Double(adversary.moved.features[3 * row + column]) - problem.scalar.rows[row][column]
          // The second row counts for nothing, so its cost does not rise anywhere.
          #expect(abs(abs(change) - (row == 1 ? 0 : Double(Self.radii[column]))) < 1e-6)
        }
      }
      let parameters = network.parameters.array.map { Double($0) }
      #expect(scalar(problem, adversary.moved).cost(parameters) > problem.scalar.cost(parameters))
    }
  }

  @Test("The virtual method's gradient equals finite differences, its targets unused in the second part")
  func virtual() {
    for (problem, network, adversary) in problems(.gaussian(sigma: 0.5), .virtual) {
      var (network, adversary) = (network, adversary)
      let parameters = network.parameters.array.map { Double($0) }
      let cost = network.computeGradient(problem.batch, against: &adversary)
      let moved = scalar(problem, adversary.moved)
      let reference = problem.scalar.outputs(parameters)
      func divergence(_ parameters: [Double]) -> Double {
        zip(zip(moved.outputs(parameters), reference), problem.scalar.exampleWeights).reduce(0) {
          $0 + $1.1 * pow($1.0.0[0] - $1.0.1[0], 2) / (2 * 0.25)
        }
      }
      let expected = problem.scalar.gradient(at: parameters) {
        (problem.scalar.cost($0) + divergence($0)) / 4
      }
      GradientTolerance().expect(network.lastGradient, expected, problem.name)
      let plain = (problem.scalar.cost(parameters) + divergence(parameters)) / 4
      #expect(abs(cost - plain) < 1e-5 * max(1, abs(plain)))
      for row in [0, 2, 3] {
        let length = (0..<3).reduce(0.0) {
          $0 + pow((moved.rows[row][$1] - problem.scalar.rows[row][$1]) / Double(Self.radii[$1]), 2)
        }
        #expect(abs(length - 1) < 1e-4)
      }
    }
  }

  @Test("The virtual direction moves predictions more than random directions of the same length")
  func virtualDirection() {
    for (problem, network, adversary) in problems(.softmaxCrossEntropy(classes: 3), .virtual) {
      var (network, adversary) = (network, adversary)
      let parameters = network.parameters.array.map { Double($0) }
      _ = network.computeGradient(problem.batch, against: &adversary)
      func change(_ rows: [[Double]]) -> Double {
        var moved = problem.scalar
        moved.rows = rows
        let (old, new) = (problem.scalar.outputs(parameters), moved.outputs(parameters))
        func probabilities(_ logits: [Double]) -> [Double] {
          let sum = logits.reduce(0) { $0 + exp($1) }
          return logits.map { exp($0) / sum }
        }
        return [0, 2, 3].reduce(0.0) { total, row in
          zip(probabilities(old[row]), probabilities(new[row])).reduce(total) { $0 + $1.0 * log($1.0 / $1.1) }
        }
      }
      let found = change(scalar(problem, adversary.moved).rows)
      var random = 0.0
      for draw in 0..<40 {
        let directions = normals(UInt64(draw), 12)
        random +=
          change(
            (0..<4).map { row in
              let own = directions[(3 * row)..<(3 * row + 3)].map { Double($0) }
              let length = own.reduce(0) { $0 + $1 * $1 }.squareRoot()
              return (0..<3).map { problem.scalar.rows[row][$0] + Double(Self.radii[$0]) * own[$0] / length }
            }) / 40
      }
      #expect(found > 1.2 * random, "\(problem.name)")
    }
  }

  @Test("With radii of 0 the fast gradient sign method is plain training, and both methods learn")
  func learns() {
    let rows = (0..<32).map { [Float($0) / 16 - 1] }
    let batch = denseBatch(rows, targets: rows.map { $0[0] > 0.2 ? 1 : 0 })
    let architecture = NetworkArchitecture(input: .dense(columns: 1), hidden: [8], outputs: 2)
    func training(_ method: AdversarialTraining.Method?, radius: Float) -> [Double] {
      var network = PointNetwork(
        architecture, capacity: 32, likelihood: .softmaxCrossEntropy(classes: 2),
        dropout: Dropout(hidden: 0.25), stream: RandomStream(seed: 3))
      guard let method else { return (0..<200).map { _ in network.step(batch, learningRate: 0.02) } }
      var adversary = AdversarialTraining(
        method, radii: [radius], architecture: architecture, capacity: 32, stream: RandomStream(seed: 4))
      return (0..<200).map { _ in network.step(batch, against: &adversary, learningRate: 0.02) }
    }
    let plain = training(nil, radius: 0)
    let still = training(.fastGradientSign, radius: 0)
    #expect(zip(plain, still).allSatisfy { abs($0 - $1) < 1e-3 })
    for method in AdversarialTraining.Method.allCases {
      let costs = training(method, radius: 0.02)
      #expect(costs[199] < 0.5 * costs[0])
      #expect(costs == training(method, radius: 0.02))
    }
  }

  @Test(
    "A correction restarted every time gives steps of 2, 1 and 0.62 learning rates at a constant gradient")
  func restartedCorrection() {
    var optimiser = Optimiser(.adam, count: 1)
    var parameters: [Float] = [0]
    var steps: [Double] = []
    for _ in 1...300 {
      let before = parameters[0]
      optimiser.restartCorrection()
      optimiser.step(&parameters, gradient: [0.3], learningRate: 0.01)
      steps.append(Double(before - parameters[0]) / 0.01)
    }
    for step in [1, 2, 12, 100, 300] {
      let expected =
        (1 - pow(0.9, Double(step))) / 0.1 / ((1 - pow(0.999, Double(step))) / 0.001).squareRoot()
      #expect(abs(steps[step - 1] - expected) < 1e-3 * expected)
    }
    #expect(abs(steps[11] - 2.07) < 0.01 && abs(steps[99] - 1.025) < 0.01 && abs(steps[299] - 0.62) < 0.01)
  }

  @Test("A start of a given scale is normal with that standard deviation, biases too")
  func initialScale() {
    let architecture = NetworkArchitecture(input: .dense(columns: 50), hidden: [200], outputs: 1)
    let network = PointNetwork(
      architecture, capacity: 1, likelihood: .squaredError, initialScale: 0.1, stream: RandomStream(seed: 5))
    let values = network.parameters.array.map { Double($0) }
    let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    // 10,401 numbers: the standard error of their mean square is 1.4 % of it.
    #expect(abs(square / 0.01 - 1) < 0.06)
    #expect(abs(values.reduce(0, +) / Double(values.count)) < 0.005)
    #expect(network.parameters[architecture.layers[0].biases] != 0)
  }
}

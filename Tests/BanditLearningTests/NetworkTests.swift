import BanditLearning
import BanditNumerics
import Testing

@Suite("Networks and their inputs")
struct NetworkTests {
  @Test("Layers lie one after the other, weights then biases")
  func layout() {
    let architecture = NetworkArchitecture(
      input: .oneHot(columns: 7, maximumActive: 3), hidden: [5, 4], outputs: 1)
    #expect(architecture.layers.map(\.weights) == [0, 40, 64])
    #expect(architecture.layers.map(\.biases) == [35, 60, 68])
    #expect(architecture.layers.map(\.isHidden) == [true, true, false])
    #expect(architecture.parameterCount == 69 && architecture.outputs == 1)
  }

  @Test(
    "A one-hot row gives what the same row gives dense: outputs and gradients",
    arguments: [[], [1], [20, 7], [100, 100]])
  func oneHotEqualsDense(hidden: [Int]) {
    let active: [[Int32]] = [[0, 11, 5], [3], [], [11, 0]]
    let targets: [Float] = [1, -1, 0.5, 3]
    let oneHot = oneHotBatch(active, columns: 12, maximumActive: 3, targets: targets)
    let dense = denseBatch(expanded(active, columns: 12), targets: targets)
    var results: [(outputs: [Float], gradient: [Float])] = []
    for batch in [oneHot, dense] {
      let architecture = NetworkArchitecture(input: batch.encoding, hidden: hidden, outputs: 1)
      var network = PointNetwork(
        architecture, capacity: 4, likelihood: .squaredError, stream: RandomStream(seed: 1))
      _ = network.computeGradient(batch)
      results.append((network.outputs(batch), network.lastGradient))
    }
    // Sums in another order; nothing else differs.
    let tolerance = GradientTolerance(relative: 1e-5, ofLargest: 1e-6)
    tolerance.expect(results[0].outputs, results[1].outputs.map { Double($0) }, "outputs")
    tolerance.expect(results[0].gradient, results[1].gradient.map { Double($0) }, "gradient")
  }

  @Test("An input of zeros gives finite gradients, exactly zero for the first layer's weights")
  func zeroInput() {
    let architecture = NetworkArchitecture(input: .dense(columns: 3), hidden: [6], outputs: 1)
    let batch = denseBatch([[0, 0, 0], [0, 0, 0]], targets: [1, -2])
    let objective = BayesianNetwork.Objective(
      prior: .gaussian(sigma: 1), klForm: .monteCarlo, likelihood: .gaussian(sigma: 0.1), weightSamples: 1)
    var network = BayesianNetwork(
      architecture, capacity: 2, objective: objective, stream: RandomStream(seed: 1))
    let gradient = network.gradient(batch, klWeight: 0, noise: [normals(1, network.parameterCount)])
    #expect(gradient.means[..<18].allSatisfy { $0 == 0 } && gradient.rhos[..<18].allSatisfy { $0 == 0 })
    #expect((gradient.means + gradient.rhos).allSatisfy { $0.isFinite })
    #expect(gradient.means[30] != 0, "the output's bias still learns")
  }

  @Test("A smaller minibatch after a larger one sees nothing of it", arguments: [1, 3, 5])
  func batchSizes(size: Int) {
    let architecture = NetworkArchitecture(input: .dense(columns: 2), hidden: [9, 5], outputs: 1)
    let values = normals(1, 16)
    let rows = (0..<8).map { [values[2 * $0], values[2 * $0 + 1]] }
    let large = denseBatch(rows, targets: Array(values[..<8]))
    let small = denseBatch(Array(rows[..<size]), targets: Array(values[8..<(8 + size)]))
    var used = PointNetwork(
      architecture, capacity: 8, likelihood: .squaredError, stream: RandomStream(seed: 2))
    var fresh = PointNetwork(
      architecture, capacity: size, likelihood: .squaredError, stream: RandomStream(seed: 2))
    _ = used.computeGradient(large)
    #expect(used.computeGradient(small) == fresh.computeGradient(small))
    #expect(used.lastGradient == fresh.lastGradient)
    #expect(used.outputs(large).count == 8 && used.outputs(small) == fresh.outputs(small))
  }

  @Test("A minibatch is refilled from its start, and pads one-hot lists")
  func minibatch() {
    var batch = Minibatch(encoding: .oneHot(columns: 5, maximumActive: 2), capacity: 2)
    batch.append(activeIndices: [4, 1], target: 1, weight: 0.5)
    batch.append(activeIndices: [2])
    batch.removeAll()
    batch.append(activeIndices: [3], target: 7)
    #expect(batch.count == 1 && batch.targets[0] == 7 && batch.exampleWeights[0] == 1)
    #expect(Array(batch.activeIndices[..<2]) == [3, -1])
  }

  @Test("Point networks start as PyTorch's: uniform within one over the root of a layer's inputs")
  func fanIn() {
    let architecture = NetworkArchitecture(input: .dense(columns: 100), hidden: [400], outputs: 1)
    let network = PointNetwork(
      architecture, capacity: 1, likelihood: .squaredError, stream: RandomStream(seed: 3))
    let values = network.parameters.array
    for (layer, bound) in zip(architecture.layers, [0.1, 0.05] as [Float]) {
      let part = values[layer.weights..<(layer.biases + layer.outputs)]
      #expect(part.allSatisfy { $0.magnitude <= bound })
      // The variance of a uniform number is a third of the bound's square; its estimate from 401 has 5 %, five of which
      // make a quarter.
      let variance = part.reduce(0) { $0 + $1 * $1 } / Float(part.count)
      #expect(abs(variance / (bound * bound / 3) - 1) < 0.25)
    }
  }

  @Test("Posteriors start where they are told to")
  func posteriorStart() {
    let architecture = NetworkArchitecture(input: .dense(columns: 100), hidden: [50], outputs: 1)
    func network(_ start: PosteriorInitialisation) -> BayesianNetwork {
      let objective = BayesianNetwork.Objective(
        prior: .gaussian(sigma: 1), klForm: .analytic, likelihood: .squaredError, weightSamples: 1)
      return BayesianNetwork(
        architecture, capacity: 1, objective: objective, initialisation: start, rhoRange: -3...(-2),
        stream: RandomStream(seed: 4))
    }
    let uniform = network(.uniform(meanBound: 0.2))
    #expect(uniform.means.allSatisfy { $0.magnitude <= 0.2 } && (uniform.means.max() ?? 0) > 0.199)
    // log(1 + e⁻³) = 0.04859, log(1 + e⁻²) = 0.12693.
    #expect(uniform.standardDeviations.allSatisfy { $0 > 0.0485 && $0 < 0.127 })
    let fanIn = network(.fanIn)
    #expect(fanIn.means[..<5050].allSatisfy { $0.magnitude <= 0.1 })
    #expect((fanIn.means[5050...].map(\.magnitude).max() ?? 0) > 0.1)
  }
}

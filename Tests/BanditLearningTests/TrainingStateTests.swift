import BanditLearning
import BanditNumerics
import Foundation
import Testing

@Suite("Parameters and training states, out and in")
struct TrainingStateTests {
  private let architecture = NetworkArchitecture(input: .dense(columns: 3), hidden: [5, 4], outputs: 2)
  private let batch = denseBatch((0..<6).map { normals(UInt64($0), 3) }, targets: [1, -1, 0.5, 2, 0, -2])

  private func point(_ seed: UInt64, _ kind: OptimiserKind = .adam, dropout: Dropout = .none) -> PointNetwork
  {
    PointNetwork(
      architecture, capacity: 6, likelihood: .gaussianMeanVariance, dropout: dropout, optimiser: kind,
      momentum: 0.9, weightDecay: 0.1, stream: RandomStream(seed: seed))
  }

  private func bayesian(
    _ seed: UInt64, _ estimator: GradientEstimator = .weightSampling, _ kind: OptimiserKind = .adam
  ) -> BayesianNetwork {
    let objective = BayesianNetwork.Objective(
      prior: .mixture(weight: 0.5, sigma1: 1, sigma2: 0.0025), klForm: .monteCarlo,
      likelihood: .gaussianMeanVariance, weightSamples: 2, estimator: estimator)
    return BayesianNetwork(
      architecture, capacity: 6, objective: objective, optimiser: kind, momentum: 0.9,
      stream: RandomStream(seed: seed))
  }

  @Test("Tensors have PyTorch's names and shapes, and its linear layers give the network's outputs")
  func pointTensors() {
    var network = point(1)
    let tensors = network.tensors
    #expect(
      tensors.map(\.name) == (0..<3).flatMap { ["layers.\($0).weight", "layers.\($0).bias"] })
    #expect(tensors.map(\.shape) == [[5, 3], [5], [4, 5], [4], [2, 4], [2]])
    let outputs = network.outputs(batch)
    for row in 0..<6 {
      var values = normals(UInt64(row), 3)
      for layer in 0..<3 {
        let (weights, biases) = (tensors[2 * layer], tensors[2 * layer + 1])
        let columns = weights.shape[1]
        values = biases.values.indices.map { unit in
          let sum = (0..<columns).reduce(biases.values[unit]) {
            $0 + weights.values[unit * columns + $1] * values[$1]
          }
          return layer < 2 ? max(0, sum) : sum
        }
      }
      for unit in 0..<2 { #expect(abs(values[unit] - outputs[2 * row + unit]) < 1e-5) }
    }
  }

  @Test("Means and ρs of a posterior go out and in")
  func bayesianTensors() throws {
    let network = bayesian(1)
    #expect(
      Set(network.tensors.map(\.name))
        == Set(
          (0..<3).flatMap { layer in
            ["weight.mean", "weight.rho", "bias.mean", "bias.rho"].map { "layers.\(layer).\($0)" }
          }))
    var other = bayesian(2)
    #expect(other.means != network.means)
    try other.load(network.tensors.shuffled())
    #expect(other.means == network.means && other.standardDeviations == network.standardDeviations)
    #expect(other.tensors == network.tensors)
    // The first weight's column by column order, written down once more: [outputs × inputs] in the file.
    let first = try #require(network.tensors.first { $0.name == "layers.0.weight.mean" })
    #expect(first.shape == [5, 3] && first.values[1 * 3 + 2] == network.means[2 * 5 + 1])
  }

  @Test("Tensors that do not fit are refused with their name, and change nothing")
  func refusals() {
    var network = point(1)
    let before = network.parameters.array
    let tensors = network.tensors
    func expect(_ changed: [NamedTensor], _ error: TensorError) {
      #expect(throws: error) { try network.load(changed) }
      #expect(network.parameters.array == before)
      #expect(!error.description.isEmpty)
    }
    func replacing(_ index: Int, name: String? = nil, shape: [Int]? = nil, values: [Float]? = nil)
      -> [NamedTensor]
    {
      var copy = tensors
      copy[index] = NamedTensor(
        name: name ?? copy[index].name, shape: shape ?? copy[index].shape,
        values: values ?? copy[index].values)
      return copy
    }
    expect(Array(tensors.dropLast()), .missing("layers.2.bias"))
    expect(
      tensors + [NamedTensor(name: "layers.3.bias", shape: [1], values: [0])], .unexpected("layers.3.bias"))
    expect(tensors + [tensors[0]], .unexpected("layers.0.weight"))
    expect(
      replacing(0, shape: [3, 5]),
      .wrongShape("layers.0.weight", shape: [3, 5], count: 15, expected: [5, 3]))
    expect(replacing(1, values: [1, 2]), .wrongShape("layers.0.bias", shape: [5], count: 2, expected: [5]))
    expect(replacing(3, values: [0, 0, .nan, 0]), .notFinite("layers.1.bias"))
  }

  @Test(
    "A restored posterior trains on bit for bit, under every estimator and optimiser",
    arguments: GradientEstimator.allCases, OptimiserKind.allCases)
  func bayesianResumes(estimator: GradientEstimator, kind: OptimiserKind) throws {
    var original = bayesian(1, estimator, kind)
    for _ in 0..<10 { _ = original.step(batch, klWeight: 0.1, learningRate: 1e-3) }
    original.drawWeights()
    var other = bayesian(2, estimator, kind)
    try other.load(original.tensors)
    try other.restore(original.trainingState)
    #expect(other.steps == 10 && other.trainingState == original.trainingState)
    for _ in 0..<10 {
      #expect(
        other.step(batch, klWeight: 0.1, learningRate: 1e-3)
          == original.step(batch, klWeight: 0.1, learningRate: 1e-3))
      original.drawWeights()
      other.drawWeights()
      #expect(other.outputs(batch) == original.outputs(batch))
    }
    #expect(other.means == original.means && other.standardDeviations == original.standardDeviations)
  }

  @Test("A restored point network with dropout trains on bit for bit", arguments: OptimiserKind.allCases)
  func pointResumes(kind: OptimiserKind) throws {
    var original = point(1, kind, dropout: Dropout(input: 0.25, hidden: 0.5))
    for _ in 0..<10 { _ = original.step(batch, learningRate: 1e-3) }
    var other = point(2, kind, dropout: Dropout(input: 0.25, hidden: 0.5))
    try other.load(original.tensors)
    try other.restore(original.trainingState)
    for _ in 0..<10 {
      #expect(other.step(batch, learningRate: 1e-3) == original.step(batch, learningRate: 1e-3))
    }
    #expect(other.parameters.array == original.parameters.array && other.steps == 20)
  }

  @Test("Training states that do not fit are refused and change nothing")
  func stateRefusals() {
    var network = point(1)
    _ = network.step(batch, learningRate: 0.1)
    let state = network.trainingState
    func expect(_ change: (inout TrainingState) -> Void) {
      var changed = state
      change(&changed)
      #expect(throws: TensorError.self) { try network.restore(changed) }
      #expect(network.trainingState == state)
    }
    expect { $0.steps = -1 }
    expect { $0.generators.removeLast() }
    expect { $0.generators[0].removeLast() }
    expect { $0.generators[1] = Array(repeating: 0, count: 64) }
    expect { $0.moments.removeLast() }
    expect { $0.moments.append(NamedTensor(name: "more", shape: [1], values: [1])) }
    expect { state in
      let last = state.moments.removeLast()
      state.moments.append(
        NamedTensor(name: last.name, shape: last.shape, values: last.values.map { _ in -1 }))
    }
  }

  @Test("A count of steps beyond reason is restored at once")
  func manySteps() throws {
    var network = point(1)
    var state = network.trainingState
    state.steps = 1 << 53
    try network.restore(state)
    #expect(network.steps == 1 << 53 && network.step(batch, learningRate: 1e-3).isFinite)
  }
}

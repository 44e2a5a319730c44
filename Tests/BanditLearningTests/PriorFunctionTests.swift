import BanditLearning
import BanditNumerics
import Testing

@Suite("Random functions that are added and never learn")
struct PriorFunctionTests {
  private let rows = (0..<9).map { normals(UInt64(20 + $0), 3) }
  private let targets: [Float] = [1, -1, 0.5, 2, 0, -2, 3, 0.25, -0.5]

  private func network(_ likelihood: Likelihood) -> PointNetwork {
    PointNetwork(
      NetworkArchitecture(input: .dense(columns: 3), hidden: [7, 5], outputs: likelihood.outputs),
      capacity: 9, likelihood: likelihood, stream: RandomStream(seed: 1))
  }

  @Test(
    "The gradient on what it leaves is that of the cost of the sum",
    arguments: [Likelihood.squaredError, .gaussian(sigma: 0.5), .laplace(scale: 0.7), .gaussianMeanVariance])
  func gradient(likelihood: Likelihood) {
    var network = network(likelihood)
    var prior = PriorFunction(
      network.architecture, capacity: 9, scale: 1.5, stream: RandomStream(seed: 2))
    var batch = denseBatch(rows, targets: targets)
    let values = prior.outputs(batch)
    prior.subtract(from: &batch)
    _ = network.computeGradient(batch)
    // The objective of the sum, in double precision: a reward less the prior's part is what the network is to say.
    let scalar = ScalarObjective(
      architecture: network.architecture, rows: rows.map { $0.map { Double($0) } },
      targets: zip(targets, values).map { Double($0) - 1.5 * $1 },
      exampleWeights: Array(repeating: 1, count: 9), likelihood: likelihood)
    let expected = scalar.gradient(at: network.parameters.array.map { Double($0) }) {
      scalar.penalised($0, l2: 0, l1: 0, normPenalty: 0)
    }
    GradientTolerance().expect(network.lastGradient, expected, "\(likelihood)")
  }

  @Test("What is added is what was subtracted, and inputs of variance 1 give outputs of about that")
  func values() {
    var squares = 0.0
    for seed in 0..<200 {
      var prior = PriorFunction(
        network(.squaredError).architecture, capacity: 9, scale: 2, stream: RandomStream(seed: UInt64(seed)))
      var batch = denseBatch(rows, targets: targets)
      var sums = Array(repeating: 0.0, count: 9)
      prior.add(batch, to: &sums)
      #expect(sums == prior.outputs(batch).map { 2 * $0 })
      squares += prior.outputs(batch).reduce(0) { $0 + $1 * $1 } / 9
      prior.subtract(from: &batch)
      for (row, sum) in sums.enumerated() {
        #expect(abs(Double(batch.targets[row]) + sum - Double(targets[row])) < 1e-5)
      }
    }
    // The rows' mean square is about 1; over 200 priors the mean's standard error is below 0.1.
    let inputs = rows.joined().reduce(0.0) { $0 + Double($1 * $1) } / 27
    #expect(abs(squares / 200 / inputs - 1) < 0.4)
  }

  @Test("A prior of another stream takes the parameters over")
  func load() throws {
    let architecture = network(.squaredError).architecture
    var one = PriorFunction(architecture, capacity: 9, scale: 1, stream: RandomStream(seed: 1))
    var other = PriorFunction(architecture, capacity: 9, scale: 1, stream: RandomStream(seed: 2))
    let batch = denseBatch(rows, targets: targets)
    #expect(one.outputs(batch) != other.outputs(batch))
    try other.load(one.tensors)
    #expect(one.outputs(batch) == other.outputs(batch))
    #expect(throws: TensorError.self) { try other.load([]) }
  }
}

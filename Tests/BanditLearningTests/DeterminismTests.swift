import BanditLearning
import BanditNumerics
import Testing

@Suite("The same seed gives the same bytes")
struct DeterminismTests {
  static let priors: [WeightPrior] = [
    .gaussian(sigma: 1), .laplace(scale: 0.5), .mixture(weight: 0.5, sigma1: 1, sigma2: 0.0025),
  ]

  @Test("Fifty Bayesian steps repeat bit for bit, and another seed differs", arguments: priors)
  func bayesian(prior: WeightPrior) {
    let runs = [1, 1, 2].map { (seed: UInt64) -> [UInt32] in
      var network = makeNetwork(prior, seed: seed)
      train(&network, steps: 50)
      network.drawWeights()
      let outputs = network.outputs(batch)
      return (network.means + network.standardDeviations + outputs).map(\.bitPattern)
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0] != runs[2])
  }

  @Test("Fifty steps of a point network repeat bit for bit", arguments: OptimiserKind.allCases)
  func point(kind: OptimiserKind) {
    let runs = [1, 1, 2].map { (seed: UInt64) -> [UInt32] in
      var network = PointNetwork(
        batchArchitecture, capacity: 4, likelihood: .squaredError, optimiser: kind, momentum: 0.9,
        weightDecay: 0.1,
        stream: RandomStream(seed: seed))
      for _ in 0..<50 { _ = network.step(batch, learningRate: 1e-3) }
      #expect(network.steps == 50)
      return network.parameters.array.map(\.bitPattern)
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0] != runs[2])
  }

  @Test("The number of threads moves no bit")
  func threads() {
    let architecture = NetworkArchitecture(input: batch.encoding, hidden: [60, 40], outputs: 1)
    let objective = BayesianNetwork.Objective(
      prior: .mixture(weight: 0.5, sigma1: 1, sigma2: 0.0025), klForm: .monteCarlo,
      likelihood: .gaussian(sigma: 1),
      weightSamples: 3)
    let runs = [1, 2, 3, 7].map { (threads: Int) -> [UInt32] in
      var network = BayesianNetwork(
        architecture, capacity: 4, objective: objective, threads: threads, stream: RandomStream(seed: 5))
      for _ in 0..<30 { _ = network.step(batch, klWeight: 0.1, learningRate: 1e-2) }
      return (network.means + network.standardDeviations).map(\.bitPattern)
    }
    for run in runs.dropFirst() { #expect(run == runs[0]) }
  }

  static let inputs: [InputEncoding] = [.oneHot(columns: 60, maximumActive: 3), .dense(columns: 50)]

  @Test(
    "The number of threads moves no bit of a point network", arguments: inputs,
    [Likelihood.squaredError, .softmaxCrossEntropy(classes: 3)])
  func pointThreads(input: InputEncoding, likelihood: Likelihood) {
    let architecture = NetworkArchitecture(input: input, hidden: [70, 1, 100], outputs: likelihood.outputs)
    let batch = randomBatch(input, rows: 37)
    var dropouts = [Dropout.none, Dropout(hidden: 0.5)]
    if case .dense = input { dropouts.append(Dropout(input: 0.2, hidden: 0.5)) }
    for dropout in dropouts {
      let runs = [1, 2, 3, 7].map { (threads: Int) -> [UInt32] in
        // The capacity makes the network large enough for its work to be shared out.
        var network = PointNetwork(
          architecture, capacity: 2_048, likelihood: likelihood, l2: 0.01, l1: 0.001, dropout: dropout,
          threads: threads, stream: RandomStream(seed: 6))
        let costs = (0..<20).map { _ in network.step(batch, learningRate: 1e-2) }
        return network.parameters.array.map(\.bitPattern) + costs.map { Float($0).bitPattern }
      }
      for run in runs.dropFirst() { #expect(run == runs[0]) }
    }
  }

  /// Random rows with targets 0, 1 and 2.
  private func randomBatch(_ input: InputEncoding, rows: Int) -> Minibatch {
    var random = RandomStream(seed: 7)
    var batch = Minibatch(encoding: input, capacity: rows)
    for row in 0..<rows {
      switch input {
      case .oneHot(let columns, let active):
        batch.append(
          activeIndices: (0..<active).map { _ in Int32(random.integer(below: columns)) },
          target: Float(row % 3))
      case .dense(let columns):
        batch.append(
          features: (0..<columns).map { _ in Float(random.uniform(from: -1, to: 1)) }, target: Float(row % 3))
      }
    }
    batch.sortByColumn()
    return batch
  }

  @Test("A copy goes on like its original and does not disturb it")
  func copies() {
    var original = makeNetwork(.gaussian(sigma: 1), seed: 3)
    train(&original, steps: 10)
    var copy = original
    train(&copy, steps: 10)
    let (means, sigmas) = (copy.means, copy.standardDeviations)
    #expect(original.means != means && original.steps == 10)
    train(&original, steps: 10)
    #expect(original.means == means && original.standardDeviations == sigmas && original.steps == 20)
  }

  @Test("Predictions draw from a stream of their own and leave training alone")
  func predictionsAreSeparate() {
    var quiet = makeNetwork(.gaussian(sigma: 1), seed: 4)
    var busy = quiet
    for _ in 0..<20 {
      train(&quiet, steps: 1)
      train(&busy, steps: 1)
      busy.drawWeights()
      let first = busy.outputs(batch)
      busy.drawWeights()
      #expect(busy.outputs(batch) != first, "every draw is new")
    }
    #expect(busy.means == quiet.means && busy.standardDeviations == quiet.standardDeviations)
  }

  @Test("A KL weight below 2^-24 is taken as 0, one of 2^-24 is not", arguments: KLForm.allCases)
  func skippedKL(form: KLForm) {
    let objective = BayesianNetwork.Objective(
      prior: .gaussian(sigma: 0.1), klForm: form, likelihood: .gaussian(sigma: 1), weightSamples: 1)
    var network = BayesianNetwork(
      batchArchitecture, capacity: 4, objective: objective, stream: RandomStream(seed: 5))
    let noise = [normals(1, network.parameterCount)]
    let none = network.gradient(batch, klWeight: 0, noise: noise)
    let below = network.gradient(batch, klWeight: 0x1.fffp-25, noise: noise)
    let least = network.gradient(batch, klWeight: 0x1p-24, noise: noise)
    #expect(below.means == none.means && below.rhos == none.rhos)
    // Column 6 is in no row: the KL alone moves its weights.
    let unused = 30..<35
    #expect(none.means[unused].allSatisfy { $0 == 0 } && least.means[unused].allSatisfy { $0 != 0 })
    #expect(none.rhos[unused].allSatisfy { $0 == 0 } && least.rhos[unused].allSatisfy { $0 != 0 })
  }

  private let batchArchitecture = NetworkArchitecture(
    input: .oneHot(columns: 7, maximumActive: 3), hidden: [5, 4], outputs: 1)
  private let batch = oneHotBatch(
    [[0, 3, 5], [1, 4], [2], [5, 0]], columns: 7, maximumActive: 3, targets: [5, -35, 0, 5])

  private func makeNetwork(_ prior: WeightPrior, seed: UInt64) -> BayesianNetwork {
    let objective = BayesianNetwork.Objective(
      prior: prior, klForm: .monteCarlo, likelihood: .gaussian(sigma: 1), weightSamples: 2)
    return BayesianNetwork(
      batchArchitecture, capacity: 4, objective: objective, stream: RandomStream(seed: seed).child("agent"))
  }

  private func train(_ network: inout BayesianNetwork, steps: Int) {
    for _ in 0..<steps { _ = network.step(batch, klWeight: 0.1, learningRate: 1e-2) }
  }
}

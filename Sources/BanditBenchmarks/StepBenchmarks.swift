import BanditLearning
import BanditNumerics

/// Training steps of networks, at the bandit's sizes, at MNIST's, and as sizes grow.
struct StepBenchmarks {
  private let stopwatch: Stopwatch

  init(_ stopwatch: Stopwatch) { self.stopwatch = stopwatch }

  /// The hot step of the main job: 119-100-100-1, minibatch 64, two samples, mixture prior.
  func hotStep() -> Measurement { bayesian("bbb step", input: mushroom, work: hotWork) }

  /// The steps that are compared with peers.
  func steps() -> [Measurement] {
    [
      hotStep(),
      bayesian("bbb step, 97 columns", input: .oneHot(columns: 97, maximumActive: 23)),
      bayesian("bbb step, closed-form KL", input: mushroom, prior: .gaussian(sigma: 1), klForm: .analytic),
      point("point step", input: mushroom, hidden: [100, 100], rows: 64),
      bayesian("bbb step, 784-400-400-1", input: .dense(columns: 784), hidden: [400, 400], rows: 128),
      bayesian("bbb step, 784-1200-1200-1", input: .dense(columns: 784), hidden: [1_200, 1_200], rows: 128),
      point("point step, 784-400-400-1", input: .dense(columns: 784), hidden: [400, 400], rows: 128),
    ]
  }

  /// How the step's cost grows.
  func growth() -> [Measurement] {
    [50, 100, 200, 400, 800, 1_600].map { units in
      bayesian("bbb step, \(units) hidden units", input: mushroom, hidden: [units, units])
    }
      + [16, 32, 64, 128, 256].map { bayesian("bbb step, minibatch \($0)", input: mushroom, rows: $0) }
      + [1, 2, 4, 8].map { bayesian("bbb step, \($0) weight samples", input: mushroom, samples: $0) }
  }

  private var mushroom: InputEncoding { .oneHot(columns: 119, maximumActive: 23) }

  /// The hot step's work, from the counts of its kernels.
  private var hotWork: Work {
    let parameters = 22_201.0
    func onAll(_ operations: Double, divisions: Double, floats: Double) -> Work {
      let vectors = parameters / 16
      return Work(
        operations: operations * vectors, divisions: divisions * vectors, bytes: 4 * floats * parameters)
    }
    let gather = Work(operations: 64 * 23 * 7, bytes: 4 * 64 * 24 * 100)
    let product = Work(productFlops: 2 * 64 * 100 * 100, bytes: 4 * 22_800)
    let sample =
      onAll(17, divisions: 0.5, floats: 4) + 2 * gather + 3 * product + onAll(20, divisions: 1, floats: 7)
    return 2 * sample + onAll(27, divisions: 1, floats: 3) + onAll(4, divisions: 1, floats: 6)
      + 2 * onAll(7, divisions: 2, floats: 7)
  }

  private func minibatches(_ input: InputEncoding, rows: Int, count: Int) -> [Minibatch] {
    var random = RandomStream(seed: 3)
    return (0..<count).map { _ in
      var batch = Minibatch(encoding: input, capacity: rows)
      for _ in 0..<rows {
        let target = Float(random.uniform(from: -1, to: 1))
        switch input {
        case .oneHot(let columns, let active):
          batch.append(
            activeIndices: (0..<Int32(active)).map {
              Int32(columns / active) * $0 + Int32(random.integer(below: columns / active))
            },
            target: target)
        case .dense(let columns):
          batch.append(features: (0..<columns).map { _ in Float(random.uniform()) }, target: target)
        }
      }
      batch.sortByColumn()
      return batch
    }
  }

  private func bayesian(
    _ name: String, input: InputEncoding, hidden: [Int] = [100, 100], rows: Int = 64, samples: Int = 2,
    prior: WeightPrior = .mixture(weight: 0.5, sigma1: 1, sigma2: 0.0024787521766663585),
    klForm: KLForm = .monteCarlo, work: Work? = nil
  ) -> Measurement {
    let objective = BayesianNetwork.Objective(
      prior: prior, klForm: klForm, likelihood: .gaussian(sigma: 1), weightSamples: samples)
    var network = BayesianNetwork(
      NetworkArchitecture(input: input, hidden: hidden, outputs: 1), capacity: rows, objective: objective,
      stream: RandomStream(seed: 4))
    let batches = minibatches(input, rows: rows, count: hidden[0] > 200 ? 2 : 64)
    return stopwatch.measure(name, calls: batches.count, work: work) {
      for batch in batches { _ = network.step(batch, klWeight: 1 / 64, learningRate: 1e-4) }
    }
  }

  private func point(_ name: String, input: InputEncoding, hidden: [Int], rows: Int) -> Measurement {
    var network = PointNetwork(
      NetworkArchitecture(input: input, hidden: hidden, outputs: 1), capacity: rows,
      likelihood: .squaredError,
      stream: RandomStream(seed: 5))
    let batches = minibatches(input, rows: rows, count: hidden[0] > 200 ? 2 : 64)
    return stopwatch.measure(name, calls: batches.count) {
      for batch in batches { _ = network.step(batch, learningRate: 1e-4) }
    }
  }
}

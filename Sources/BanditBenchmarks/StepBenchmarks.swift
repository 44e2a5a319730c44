import ArgumentParser
import BanditLearning
import BanditNumerics

/// The training steps that are compared with peers; Benchmarks/peers/steps.py has the same under the same names.
enum ComparedStep: String, CaseIterable, ExpressibleByArgument {
  case hot, point, ensemble
  case closedForm = "closed-form"
  case mnist400 = "mnist-400"
  case mnist1200 = "mnist-1200"
  case mnist400Point = "mnist-400-point"
  case mnist1200Point = "mnist-1200-point"
}

/// Training steps of networks, at the bandit's sizes and at MNIST's.
struct StepBenchmarks {
  let stopwatch: Stopwatch
  /// Threads of a step.
  var threads = 1

  /// The steps that are compared with peers.
  func run(_ step: ComparedStep) -> Measurement {
    let name = step.rawValue
    switch step {
    case .hot: return bayesian(name, .mushroom(), work: Self.hotWork)
    case .point: return point(name, .mushroom())
    case .ensemble: return ensemble(name, members: 5)
    case .closedForm: return bayesian(name, .mushroom(), prior: .gaussian(sigma: 1), klForm: .analytic)
    case .mnist400: return bayesian(name, .mnist(400), prior: .gaussian(sigma: 1))
    case .mnist1200: return bayesian(name, .mnist(1_200), prior: .gaussian(sigma: 1))
    case .mnist400Point: return point(name, .mnist(400))
    case .mnist1200Point: return point(name, .mnist(1_200))
    }
  }

  /// A step of Bayes by Backprop; the report's mixture prior if none is given.
  func bayesian(
    _ name: String, _ example: ExampleData, samples: Int = 2,
    prior: WeightPrior = .mixture(weight: 0.5, sigma1: 1, sigma2: 0.0024787521766663585),
    klForm: KLForm = .monteCarlo, work: [Work] = []
  ) -> Measurement {
    let likelihood: Likelihood =
      example.classes > 1 ? .softmaxCrossEntropy(classes: example.classes) : .gaussian(sigma: 1)
    let objective = BayesianNetwork.Objective(
      prior: prior, klForm: klForm, likelihood: likelihood, weightSamples: samples)
    var network = BayesianNetwork(
      example.architecture, capacity: example.rows, objective: objective, threads: threads,
      stream: RandomStream(seed: 4))
    let batches = example.minibatches()
    return stopwatch.measure(name, calls: batches.count, work: work) {
      for batch in batches { _ = network.step(batch, klWeight: 1 / 64, learningRate: 1e-4) }
    }
  }

  /// A step of a network of point estimates.
  func point(_ name: String, _ example: ExampleData) -> Measurement {
    var network = pointNetwork(example, member: 0)
    network.setThreads(threads)
    let batches = example.minibatches()
    return stopwatch.measure(name, calls: batches.count) {
      for batch in batches { _ = network.step(batch, learningRate: 1e-4) }
    }
  }

  /// One step of each of several networks of point estimates, every one on minibatches of its own, side by side.
  func ensemble(_ name: String, members: Int) -> Measurement {
    let example = ExampleData.mushroom()
    var networks = (0..<members).map { pointNetwork(example, member: $0) }
    let batches = (0..<members).map { example.minibatches(seed: 3 + UInt64($0)) }
    let team = ThreadTeam(members: min(threads, members))
    return networks.withUnsafeMutableBufferPointer { networks in
      var job = EnsembleJob(networks: networks, batches: batches, threads: team.members)
      return withUnsafeMutablePointer(to: &job) { job in
        stopwatch.measure(name, calls: batches[0].count) {
          team.run(job) { context, thread in
            context?.assumingMemoryBound(to: EnsembleJob.self).pointee.train(thread: Int(thread))
          }
        }
      }
    }
  }

  /// A round of several networks, shared out to threads as the agent `ensemble` does it.
  private struct EnsembleJob {
    let networks: UnsafeMutableBufferPointer<PointNetwork>
    let batches: [[Minibatch]]
    let threads: Int

    func train(thread: Int) {
      for index in stride(from: thread, to: networks.count, by: threads) {
        for batch in batches[index] { _ = networks[index].step(batch, learningRate: 1e-4) }
      }
    }
  }

  private func pointNetwork(_ example: ExampleData, member: Int) -> PointNetwork {
    PointNetwork(
      example.architecture, capacity: example.rows,
      likelihood: example.classes > 1 ? .softmaxCrossEntropy(classes: example.classes) : .squaredError,
      stream: RandomStream(seed: 5).child("member", member))
  }

  /// The hot step's work, from the counts of its kernels.
  private static var hotWork: [Work] {
    let parameters = 22_201.0
    func onAll(_ operations: Double, divisions: Double = 0, floats: Double) -> Work {
      let vectors = parameters / 16
      return Work(
        operations: operations * vectors, divisions: divisions * vectors, bytes: 4 * floats * parameters)
    }
    let gather = Work(operations: 64 * 23 * 7, bytes: 4 * 64 * 24 * 100)
    let product = Work(productFlops: 2 * 64 * 100 * 100, bytes: 4 * 22_800)
    let draw = onAll(15, divisions: 0.5, floats: 3)
    let accumulate = onAll(19, divisions: 1, floats: 7)
    let sample = [draw, gather, product, product, product, gather, accumulate]
    let finish = onAll(3, floats: 5)
    let adam = onAll(7, divisions: 2, floats: 7)
    let softplus = onAll(25, divisions: 1, floats: 3)
    return sample + sample + [finish, adam, adam, softplus]
  }
}

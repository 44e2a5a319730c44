import BanditAgentKit
import BanditAgents
import BanditCore
import BanditEnvironments
import BanditNumerics

/// How costs grow with sizes.
struct GrowthBenchmarks {
  let stopwatch: Stopwatch
  /// Threads of a step.
  let threads: Int

  /// Measures them all.
  func run() throws -> [Measurement] {
    let steps = StepBenchmarks(stopwatch: stopwatch, threads: threads)
    let hidden = [50, 100, 200, 400, 800, 1_600].map { units in
      steps.bayesian("bbb step, \(units) hidden units", .mushroom(hidden: units))
    }
    let rows = [16, 32, 64, 128, 256].map { steps.bayesian("bbb step, minibatch \($0)", .mushroom(rows: $0)) }
    let samples = [1, 2, 4, 8].map {
      steps.bayesian("bbb step, \($0) weight samples", .mushroom(), samples: $0)
    }
    let members = [1, 2, 5, 10, 20].map { steps.ensemble("ensemble step, \($0) members", members: $0) }
    return hidden + rows + samples + members
      + (try [64, 256, 1_024, 4_096, 16_384, 65_536].map { try update(bufferSize: $0) })
  }

  /// A training round of 64 minibatches of 64 from a full replay buffer.
  private func update(bufferSize: Int) throws -> Measurement {
    var configuration = EpsilonGreedy.Configuration()
    configuration.replay.bufferSize = bufferSize
    var environment = try Mushroom(configuration: .init(), stream: RandomStream(seed: 6))
    var agent = try EpsilonGreedy(
      configuration: configuration, spec: environment.spec, stream: RandomStream(seed: 7))
    agent.setThreads(threads)
    var observation = Observation(environment.spec)
    func next() -> Transition {
      environment.observe(into: &observation)
      let reward = environment.step(0).reward
      return Transition(
        observation: observation, decision: Decision(action: 0, propensity: 1), reward: reward)
    }
    for _ in 0..<bufferSize { try agent.prefill(next()) }
    return try stopwatch.measure("epsilon-greedy update, buffer of \(bufferSize)") {
      try agent.update(next())
    }
  }
}

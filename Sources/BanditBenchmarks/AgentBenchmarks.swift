import BanditAgents
import BanditCore
import BanditEnvironments
import BanditNumerics

/// Every agent's choice and update on the mushrooms, with default settings.
struct AgentBenchmarks {
  private let stopwatch: Stopwatch
  private let threads: Int

  init(_ stopwatch: Stopwatch, threads: Int) {
    self.stopwatch = stopwatch
    self.threads = threads
  }

  /// Measures them all.
  func run() throws -> [Measurement] { try BuiltInAgents.all.flatMap { try measure($0) } }

  private func measure<A: Agent>(_ type: A.Type) throws -> [Measurement] {
    var environment = try Mushroom(configuration: .init(), stream: RandomStream(seed: 6))
    var agent: any Agent = try A(
      configuration: .init(), spec: environment.spec, stream: RandomStream(seed: 7))
    if var parallel = agent as? any ParallelAgent {
      parallel.setThreads(threads)
      agent = parallel
    }
    var observation = Observation(environment.spec)
    environment.observe(into: &observation)
    let decision = try agent.selectAction(for: observation)
    let transition = Transition(
      observation: observation, decision: decision, reward: environment.step(decision.action).reward)
    for _ in 0..<64 { try agent.update(transition) }
    return [
      try stopwatch.measure("\(A.name), choice", calls: 10) {
        for _ in 0..<10 { _ = try agent.selectAction(for: observation) }
      },
      try stopwatch.measure("\(A.name), update") { try agent.update(transition) },
    ]
  }
}

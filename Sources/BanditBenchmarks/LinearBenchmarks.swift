import BanditAgents
import BanditCore
import BanditNumerics

/// A choice and an update of the linear agents on dense contexts; Benchmarks/linear.py has the same in NumPy.
struct LinearBenchmarks {
  let stopwatch: Stopwatch

  /// Measures them all.
  func run() throws -> [Measurement] {
    try [(50, 5), (100, 10), (400, 20)].flatMap { columns, actions in
      [
        try step(LinearThompson.self, columns: columns, actions: actions),
        try step(LinearUCB.self, columns: columns, actions: actions),
      ]
    }
  }

  /// A step after 2,000 others, on normal contexts and rewards.
  private func step<A: Agent>(_ type: A.Type, columns: Int, actions: Int) throws -> Measurement {
    var stream = RandomStream(seed: 8)
    let spec = TaskSpec(
      featureCount: columns, encoding: .dense, actionNames: (0..<actions).map(String.init))
    let observations = (0..<64).map { _ in
      var observation = Observation(spec)
      observation.features = (0..<columns).map { _ in Float(stream.normal()) }
      return observation
    }
    var agent = try A(configuration: .init(), spec: spec, stream: RandomStream(seed: 9))
    func play(_ index: Int) throws {
      let observation = observations[index % observations.count]
      let decision = try agent.selectAction(for: observation)
      try agent.update(Transition(observation: observation, decision: decision, reward: stream.normal()))
    }
    for index in 0..<2_000 { try play(index) }
    return try stopwatch.measure("\(A.name) step, \(columns) columns, \(actions) actions", calls: 64) {
      for index in 0..<64 { try play(index) }
    }
  }
}

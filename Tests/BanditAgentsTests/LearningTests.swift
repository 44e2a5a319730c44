import BanditAgents
import BanditCore
import BanditNumerics
import Testing

@Suite("Learning agents")
struct LearningTests {
  /// As in the report, agents start with random play: a greedy one may otherwise never try a context's best action.
  @Test("A learning agent finds the best action of every context", arguments: learnerNames)
  func learns(name: String) throws {
    for seed in 1...2 as ClosedRange<UInt64> {
      var agent = try #require(try learner(name, seed: seed) as? any PrefilledAgent)
      var task = TableTask(seed: seed)
      for _ in 0..<100 { try agent.prefill(task.randomTransition()) }
      let played = try play(&agent, &task, steps: 600)
      #expect(played.suffix(200).count { $0.isBest } > 180)
    }
  }

  @Test("The same seed gives the same decisions, another seed others", arguments: learnerNames)
  func deterministic(name: String) throws {
    func actions(seed: UInt64) throws -> [Int] {
      var agent = try learner(name, seed: seed)
      var task = TableTask(seed: 3)
      return try play(&agent, &task, steps: 60).map(\.decision.action)
    }
    #expect(try actions(seed: 1) == actions(seed: 1))
    #expect(try actions(seed: 1) != actions(seed: 2))
  }

  @Test("A copy learns by itself, without touching the original", arguments: learnerNames)
  func copies(name: String) throws {
    func later<A: Agent>(_ agent: A, copying: Bool) throws -> [Decision] {
      var agent = agent
      var task = TableTask(seed: 4)
      try play(&agent, &task, steps: 20)
      if copying {
        var copy = agent
        var other = TableTask(seed: 5)
        try play(&copy, &other, steps: 40)
      }
      return try play(&agent, &task, steps: 40).map(\.decision)
    }
    let agent = try learner(name)
    #expect(try later(agent, copying: true) == later(agent, copying: false))
  }

  @Test("Random play is remembered, and training starts with the agent's own steps", arguments: learnerNames)
  func prefill(name: String) throws {
    var agent = try #require(try learner(name, ["prefill=200"]) as? any PrefilledAgent)
    #expect(agent.prefillSteps == 200)
    var task = TableTask(seed: 6)
    for _ in 0..<200 { try agent.prefill(task.randomTransition()) }
    #expect(agent.diagnostics == AgentDiagnostics())
    try play(&agent, &task, steps: 100)
    // 100 rounds over 200 random examples and a few of its own teach the table.
    #expect(try play(&agent, &task, steps: 100).count { $0.isBest } > 90)
  }

  @Test("Rounds come every trainEvery steps and are counted", arguments: learnerNames)
  func rounds(name: String) throws {
    let hasMembers = ["bootstrap", "ensemble", "prior-ensemble"].contains(name)
    var agent = try learner(name, ["trainEvery=3", "minibatches=5"] + (hasMembers ? ["members=4"] : []))
    let stepsARound = hasMembers ? 20 : 5
    var task = TableTask(seed: 7)
    for step in 1...10 {
      try play(&agent, &task, steps: 1)
      #expect(agent.diagnostics.optimiserSteps == step / 3 * stepsARound)
      #expect((agent.diagnostics.loss != nil) == (step >= 3))
    }
  }

  @Test("The learning rate falls with the environment's steps", arguments: learnerNames)
  func schedule(name: String) throws {
    var agent = try learner(name, ["schedule=step", "scheduleEvery=4", "scheduleFactor=0.5"])
    #expect(agent.diagnostics.learningRate == nil)
    var task = TableTask(seed: 8)
    var rates: [Double?] = []
    for _ in 0..<9 {
      try play(&agent, &task, steps: 1)
      rates.append(agent.diagnostics.learningRate)
    }
    #expect(rates == [0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.005, 0.005, 0.0025])
  }

  @Test("Training that runs away is an error, not a network of no numbers", arguments: learnerNames)
  func divergence(name: String) throws {
    var agent = try learner(name, ["learningRate=1e30", "optimiser=sgd"])
    var task = TableTask(seed: 9)
    let error = #expect(throws: (any Error).self) { try play(&agent, &task, steps: 50) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.hasPrefix("training diverged at step ") && text.contains("learningRate"))
  }

  @Test("A dense context is learned from as well", arguments: learnerNames)
  func dense(name: String) throws {
    let spec = TaskSpec(featureCount: 2, encoding: .dense, actionNames: ["a", "b"])
    func play<A: Agent>(_ type: A.Type) throws -> Int {
      let words = smallSettings + (ownSettings[name] ?? [])
      let configuration = try Settings.applying(
        words.map { try Settings.assignment($0) }, to: A.Configuration())
      var agent = try A(configuration: configuration, spec: spec, stream: RandomStream(seed: 1))
      var stream = RandomStream(seed: 2)
      var best = 0
      for step in 0..<600 {
        var observation = Observation(spec)
        observation.features = [Float(stream.uniform(from: -1, to: 1)), 0.5]
        let right = observation.features[0] > 0 ? 0 : 1
        let decision = try agent.selectAction(for: observation)
        try agent.update(
          Transition(
            observation: observation, decision: decision, reward: decision.action == right ? 1 : -1))
        if step >= 400 && decision.action == right { best += 1 }
      }
      return best
    }
    let type = try #require(BuiltInAgents.all.first { $0.name == name })
    #expect(try play(type) > 160)
  }
}

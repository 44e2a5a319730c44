import BanditAgents
import BanditCore
import BanditNumerics
import Testing

@Suite("Dropout as a posterior")
struct MonteCarloDropoutTests {
  @Test("Without dropout it is the greedy agent, bit for bit")
  func greedy() throws {
    var dropout = try make(MonteCarloDropout.self, smallSettings + ["dropoutRate=0"])
    var greedy = try make(EpsilonGreedy.self, smallSettings + ["epsilon=0"])
    var (task, same) = (TableTask(seed: 1), TableTask(seed: 1))
    let actions = try play(&dropout, &task, steps: 60).map(\.decision.action)
    #expect(try actions == play(&greedy, &same, steps: 60).map(\.decision.action))
    #expect(dropout.diagnostics == greedy.diagnostics)
  }

  @Test("Decisions vary with the units that are dropped, the more the higher the rate")
  func varies() throws {
    func switches(_ rate: Double) throws -> Int {
      let agent = try make(MonteCarloDropout.self, smallSettings + ["dropoutRate=\(rate)"])
      return try (0..<6).reduce(0) { sum, context in
        let actions = try decisions(agent, context: context, count: 500).map(\.action)
        return sum + zip(actions, actions.dropFirst()).count { $0 != $1 }
      }
    }
    #expect(try switches(0) == 0)
    #expect(try switches(0.02) > 0)
    #expect(try switches(0.5) > 2 * switches(0.02))
  }

  @Test("What was learned narrows the choice")
  func narrows() throws {
    var agent = try make(MonteCarloDropout.self, smallSettings + ["dropoutRate=0.1"])
    var task = TableTask(seed: 2)
    for _ in 0..<200 { try agent.prefill(task.randomTransition()) }
    let before = try (0..<6).map { context in
      try decisions(agent, context: context, count: 200).count { $0.action == context % 3 }
    }
    try play(&agent, &task, steps: 200)
    let after = try (0..<6).map { context in
      try decisions(agent, context: context, count: 200).count { $0.action == context % 3 }
    }
    #expect(before.reduce(0, +) < 800)
    #expect(after.reduce(0, +) > 1_100)
  }
}

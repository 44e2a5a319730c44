import BanditCore
import BanditSimulation
import Testing

@Suite("Simulation")
struct SimulationTests {
  @Test("Regret, expected regret and their sums are those worked out by hand")
  func regret() throws {
    let (rows, totals) = try play(settings("reader", ["actions=0,1,2,2"], environment: "script", steps: 6))
    // Contexts pay [1, 3, 2], [0, -4, 0], [5, 5, -10] on average; the second, fourth and sixth step get 10 more.
    #expect(rows.map(\.step) == [1, 2, 3, 4, 5, 6])
    #expect(rows.map(\.action) == [0, 1, 2, 2, 0, 1])
    #expect(rows.map(\.optimalAction) == [1, 0, 0, 1, 0, 0])
    #expect(rows.map(\.reward) == [1, 6, -10, 12, 0, 15])
    #expect(rows.map(\.regret) == [2, -6, 15, -9, 0, -10])
    #expect(rows.map(\.expectedRegret) == [2, 4, 15, 1, 0, 0])
    #expect(rows.map(\.cumulativeRegret) == [2, -4, 11, 2, 2, -8])
    #expect(rows.map(\.cumulativeExpectedRegret) == [2, 6, 21, 22, 22, 22])
    #expect(totals.reward == 24)
    // A uniform agent's: (3 - 2) + (0 + 4/3) + (5 - 0), twice.
    let uniform: Double = 44.0 / 3
    #expect(abs(totals.uniformExpectedRegret - uniform) < 1e-12)
    let percent = try #require(totals.percentOfUniform)
    #expect(abs(percent - 150) < 1e-9)
  }

  @Test("Totals are summed, rates are over the last steps of their window")
  func counters() throws {
    let (rows, _) = try play(
      settings("reader", ["actions=2,2,0,0,0,2,0,0"], environment: "script", steps: 10))
    #expect(rows.map { $0.counters[0] } == [1, 2, 2, 2, 2, 3, 3, 3, 4, 5])
    #expect(rows.map { $0.counters[1] } == [1, 1, 2.0 / 3, 0.5, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5])
  }

  @Test("Rows at 1, 2 and 5 times powers of ten are kept")
  func milestones() throws {
    let (_, totals) = try play(settings("reader", environment: "script", steps: 1_234))
    #expect(totals.milestones.map(\.step) == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000])
    #expect(totals.steps == 1_234)
    for step in [3, 4, 11, 15, 25, 30, 101, 110, 4_000] { #expect(!RunTotals.isMilestone(step)) }
  }

  @Test("An action that the task does not have ends the run with the agent's name", arguments: [3, -1])
  func outOfRange(action: Int) throws {
    let settings = try settings("reader", ["actions=0,\(action)"], environment: "script", steps: 10)
    var simulation = try Simulation(settings, registry: registry)
    var rows = 0
    let error = #expect(throws: AgentError.self) { try simulation.run(record: { _ in rows += 1 }) }
    #expect(error?.description == "agent 'reader' chose action \(action); this task's actions are 0 to 2")
    #expect(rows == 1)
  }

  @Test("A run that is asked to stop ends before the next step, with whole totals")
  func stopping() throws {
    var simulation = try Simulation(settings("uniform", steps: 100), registry: registry)
    var rows = 0
    let totals = try simulation.run(record: { _ in rows += 1 }, shouldStop: { rows == 37 })
    #expect(totals.steps == 37 && rows == 37)
  }

  @Test("Agents under one seed meet the same mushrooms, prefilled or not")
  func sameContexts() throws {
    func optimal(_ agent: String, _ words: [String] = [], seed: UInt64 = 4) throws -> [Int] {
      try play(settings(agent, words, steps: 300, seed: seed)).rows.map(\.optimalAction)
    }
    let uniform = try optimal("uniform")
    #expect(try optimal("bbb", smallSettings) == uniform)
    #expect(try optimal("bbb", smallSettings + ["prefill=0"]) == uniform)
    #expect(try optimal("ensemble", smallSettings + ["prefill=500"]) == uniform)
    #expect(try optimal("oracle") == uniform)
    #expect(try optimal("uniform", seed: 5) != uniform)
  }

  @Test("Prefilled steps are no mushrooms of the run's own")
  func prefillIsItsOwn() throws {
    // With prefill in the run's environment, a prefill of 50 would show an agent steps 1 to 50 before step 1.
    let short = try play(settings("epsilon-greedy", smallSettings, steps: 50)).rows
    let long = try play(settings("epsilon-greedy", smallSettings + ["prefill=51"], steps: 50)).rows
    #expect(short.map(\.optimalAction) == long.map(\.optimalAction))
    #expect(short.map(\.diagnostics.loss) != long.map(\.diagnostics.loss))
    #expect(long.first?.step == 1)
  }

  @Test("The same action at the same step gets the same reward, whoever takes it")
  func sameLuck() throws {
    let eater = try play(settings("fixed", ["action=eat"], steps: 500)).rows
    let uniform = try play(settings("uniform", steps: 500)).rows
    for (eaten, row) in zip(eater, uniform) where row.action == 0 { #expect(row.reward == eaten.reward) }
    #expect(uniform.contains { $0.action == 0 })
  }
}

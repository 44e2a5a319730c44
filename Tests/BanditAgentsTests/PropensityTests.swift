import BanditAgents
import BanditCore
import BanditNumerics
import Testing

/// Agents that act by draws, with settings that keep their decisions open.
private let drawing: [(name: String, words: [String])] = [
  ("bbb", smallSettings + ["rhoLow=-1", "rhoHigh=-1"]),
  ("bbb", smallSettings + ["rhoLow=-1", "rhoHigh=-1", "thompson=independent", "actionSamples=2"]),
  ("dropout", smallSettings + ["dropoutRate=0.5"]),
  ("ensemble", smallSettings + ["acting=knowledge"]),
  ("ensemble", smallSettings + ["acting=mixture", "likelihood=gaussian"]),
  ("linear-thompson", []),
  ("neural-linear", smallSettings), ("neural-thompson", smallSettings + ["exploration=1"]),
]

@Suite("Estimated propensities")
struct PropensityTests {
  /// An agent of that name after some steps of the table task.
  private func played(_ name: String, _ words: [String], steps: Int = 12) throws -> any Agent {
    func made<A: Agent>(_ type: A.Type) throws -> any Agent {
      var agent = try make(type, words)
      var task = TableTask(seed: 2)
      try play(&agent, &task, steps: steps)
      return agent
    }
    return try made(Registry(agents: BuiltInAgents.all).agent(named: name))
  }

  @Test("An estimate changes no decision", arguments: drawing.indices)
  func unchanged(index: Int) throws {
    let (name, words) = drawing[index]
    func actions(_ draws: Int) throws -> [Decision] {
      var agent = try played(name, words + ["propensityDraws=\(draws)"], steps: 0)
      var task = TableTask(seed: 3)
      return try play(&agent, &task, steps: 60).map(\.decision)
    }
    let (without, with) = (try actions(0), try actions(9))
    #expect(without.map(\.action) == with.map(\.action))
    #expect(without.allSatisfy { $0.propensity == nil })
    // Its own draw counts, so that none is below 1/10.
    #expect(with.allSatisfy { $0.propensity.map { (0.0999...1).contains($0) } ?? false })
  }

  @Test("An estimate is the share of the decisions in a fixed context", arguments: drawing.indices)
  func right(index: Int) throws {
    let (name, words) = drawing[index]
    let (many, context) = (4_000, 3)
    let plain = try decisions(played(name, words), context: context, count: many)
    let estimated = try decisions(
      played(name, words + ["propensityDraws=\(many)"]), context: context, count: 6)
    #expect(estimated.map(\.action) == plain.prefix(6).map(\.action))
    for decision in estimated {
      let share = Double(plain.count { $0.action == decision.action }) / Double(many)
      // Five standard errors of the difference of two shares of 4,000: 0.056.
      #expect(abs(try #require(decision.propensity) - share) < 0.057)
    }
    #expect(Set(plain.map(\.action)).count > 1)
  }

  @Test("An agent that is resumed estimates as if nothing had been", arguments: drawing.indices)
  func resumed(index: Int) throws {
    let (name, words) = drawing[index]
    func check<A: Checkpointable & Agent>(_ agent: A) throws {
      var agent = agent
      var task = TableTask(seed: 4)
      try play(&agent, &task, steps: 10)
      var other = try make(A.self, words + ["propensityDraws=5"])
      try other.restore(encoded: agent.encodedState(name: "agent"))
      var same = task
      let decisions = try play(&agent, &task, steps: 30).map(\.decision)
      #expect(try decisions == play(&other, &same, steps: 30).map(\.decision))
    }
    let agent = try #require(
      try played(name, words + ["propensityDraws=5"], steps: 0) as? any Agent & Checkpointable)
    try check(agent)
  }

  @Test("Decisions that know their propensity estimate none", arguments: ["member", "mean", "optimistic"])
  func exact(acting: String) throws {
    let words = smallSettings + ["acting=\(acting)"]
    let plain = try decisions(make(Ensemble.self, words), context: 1, count: 20)
    #expect(try decisions(make(Ensemble.self, words + ["propensityDraws=7"]), context: 1, count: 20) == plain)
    #expect(plain.allSatisfy { $0.propensity != nil })
  }

  @Test("A number of draws out of range is refused", arguments: drawing.indices)
  func refused(index: Int) throws {
    for draws in ["-1", "1000001"] {
      let error = #expect(throws: ConfigurationError.self) {
        try played(drawing[index].name, drawing[index].words + ["propensityDraws=\(draws)"])
      }
      #expect(error?.key == "propensityDraws" && error?.given == draws)
    }
  }
}

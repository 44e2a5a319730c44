import BanditAgents
import BanditCore
import Testing

@Suite("Epsilon")
struct EpsilonTests {
  private func agent(_ words: String...) throws -> EpsilonGreedy {
    try make(EpsilonGreedy.self, smallSettings + words)
  }

  /// The action that an agent of this seed takes in a context without exploring.
  private func greedy(_ context: Int) throws -> Int {
    try decisions(agent("epsilon=0"), context: context, count: 1)[0].action
  }

  @Test("A constant epsilon explores that often, and the propensities are those of the draws")
  func constant() throws {
    let count = 9_000
    let greedy = try greedy(2)
    let decisions = try decisions(agent("epsilon=0.3"), context: 2, count: count)
    var total = 0.0
    for action in 0..<3 {
      let expected = action == greedy ? 0.8 : 0.1
      let chosen = decisions.filter { $0.action == action }
      let propensity = try #require(chosen.first?.propensity)
      #expect(abs(propensity - expected) < 1e-12)
      #expect(chosen.allSatisfy { $0.propensity == propensity })
      total += propensity
      // Four standard errors of the largest share, 0.8, in 9,000: 0.017.
      #expect(abs(Double(chosen.count) / Double(count) - expected) < 0.017)
    }
    #expect(abs(total - 1) < 1e-12)
  }

  @Test("Without epsilon the best predicted action is taken for sure, and with 1 any")
  func extremes() throws {
    let sure = try decisions(agent("epsilon=0"), context: 1, count: 200)
    #expect(Set(sure).count == 1 && sure[0].propensity == 1)
    let any = try decisions(agent("epsilon=1"), context: 1, count: 200)
    #expect(Set(any.map(\.action)) == [0, 1, 2])
    #expect(any.allSatisfy { abs(($0.propensity ?? 0) - 1.0 / 3) < 1e-12 })
  }

  @Test("A falling epsilon falls in a line and then stays")
  func falling() throws {
    let greedy = try greedy(0)
    let agent = try agent("epsilon=1", "epsilonFinal=0.25", "epsilonSteps=100")
    for (step, decision) in try decisions(agent, context: 0, count: 300).enumerated() {
      let epsilon = 1 - 0.75 * min(1, Double(step) / 100)
      let expected = decision.action == greedy ? 1 - epsilon * 2 / 3 : epsilon / 3
      #expect(abs((decision.propensity ?? 0) - expected) < 1e-12)
    }
  }

  @Test("epsilonFinal is nothing while epsilonSteps is 0")
  func constantByDefault() throws {
    let decisions = try decisions(agent("epsilon=0", "epsilonFinal=1"), context: 0, count: 100)
    #expect(decisions.allSatisfy { $0.propensity == 1 })
  }

  @Test("Epsilon does not shift the random stream: a small one explores at a part of a large one's steps")
  func coupling() throws {
    let greedy = try greedy(3)
    let rare = try decisions(agent("epsilon=0.1"), context: 3, count: 1_000)
    let often = try decisions(agent("epsilon=0.6"), context: 3, count: 1_000)
    let explored = rare.indices.filter { rare[$0].action != greedy }
    #expect(!explored.isEmpty)
    #expect(explored.allSatisfy { rare[$0].action == often[$0].action })
    #expect(often.count { $0.action != greedy } > explored.count)
  }
}

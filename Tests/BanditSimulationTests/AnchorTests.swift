import BanditSimulation
import Testing

/// Regrets of 50,000 mushrooms that need no simulation: of 8,124 mushrooms 4,208 are edible, an edible one left costs
/// 5, a poisonous one eaten 15 on average.
@Suite("Analytic anchors")
struct AnchorTests {
  private func meanExpectedRegret(_ agent: String, _ words: [String] = []) throws -> Double {
    let seeds = 0..<3 as Range<UInt64>
    let regrets = try seeds.map { seed in
      var simulation = try Simulation(
        settings(agent, words, steps: 50_000, seed: seed), registry: registry)
      return try simulation.run(record: { _ in }).record.cumulativeExpectedRegret
    }
    return regrets.reduce(0, +) / Double(regrets.count)
  }

  // One per cent is more than five standard errors of a mean over three seeds: those are 0.15 to 0.3 %.
  @Test(
    "Fixed and uniform agents reach the regret that can be worked out",
    arguments: [
      ("fixed", ["action=eat"], 361_521), ("fixed", ["action=reject"], 129_493), ("uniform", [], 245_507),
    ] as [(String, [String], Double)])
  func anchors(agent: String, words: [String], anchor: Double) throws {
    let mean = try meanExpectedRegret(agent, words)
    #expect(abs(mean / anchor - 1) < 0.01)
  }

  @Test("The oracle has no expected regret at all")
  func oracle() throws {
    #expect(try meanExpectedRegret("oracle") == 0)
  }

  @Test("The oracle's realised regret is the luck of mushrooms it leaves: none")
  func oracleRealised() throws {
    let rows = try play(settings("oracle", steps: 2_000)).rows
    #expect(rows.allSatisfy { $0.action == $0.optimalAction && $0.regret == 0 })
  }
}

import BanditAgents
import BanditCore
import Foundation
import Testing

@Suite("Boltzmann exploration")
struct BoltzmannTests {
  /// The probability of each action in a context, by what an agent says when it takes it.
  private func probabilities(_ temperature: Double, context: Int) throws -> [Double] {
    let agent = try make(Boltzmann.self, smallSettings + ["temperature=\(temperature)"])
    var probabilities = Array(repeating: 0.0, count: 3)
    for decision in try decisions(agent, context: context, count: 2_000) {
      probabilities[decision.action] = try #require(decision.propensity)
    }
    return probabilities
  }

  @Test("Actions are taken as often as their propensities say, which sum to 1")
  func frequencies() throws {
    try expectPropensitiesAreFrequencies(make(Boltzmann.self, smallSettings + ["temperature=0.3"]))
  }

  @Test("Log-odds are differences of predictions over the temperature")
  func logOdds() throws {
    for context in 0..<6 {
      let cold = try probabilities(0.5, context: context)
      let warm = try probabilities(2, context: context)
      for action in 1..<3 {
        let (coldOdds, warmOdds) = (log(cold[action] / cold[0]), log(warm[action] / warm[0]))
        #expect(abs(coldOdds - 4 * warmOdds) < 1e-12)
        #expect(coldOdds != 0)
      }
    }
  }

  @Test(
    "Cold it is the greedy agent, hot a uniform one",
    arguments: ["likelihood=squared-error", "likelihood=gaussian-head"])
  func extremes(likelihood: String) throws {
    let greedy = try make(EpsilonGreedy.self, smallSettings + [likelihood, "epsilon=0"])
    for context in 0..<6 {
      let cold = try decisions(
        make(Boltzmann.self, smallSettings + [likelihood, "temperature=1e-9"]), context: context, count: 20)
      #expect(try cold == decisions(greedy, context: context, count: 20))
      for probability in try probabilities(1e9, context: context) {
        #expect(abs(probability - 1.0 / 3) < 1e-9)
      }
    }
  }
}

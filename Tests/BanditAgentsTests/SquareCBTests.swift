import BanditCore
import Testing

@testable import BanditAgents

@Suite("SquareCB")
struct SquareCBTests {
  private func probabilities(_ values: [Double], gamma: Double) -> [Double] {
    var probabilities = [Double](repeating: -1, count: values.count)
    SquareCB.weigh(values, gamma: gamma, into: &probabilities)
    return probabilities
  }

  @Test("Probabilities are inverse gaps, and the best action has the rest")
  func inverseGaps() {
    let found = probabilities([1, 3, 2.5], gamma: 4)
    #expect(found[0] == 1 / (3 + 4 * 2.0) && found[2] == 1 / (3 + 4 * 0.5))
    #expect(found[1] == 1 - found[0] - found[2])
  }

  @Test("Tied actions share what the others leave; all tied is uniform, and so is gamma 0")
  func ties() {
    let found = probabilities([2, 2, 1], gamma: 10)
    #expect(found[0] == found[1] && abs(found.reduce(0, +) - 1) < 1e-15)
    #expect(probabilities([5, 5, 5, 5], gamma: 3) == [0.25, 0.25, 0.25, 0.25])
    for probability in probabilities([1, 2, 9], gamma: 0) { #expect(abs(probability - 1.0 / 3) < 1e-15) }
  }

  @Test("Actions are taken as often as their propensities say")
  func frequencies() throws {
    try expectPropensitiesAreFrequencies(
      make(SquareCB.self, smallSettings + ["gamma=3", "gammaExponent=0"]))
  }

  @Test("Gamma grows with the root of the step, and is told as a measurement")
  func growth() throws {
    var agent = try make(SquareCB.self, smallSettings + ["rewardRange=4"])
    #expect(agent.measurementNames == ["gamma"] && agent.diagnostics.measurements.isEmpty)
    for step in 1...9 {
      _ = agent.selectAction(for: TableTask.observation(0))
      #expect(agent.diagnostics.measurements["gamma"] == 10 * Double(step).squareRoot() / 4)
    }
  }
}

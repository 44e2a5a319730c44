import BanditAgentKit
import BanditCore
import BanditLearning
import BanditNumerics
import Foundation
import Testing

@testable import BanditAgents

@Suite("Linear Thompson sampling")
struct LinearThompsonTests {
  /// Regressions of two actions that have seen some steps of an easy task.
  private func regressions() throws -> ActionRegressions {
    var regressions = try ActionRegressions(
      dimension: 3, actionCount: 2, priorPrecision: 0.25, key: "", given: "")
    var stream = RandomStream(seed: 3)
    for _ in 0..<7 {
      let row = [stream.uniform(), stream.uniform(), 1]
      regressions.add(row, action: 1, reward: 2 * row[0] - row[1] + 0.1 * stream.normal())
    }
    return regressions
  }

  @Test("Drawn rewards have the t distribution of the posterior", arguments: [0, 1])
  func draws(action: Int) throws {
    var regressions = try regressions()
    var stream = RandomStream(seed: 4)
    var prior = LinearPriorSettings()
    prior.noiseShape = 3
    let features = [0.3, -0.5, 1]
    let (mean, variance) = regressions.predict(features, action: action)
    let posterior = regressions.posteriors[action]
    let reward = prior.meanReward(of: &regressions, features, action: action)
    // 2a is whole: 6 degrees of freedom without steps, 13 with seven.
    let freedom = action == 0 ? 6 : 13
    let noise = (6 + posterior.residual / 2) / (Double(freedom) / 2)
    let draws = (0..<100_000).map { _ in
      (reward.draw(&stream) - mean)
        / (noise * variance).squareRoot()
    }
    let count = Double(draws.count)
    var distance = 0.0
    for (rank, value) in draws.sorted().enumerated() {
      let middle = StudentT.centralProbability(abs(value), degreesOfFreedom: freedom)
      let expected = value < 0 ? (1 - middle) / 2 : (1 + middle) / 2
      distance = max(distance, expected - Double(rank) / count, Double(rank + 1) / count - expected)
    }
    // P(√n D > 2.23) = 2 exp(−2 · 2.23²) = 1e-4.
    #expect(count.squareRoot() * distance < 2.23)
  }

  @Test("Drawing all weights and multiplying has the same law")
  func weights() throws {
    // Its mean and variance, from the posterior's covariance by columns: Cov = P⁻¹, with P⁻¹ from predictions at
    // unit vectors and their sums.
    var regressions = try regressions()
    func variance(_ features: [Double]) -> Double { regressions.predict(features, action: 1).variance }
    let units = (0..<3).map { index in (0..<3).map { $0 == index ? 1.0 : 0 } }
    let features = [0.3, -0.5, 1]
    var expected = 0.0
    for row in 0..<3 {
      for column in 0..<3 {
        let sum = zip(units[row], units[column]).map(+)
        let covariance = (variance(sum) - variance(units[row]) - variance(units[column])) / 2
        expected += features[row] * features[column] * covariance
      }
    }
    #expect(abs(variance(features) - expected) < 1e-12)
    let mean = zip(regressions.posteriors[1].mean, features).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(regressions.predict(features, action: 1).mean - mean) < 1e-13)
  }

  @Test("Before the first step every action is as likely as another")
  func first() throws {
    let decisions = try decisions(make(LinearThompson.self), context: 2, count: 9_000)
    for action in 0..<3 {
      // Four standard errors of a third in 9,000: 0.02.
      #expect(abs(Double(decisions.count { $0.action == action }) / 9_000 - 1.0 / 3) < 0.02)
    }
    #expect(decisions.allSatisfy { $0.propensity == nil })
  }

  @Test("It finds the best action of every context without random play", arguments: [1, 2] as [UInt64])
  func learns(seed: UInt64) throws {
    var agent = try make(LinearThompson.self, ["noiseScale=0.1"], seed: seed)
    var task = TableTask(seed: seed)
    #expect(try play(&agent, &task, steps: 800).suffix(200).count { $0.isBest } > 190)
  }

  @Test(
    "Settings out of range are refused",
    arguments: ["priorPrecision=0", "noiseShape=0.9", "noiseScale=0", "prefill=-1"])
  func refused(word: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try make(LinearThompson.self, [word]) }
    #expect(try error?.key == Settings.assignment(word).key)
  }

  @Test("Random play is learned from like own steps")
  func prefill() throws {
    func check<A: PrefilledAgent>(_ type: A.Type) throws {
      var shown = try make(type, ["prefill=30"])
      var played = shown
      #expect(shown.prefillSteps == 30)
      var (task, same) = (TableTask(seed: 1), TableTask(seed: 1))
      for _ in 0..<30 {
        try shown.prefill(task.randomTransition())
        try played.update(same.randomTransition())
      }
      let decisions = try play(&shown, &task, steps: 50).map(\.decision)
      #expect(try decisions == play(&played, &same, steps: 50).map(\.decision))
    }
    try check(LinearThompson.self)
    try check(LinearUCB.self)
  }

  @Test("A task whose matrices no memory holds is refused before memory is taken")
  func memory() {
    let spec = TaskSpec(featureCount: 1_000_000, encoding: .dense, actionNames: ["a", "b"])
    let error = #expect(throws: ConfigurationError.self) {
      try LinearThompson(configuration: .init(), spec: spec, stream: RandomStream(seed: 1))
    }
    #expect(
      error?.description
        == "the task: '1000000 features' is not allowed; allowed: at most 23167 features for a regression by each "
        + "of 2 actions.")
  }
}

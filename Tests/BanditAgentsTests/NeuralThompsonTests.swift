import BanditAgentKit
import BanditAgents
import BanditCore
import BanditNumerics
import Testing

@Suite("Thompson sampling by the gradient")
struct NeuralThompsonTests {
  @Test("Without exploration it is epsilon-greedy with epsilon 0, bit for bit")
  func greedy() throws { try expectGreedyWithoutExploration(NeuralThompson.self) }

  @Test("Draws have the deviation nu sqrt(lambda g' Z^-1 g) around the prediction")
  func draws() throws {
    var settings = PointLearnerSettings()
    settings.network.hiddenLayers = [16]
    settings.replay.prefill = 0
    var twin = try GradientLearner(
      settings, priorPrecision: 4, spec: TableTask.spec, stream: RandomStream(seed: 1))
    twin.predict(TableTask.observation(2))
    let agent = try make(
      NeuralThompson.self, ["hiddenLayers=16", "rewardScale=none", "priorPrecision=4", "exploration=0.7"])
    // The share of each action by independent normal draws of the law.
    var stream = RandomStream(seed: 9)
    var expected = [0.0, 0, 0]
    for _ in 0..<20_000 {
      let values = (0..<3).map {
        twin.learner.values[$0] + 0.7 * (4 * twin.variances[$0]).squareRoot() * stream.normal()
      }
      expected[greedyAction(values, ties: &stream)] += 1.0 / 20_000
    }
    let decisions = try decisions(agent, context: 2, count: 20_000)
    for action in 0..<3 {
      // Four standard errors of a difference of shares in 20,000: 0.02.
      let share = Double(decisions.count { $0.action == action }) / 20_000
      #expect(abs(share - expected[action]) < 0.02)
    }
    #expect(decisions.allSatisfy { $0.propensity == nil })
  }
}

/// Expects an agent that does not explore to play as a greedy one.
func expectGreedyWithoutExploration<A: PrefilledAgent>(_ type: A.Type) throws {
  func actions<B: PrefilledAgent>(_ type: B.Type, _ own: String) throws -> [Int] {
    var agent = try make(type, smallSettings + ["rewardScale=none", own])
    var task = TableTask(seed: 1)
    for _ in 0..<30 { try agent.prefill(task.randomTransition()) }
    return try play(&agent, &task, steps: 60).map(\.decision.action)
  }
  let greedy = try actions(EpsilonGreedy.self, "epsilon=0")
  #expect(try actions(type, "exploration=0") == greedy)
  #expect(Set(greedy).count == 3)
}

import BanditAgents
import BanditCore
import BanditNumerics
import Testing

@Suite("Upper confidence bounds by the gradient")
struct NeuralUCBTests {
  private let words = smallSettings + ["rewardScale=none"]

  @Test("Without exploration it is epsilon-greedy with epsilon 0, bit for bit")
  func greedy() throws { try expectGreedyWithoutExploration(NeuralUCB.self) }

  @Test("A wide bound takes an untried action, and the same one no more after many tries")
  func bound() throws {
    var agent = try make(NeuralUCB.self, words + ["exploration=100", "learningRate=1e-30"])
    let context = TableTask.observation(0)
    var counts = [0, 0, 0]
    for _ in 0..<90 {
      let decision = agent.selectAction(for: context)
      counts[decision.action] += 1
      try agent.update(Transition(observation: context, decision: decision, reward: 0))
    }
    // Predictions are small beside the bounds, which fall by tries alone: all actions are tried about alike.
    #expect(counts.allSatisfy { $0 > 10 })
  }

  @Test("The bound is in units of reward: ten times the rewards are played alike under auto")
  func units() throws {
    func actions(_ factor: Double) throws -> [Int] {
      var agent = try make(NeuralUCB.self, smallSettings + ["rewardScale=auto"])
      var task = TableTask(seed: 3)
      return try (0..<80).map { _ in
        let observation = task.observe()
        let decision = agent.selectAction(for: observation)
        try agent.update(
          Transition(
            observation: observation, decision: decision, reward: factor * task.reward(decision.action)))
        return decision.action
      }
    }
    #expect(try actions(1) == actions(1_024))
  }
}

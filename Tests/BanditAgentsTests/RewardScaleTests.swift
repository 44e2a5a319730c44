import BanditAgentKit
import BanditAgents
import BanditCore
import BanditNumerics
import Testing

@Suite("Units of rewards")
struct RewardScaleTests {
  /// Plays a task whose rewards are stretched and moved.
  private func actions(
    _ name: String, _ words: [String], factor: Double = 1, offset: Double = 0
  ) throws -> [Int] {
    var agent = try learner(name, words)
    var task = TableTask(seed: 3)
    return try (0..<80).map { _ in
      let observation = task.observe()
      let decision = try agent.selectAction(for: observation)
      let reward = factor * task.reward(decision.action) + offset
      try agent.update(Transition(observation: observation, decision: decision, reward: reward))
      return decision.action
    }
  }

  @Test("A number divides rewards: the same play for both times it, a power of two", arguments: learnerNames)
  func number(name: String) throws {
    #expect(
      try actions(name, ["rewardScale=none"]) == actions(name, ["rewardScale=1024"], factor: 1_024))
  }

  @Test("Under auto, rewards times a power of two are played alike", arguments: learnerNames)
  func stretched(name: String) throws {
    #expect(try actions(name, ["rewardScale=auto"]) == actions(name, ["rewardScale=auto"], factor: 1_024))
  }

  @Test("Under auto every agent learns rewards around a million", arguments: learnerNames)
  func moved(name: String) throws {
    var agent = try #require(try learner(name, ["rewardScale=auto"]) as? any PrefilledAgent)
    var task = TableTask(seed: 1)
    func moved(_ transition: Transition) -> Transition {
      var transition = transition
      transition.reward = 1e6 + 1_000 * transition.reward
      return transition
    }
    for _ in 0..<100 { try agent.prefill(moved(task.randomTransition())) }
    var best = 0
    for step in 0..<500 {
      let observation = task.observe()
      let decision = try agent.selectAction(for: observation)
      try agent.update(
        moved(Transition(observation: observation, decision: decision, reward: task.reward(decision.action))))
      if step >= 300 && decision.action == task.bestAction { best += 1 }
    }
    #expect(best > 170)
  }

  @Test("Auto is the mean and the population deviation of all rewards seen")
  func statistics() throws {
    var replay = ReplaySettings()
    replay.rewardScale = "auto"
    replay.bufferSize = 4
    var training = try ReplayTraining(spec: TableTask.spec, replay: replay, optimisation: .init())
    #expect(training.rewardScale == .none)
    let rewards = [3.0, -35, 5, 0, 5, 5, -1]
    for reward in rewards {
      training.store(
        Transition(observation: TableTask.observation(1), decision: Decision(action: 0), reward: reward))
    }
    let mean = rewards.reduce(0, +) / 7
    let deviation = (rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 7).squareRoot()
    #expect(abs(training.rewardScale.centre - mean) < 1e-12)
    #expect(abs(training.rewardScale.deviation - deviation) < 1e-12)
    #expect(abs(training.rewardScale.reward(training.rewardScale.scaled(2.5)) - 2.5) < 1e-12)
  }

  @Test("Equal rewards have the deviation 1")
  func constant() throws {
    var replay = ReplaySettings()
    replay.rewardScale = "auto"
    var training = try ReplayTraining(spec: TableTask.spec, replay: replay, optimisation: .init())
    for _ in 0..<9 {
      training.store(
        Transition(observation: TableTask.observation(1), decision: Decision(action: 0), reward: 0.1))
    }
    #expect(abs(training.rewardScale.centre - 0.1) < 1e-15 && training.rewardScale.deviation == 1)
  }

  @Test("A state without rewards, of an earlier version, is resumed as none was")
  func earlier() throws {
    var training = try ReplayTraining(spec: TableTask.spec, replay: .init(), optimisation: .init())
    training.store(
      Transition(observation: TableTask.observation(1), decision: Decision(action: 0), reward: 7))
    let state = training.state
    var restored = try ReplayTraining(spec: TableTask.spec, replay: .init(), optimisation: .init())
    try restored.restore(state)
    #expect(restored.rewardScale == .none)
  }
}

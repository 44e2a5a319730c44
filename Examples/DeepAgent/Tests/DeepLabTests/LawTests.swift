import BanditAgentKit
import BanditSim
import BanditTesting
import Testing

@testable import DeepLab

/// A network that learns in milliseconds.
private func small(challengerShare: Double) -> TopTwo.Configuration {
  var configuration = TopTwo.Configuration(challengerShare: challengerShare)
  configuration.learner.network.hiddenLayers = [8]
  configuration.learner.replay.minibatches = 2
  configuration.learner.replay.batchSize = 8
  configuration.learner.replay.prefill = 20
  return configuration
}

@Test("Top-two keeps the laws of agents, resuming among them", arguments: [0, 0.2, 1])
func laws(challengerShare: Double) {
  #expect(AgentLaws.violations(of: TopTwo.self, configuration: small(challengerShare: challengerShare)) == [])
}

@Test("A challenger is another action than the leader")
func challenger() throws {
  let spec = TaskSpec(featureCount: 2, encoding: .dense, actionNames: ["a", "b", "c"])
  func first(challengerShare: Double) throws -> Int {
    var configuration = small(challengerShare: challengerShare)
    (configuration.learner.posterior.rhoLow, configuration.learner.posterior.rhoHigh) = (0, 0)
    var agent = try TopTwo(configuration: configuration, spec: spec, stream: RandomStream(seed: 1))
    return agent.selectAction(for: Observation(spec)).action
  }
  // From the same stream both draw the same leader first, and so wide a posterior soon another best action.
  #expect(try first(challengerShare: 0) != first(challengerShare: 1))
}

import BanditAgents
import BanditCore
import Testing

@Suite("Randomised prior functions")
struct PriorEnsembleTests {
  @Test("It is the ensemble with masks and priors that acts by a random member, bit for bit")
  func ensemble() throws {
    let shared = smallSettings + ["members=4", "priorScale=0.7", "rewardScale=auto"]
    var prior = try make(PriorEnsemble.self, shared + ["maskProbability=0.3"])
    var ensemble = try make(Ensemble.self, shared + ["bootstrap=0.3", "acting=member"])
    var (task, same) = (TableTask(seed: 1), TableTask(seed: 1))
    let played = try play(&prior, &task, steps: 60).map(\.decision)
    #expect(try played == play(&ensemble, &same, steps: 60).map(\.decision))
    #expect(prior.diagnostics == ensemble.diagnostics && prior.diagnostics.loss != nil)
  }

  @Test("A scale of 0 is the bootstrap without priors, bit for bit")
  func withoutPriors() throws {
    let shared = smallSettings + ["members=4"]
    var prior = try make(PriorEnsemble.self, shared + ["priorScale=0", "rewardScale=none"])
    var bootstrap = try make(Bootstrap.self, shared)
    var (task, same) = (TableTask(seed: 1), TableTask(seed: 1))
    #expect(
      try play(&prior, &task, steps: 60).map(\.decision)
        == play(&bootstrap, &same, steps: 60).map(\.decision))
  }

  @Test("What was never seen is disputed by wide priors, and what was seen often is not")
  func disagreement() throws {
    func spread(_ agent: inout Ensemble, context: Int) -> Double {
      // Members first, then their priors, which are not multiplied.
      let outputs = agent.networkOutputs(for: TableTask.observation(context))
      let values = (0..<10).map { outputs[$0][0] + 5 * outputs[10 + $0][0] }
      let mean = values.reduce(0, +) / 10
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10).squareRoot()
    }
    var agent = try make(Ensemble.self, smallSettings + ["members=10", "priorScale=5"])
    let seen = TableTask.observation(0)
    let before = spread(&agent, context: 0)
    for _ in 0..<150 {
      try agent.update(Transition(observation: seen, decision: Decision(action: 0), reward: 1))
    }
    #expect(spread(&agent, context: 0) < before / 10)
    #expect(spread(&agent, context: 3) > 5 * spread(&agent, context: 0))
  }

  @Test("A state with priors is refused where there are none, and the other way round")
  func states() throws {
    let with = try make(Ensemble.self, smallSettings + ["priorScale=1"])
    let without = try make(Ensemble.self, smallSettings)
    var (one, other) = (with, without)
    #expect(throws: (any Error).self) { try one.restore(without.state) }
    #expect(throws: (any Error).self) { try other.restore(with.state) }
  }
}

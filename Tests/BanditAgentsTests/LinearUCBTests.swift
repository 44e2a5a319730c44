import BanditAgents
import BanditCore
import BanditNumerics
import Foundation
import Testing

@Suite("Linear upper confidence bounds")
struct LinearUCBTests {
  private struct Reference: Decodable {
    struct Play: Decodable {
      var alpha: Double
      var precision: Double
      var actions: [Int]
    }

    var contexts: [[Float]]
    var rewards: [[Double]]
    var plays: [Play]
  }

  @Test("Every action of 300 steps is that of Li et al.'s algorithm in NumPy")
  func reference() throws {
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(PackageResources.reference_linear_ucb_json))
    let spec = TaskSpec(
      featureCount: reference.contexts[0].count, encoding: .dense, actionNames: ["a", "b", "c"])
    for play in reference.plays {
      var configuration = LinearUCB.Configuration()
      configuration.alpha = play.alpha
      configuration.priorPrecision = play.precision
      var agent = try LinearUCB(configuration: configuration, spec: spec, stream: RandomStream(seed: 1))
      var actions: [Int] = []
      for (step, context) in reference.contexts.enumerated() {
        var observation = Observation(spec)
        observation.features = context
        var decision = agent.selectAction(for: observation)
        // While actions are untried their bounds are equal: NumPy's script takes the last of them, the agent any.
        if let propensity = decision.propensity, propensity < 1 {
          #expect(step < 2 && propensity == 1 / Double(3 - step))
          decision.action = play.actions[step]
        }
        agent.update(
          Transition(
            observation: observation, decision: decision, reward: reference.rewards[step][decision.action]))
        actions.append(decision.action)
      }
      #expect(actions == play.actions)
    }
    #expect(reference.plays.count == 4)
  }

  @Test("It finds the best action of every context without random play")
  func learns() throws {
    var agent = try make(LinearUCB.self)
    var task = TableTask(seed: 1)
    #expect(try play(&agent, &task, steps: 600).suffix(200).count { $0.isBest } == 200)
  }

  @Test("A negative alpha and a penalty of 0 are refused", arguments: ["alpha=-1", "priorPrecision=0"])
  func refused(word: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try make(LinearUCB.self, [word]) }
    #expect(try error?.key == Settings.assignment(word).key)
  }
}

import BanditAgentKit
import BanditSim

/// Top-two Thompson sampling over a network's posterior: the best action under drawn weights, or a challenger of it.
///
/// The challenger is the best action under the first further draw that has another best action.
///
/// Source: Russo 2016, Simple Bayesian Algorithms for Best Arm Identification.
struct TopTwo: PrefilledAgent, ParallelAgent, Checkpointable {
  struct Configuration: ComponentConfiguration {
    var challengerShare = 0.2
    var mostDraws = 20
    var learner = PosteriorLearnerSettings()
  }

  static let name = "top-two"
  static let description = ComponentDescription(
    summary: "A network's posterior under top-two Thompson sampling.",
    settings: [
      "challengerShare": "chance that the challenger is taken",
      "mostDraws": "draws after which a challenger is given up",
    ]
    .merging(PosteriorLearnerSettings.help) { own, _ in own })

  let configuration: Configuration
  var learner: PosteriorLearner
  var coins: RandomStream
  var ties: RandomStream

  init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    let (share, draws) = (configuration.challengerShare, configuration.mostDraws)
    try ConfigurationError.require(
      (0...1).contains(share), key: "challengerShare", given: share, allowed: "from 0 to 1")
    try ConfigurationError.require(draws > 0, key: "mostDraws", given: draws, allowed: "1 or more")
    self.configuration = configuration
    learner = try PosteriorLearner(configuration.learner, spec: spec, stream: stream)
    (coins, ties) = (stream.child("coins"), stream.child("ties"))
  }

  mutating func selectAction(for observation: Observation) -> Decision {
    let leader = best(for: observation)
    guard coins.bernoulli(configuration.challengerShare) else { return Decision(action: leader) }
    for _ in 0..<configuration.mostDraws {
      let challenger = best(for: observation)
      if challenger != leader { return Decision(action: challenger) }
    }
    return Decision(action: leader)
  }

  /// The best action under newly drawn weights.
  private mutating func best(for observation: Observation) -> Int {
    learner.predictSample(observation)
    return greedyAction(learner.values, ties: &ties)
  }

  mutating func update(_ transition: Transition) throws { try learner.update(transition) }
  mutating func setThreads(_ count: Int) { learner.setThreads(count) }
  mutating func prefill(_ transition: Transition) { learner.prefill(transition) }
  var prefillSteps: Int { learner.training.replay.prefill }
  var diagnostics: AgentDiagnostics { learner.training.diagnostics }

  struct State: Codable {
    let learner: PosteriorLearner.State
    let coins: RandomStream
    let ties: RandomStream
  }

  var state: State { State(learner: learner.state, coins: coins, ties: ties) }

  mutating func restore(_ state: State) throws {
    try learner.restore(state.learner)
    (coins, ties) = (state.coins, state.ties)
  }
}

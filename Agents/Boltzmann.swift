public import BanditAgentKit
public import BanditCore
public import BanditNumerics
import Foundation

/// A network of point estimates; takes actions with probabilities that grow exponentially with predicted rewards.
///
/// Sources: Kaelbling, Littman & Moore 1996, §2.2.2; Cesa-Bianchi, Gentile, Lugosi & Neu 2017, equation 1.
///
/// *Deviations*: see `description`.
public struct Boltzmann: PrefilledAgent, ProbabilityAgent, ParallelAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// T, in the networks' units of reward: a difference of T makes an action e times as likely.
    public var temperature = 1.0
    /// Network, memory and training.
    public var learner = PointLearnerSettings()

    /// Temperature 1.
    public init() {}
  }

  /// `boltzmann`.
  public static let name = "boltzmann"

  private let temperature: Double
  private let cost: PointCostSettings
  private var learner: PointLearner
  private var choosing: RandomStream
  private var probabilities: [Double]

  /// Creates the agent; the network starts random.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    try ConfigurationError.require(
      configuration.temperature > 0, key: "temperature", given: configuration.temperature, allowed: "above 0")
    temperature = configuration.temperature
    cost = configuration.learner.cost
    learner = try PointLearner(configuration.learner, spec: spec, stream: stream)
    choosing = stream.child("choosing")
    probabilities = Array(repeating: 0, count: spec.actionCount)
  }

  /// Draws an action with probability in proportion to exp(predicted reward / T).
  public mutating func selectAction(for observation: Observation) -> Decision {
    learner.predict(observation)
    setProbabilities()
    return drawnDecision(probabilities, from: &choosing)
  }

  /// The softmax of the predicted rewards.
  public mutating func probabilities(for observation: Observation) -> [Double] {
    learner.predict(observation)
    setProbabilities()
    return probabilities
  }

  /// Remembers the step and trains when a round is due.
  public mutating func update(_ transition: Transition) throws { try learner.update(transition) }

  /// Sets how many threads a training step may use.
  public mutating func setThreads(_ count: Int) { learner.setThreads(count) }

  /// The number of random steps to be shown.
  public var prefillSteps: Int { learner.training.replay.prefill }

  /// Remembers a step of random play.
  public mutating func prefill(_ transition: Transition) throws { learner.prefill(transition) }

  /// The loss, the learning rate and the optimiser's steps.
  public var diagnostics: AgentDiagnostics { learner.training.diagnostics }

  /// Network, memory and generators.
  public struct State: Codable, Sendable {
    let learner: PointLearner.State
    let choosing: RandomStream
  }

  /// What the agent can be resumed from.
  public var state: State { State(learner: learner.state, choosing: choosing) }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    try learner.restore(state.learner)
    choosing = state.choosing
  }

  private mutating func setProbabilities() {
    let best = learner.values.max() ?? 0
    let temperature = temperature * learner.training.rewardScale.deviation
    var total = 0.0
    for (action, value) in learner.values.enumerated() {
      probabilities[action] = exp((value - best) / temperature)
      total += probabilities[action]
    }
    for action in probabilities.indices { probabilities[action] /= total }
  }
}

extension Boltzmann: NetworkAgent {
  /// The network.
  public var exportedNetwork: ExportedNetwork {
    learner.exported(
      cost, acting: "an action with probability in proportion to exp(output / temperature \(temperature))")
  }

  /// The network's outputs.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    learner.networkOutputs(for: observation)
  }
}

extension Boltzmann {
  /// What serves environments of all kinds.
  public static let presets = [StandardSettings.preset(["temperature=0.05"])]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "A network of point estimates; the better a predicted reward, the likelier its action (softmax).",
    paper: """
      Kaelbling, Littman, Moore 1996, Reinforcement Learning: A Survey, §2.2.2; Cesa-Bianchi, Gentile, Lugosi, Neu \
      2017, Boltzmann Exploration Done Right
      """,
    deviations: """
      The temperature is constant; both sources let it fall. A network predicts the rewards, where Cesa-Bianchi et \
      al. have a mean for each action and no context.
      """,
    settings: [
      "temperature": "in the networks' units of reward: a difference of it makes an action e times as likely"
    ]
    .merging(PointLearnerSettings.help) { own, _ in own }
  )
}

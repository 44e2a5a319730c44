public import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics
import Foundation

/// A network of point estimates; the further an action's predicted reward is from the best, the less likely it is.
///
/// Inverse gap weighting: an action whose prediction is Δ below the best has the probability 1/(K + γΔ), K the number
/// of actions; the best one has the rest.
///
/// Sources: Foster & Rakhlin 2020, algorithm 1; Abe & Long 1999 for the weighting.
///
/// *Deviations*: see `description`.
public struct SquareCB: PrefilledAgent, ProbabilityAgent, ParallelAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// γ at the first step, for rewards between 0 and 1.
    public var gamma = 10.0
    /// The power of the step with which γ grows.
    public var gammaExponent = 0.5
    /// The largest reward less the smallest, in the networks' units: γ is divided by it.
    public var rewardRange = 1.0
    /// Network, memory and training.
    public var learner = PointLearnerSettings()

    /// γ = 10 √t, for rewards between 0 and 1.
    public init() {}
  }

  /// `squarecb`.
  public static let name = "squarecb"

  private let configuration: Configuration
  private var learner: PointLearner
  private var choosing: RandomStream
  private var probabilities: [Double]
  private var steps = 0

  /// Creates the agent; the network starts random.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    for (key, value) in [("gamma", configuration.gamma), ("rewardRange", configuration.rewardRange)] {
      try ConfigurationError.require(value > 0, key: key, given: value, allowed: "above 0")
    }
    try ConfigurationError.require(
      (0...4).contains(configuration.gammaExponent), key: "gammaExponent", given: configuration.gammaExponent,
      allowed: "0 (constant) to 4")
    self.configuration = configuration
    learner = try PointLearner(configuration.learner, spec: spec, stream: stream)
    choosing = stream.child("choosing")
    probabilities = Array(repeating: 0, count: spec.actionCount)
  }

  /// Draws an action by its inverse gap.
  public mutating func selectAction(for observation: Observation) -> Decision {
    learner.predict(observation)
    steps += 1
    Self.weigh(learner.values, gamma: gamma, into: &probabilities)
    return drawnDecision(probabilities, from: &choosing)
  }

  /// The inverse gap weights.
  public mutating func probabilities(for observation: Observation) -> [Double] {
    _ = selectAction(for: observation)
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

  /// `gamma`: γ of the step at hand.
  public var measurementNames: [String] { ["gamma"] }

  /// The loss, the learning rate, the optimiser's steps and γ.
  public var diagnostics: AgentDiagnostics {
    var diagnostics = learner.training.diagnostics
    if steps > 0 { diagnostics.measurements["gamma"] = gamma }
    return diagnostics
  }

  /// Network, memory, generators and the step.
  public struct State: Codable, Sendable {
    let learner: PointLearner.State
    let choosing: RandomStream
    let steps: Int
  }

  /// What the agent can be resumed from.
  public var state: State { State(learner: learner.state, choosing: choosing, steps: steps) }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    try TensorError.requireCount(state.steps, "steps")
    try learner.restore(state.learner)
    (choosing, steps) = (state.choosing, state.steps)
  }

  private var gamma: Double {
    configuration.gamma * pow(Double(steps), configuration.gammaExponent)
      / (configuration.rewardRange * learner.training.rewardScale.deviation)
  }

  /// The probability of each action; equals that are best share what the others leave.
  static func weigh(_ values: [Double], gamma: Double, into probabilities: inout [Double]) {
    let best = values.max() ?? 0
    var left = 1.0
    var ties = 0.0
    for (action, value) in values.enumerated() {
      if value == best {
        ties += 1
      } else {
        probabilities[action] = 1 / (Double(values.count) + gamma * (best - value))
        left -= probabilities[action]
      }
    }
    for (action, value) in values.enumerated() where value == best { probabilities[action] = left / ties }
  }
}

extension SquareCB: NetworkAgent {
  /// The network.
  public var exportedNetwork: ExportedNetwork {
    learner.exported(
      configuration.learner.cost,
      acting:
        "an action with probability 1 / (actions + gamma (largest output - its output)), the best with the rest; gamma grows with the step"
    )
  }

  /// The network's outputs.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    learner.networkOutputs(for: observation)
  }
}

extension SquareCB {
  /// γ on the scale of an environment's rewards.
  public static let presets = [
    Preset(
      name: "mushroom", summary: "rewards between -35 and 5", settings: ["rewardRange=40"]),
    StandardSettings.preset(["rewardRange=2"]),
  ]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "A network of point estimates; an action's probability falls with its gap to the best prediction (SquareCB).",
    paper: """
      Foster, Rakhlin 2020, Beyond UCB: Optimal and Efficient Contextual Bandits with Regression Oracles, algorithm 1; \
      Abe, Long 1999, Associative Reinforcement Learning using Linear Probabilistic Concepts
      """,
    deviations: """
      The paper's gamma is a constant made for a known number of steps and a known regret of the regression; here it \
      grows with a power of the step, so that neither need be known. The regression oracle is a network trained on \
      replayed steps; the paper's proof asks for one that learns online. Actions tied for the best share its \
      probability.
      """,
    settings: [
      "gamma": "how fast probabilities fall with the gap, at the first step",
      "gammaExponent": "power of the step with which gamma grows; 0 for a constant",
      "rewardRange": "largest reward less the smallest, in the networks' units: gamma is divided by it",
    ]
    .merging(PointLearnerSettings.help) { own, _ in own })
}

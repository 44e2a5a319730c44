public import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics

/// A network of point estimates; takes the highest upper confidence bound by the gradient of its output.
///
/// Source: Zhou, Li & Gu 2020, algorithm 1.
///
/// *Deviations*: see `description`.
public struct NeuralUCB: PrefilledAgent, ParallelAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// γ: what a bound adds is γ √(gᵀZ⁻¹g), in the networks' units of reward.
    public var exploration = 0.05
    /// λ: Z starts as this times the identity.
    public var priorPrecision = 0.01
    /// Network, memory and training.
    public var learner = PointLearnerSettings.standard

    /// The kit's standard training.
    public init() {}
  }

  /// `neural-ucb`.
  public static let name = "neural-ucb"

  private let configuration: Configuration
  private var gradients: GradientLearner
  private var values: [Double]
  private var ties: RandomStream

  /// Creates the agent; the network starts random.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    try ConfigurationError.require(
      configuration.exploration >= 0, key: "exploration", given: configuration.exploration,
      allowed: "0 or more")
    self.configuration = configuration
    gradients = try GradientLearner(
      configuration.learner, priorPrecision: configuration.priorPrecision, spec: spec, stream: stream)
    values = Array(repeating: 0, count: spec.actionCount)
    ties = stream.child("ties")
  }

  /// Takes the action with the highest bound.
  public mutating func selectAction(for observation: Observation) -> Decision {
    gradients.predict(observation)
    let width = configuration.exploration * gradients.learner.training.rewardScale.deviation
    for action in values.indices {
      values[action] = gradients.learner.values[action] + width * gradients.variances[action].squareRoot()
    }
    let action = greedyAction(values, ties: &ties)
    return Decision(action: action, propensity: greedyShare(values, of: action))
  }

  /// Adds the step's gradient, remembers the step and trains when a round is due.
  public mutating func update(_ transition: Transition) throws { try gradients.update(transition) }

  /// Sets how many threads a training step may use.
  public mutating func setThreads(_ count: Int) { gradients.learner.setThreads(count) }

  /// The number of random steps to be shown.
  public var prefillSteps: Int { gradients.learner.training.replay.prefill }

  /// Adds and remembers a step of random play.
  public mutating func prefill(_ transition: Transition) throws { gradients.prefill(transition) }

  /// The loss, the learning rate and the optimiser's steps.
  public var diagnostics: AgentDiagnostics { gradients.learner.training.diagnostics }

  /// Network, memory, gradients and generator.
  public struct State: Codable, Sendable {
    let gradients: GradientLearner.State
    let ties: RandomStream
  }

  /// What the agent can be resumed from.
  public var state: State { State(gradients: gradients.state, ties: ties) }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    try gradients.restore(state.gradients)
    ties = state.ties
  }
}

extension NeuralUCB: NetworkAgent {
  /// The network.
  public var exportedNetwork: ExportedNetwork {
    gradients.learner.exported(
      configuration.learner.cost,
      acting:
        "the action with the largest output plus exploration sqrt(g' Z^-1 g), g the output's gradient by all parameters and Z a diagonal that is not exported; of equals a random one"
    )
  }

  /// The network's outputs.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    gradients.learner.networkOutputs(for: observation)
  }
}

extension NeuralUCB {
  /// What the defaults are, under the name that all agents with a network have.
  public static let presets = [StandardSettings.preset()]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "A network of point estimates; takes the highest upper confidence bound by its output's gradient.",
    paper: "Zhou, Li, Gu 2020, Neural Contextual Bandits with UCB-based Exploration, algorithm 1",
    deviations: GradientLearner.deviations,
    settings: [
      "exploration": "gamma: a bound adds this times the root of g' Z^-1 g, in the networks' units of reward"
    ]
    .merging(GradientLearner.help) { own, _ in own })
}

extension GradientLearner {
  /// Lines on the settings of agents with such a learner.
  static let help = ["priorPrecision": "lambda: Z starts as this times the identity"]
    .merging(PointLearnerSettings.help) { own, _ in own }

  /// What agents with such a learner have in common.
  static let deviations = """
    Z is its diagonal alone, as in the authors' experiments. One network takes the context and a column for each \
    action; the authors repeat the context once an action. It has biases and no factor of the root of m (the width): \
    the paper's network is root m times one, and its g / root m is this one's gradient. The network starts at \
    random and not at an output of 0. It is trained by minibatches of replayed steps, where the paper descends the \
    whole cost from its start at every step with a penalty on the distance from there (l2 is one on the distance from 0).
    """
}

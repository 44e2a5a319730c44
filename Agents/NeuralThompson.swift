public import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics

/// A network of point estimates; draws each action's reward around its prediction, by the gradient of its output.
///
/// Source: Zhang, Zhou, Li & Gu 2021, algorithm 1.
///
/// *Deviations*: see `description`.
public struct NeuralThompson: PrefilledAgent, ParallelAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// ν: a draw's standard deviation is ν √(λ gᵀZ⁻¹g), in the networks' units of reward.
    public var exploration = 0.5
    /// λ: Z starts as this times the identity.
    public var priorPrecision = 0.01
    /// The estimates of propensities.
    public var propensity = PropensitySettings()
    /// Network, memory and training.
    public var learner = PointLearnerSettings.standard

    /// The kit's standard training.
    public init() {}
  }

  /// `neural-thompson`.
  public static let name = "neural-thompson"

  private let configuration: Configuration
  private var gradients: GradientLearner
  private var drawing: RandomStream
  private var ties: RandomStream
  /// The draws that propensities are estimated from.
  private var estimating: RandomStream

  /// Creates the agent; the network starts random.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    try ConfigurationError.require(
      configuration.exploration >= 0, key: "exploration", given: configuration.exploration,
      allowed: "0 or more")
    _ = try configuration.propensity.validated()
    self.configuration = configuration
    gradients = try GradientLearner(
      configuration.learner, priorPrecision: configuration.priorPrecision, spec: spec, stream: stream)
    drawing = stream.child("drawing")
    ties = stream.child("ties")
    estimating = stream.child("propensity")
  }

  /// Draws a reward for every action and takes the best.
  public mutating func selectAction(for observation: Observation) -> Decision {
    gradients.predict(observation)
    let width =
      configuration.exploration * configuration.priorPrecision.squareRoot()
      * gradients.learner.training.rewardScale.deviation
    let rewards = zip(gradients.learner.values, gradients.variances).map { value, variance in
      (mean: value, deviation: width * variance.squareRoot())
    }
    let action = greedyAction(rewards.map { $0.mean + $0.deviation * drawing.normal() }, ties: &ties)
    let settings = configuration.propensity
    let propensity = settings.estimate(of: action) {
      rewards.map { $0.mean + $0.deviation * estimating.normal() }
    }
    return Decision(action: action, propensity: propensity)
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

  /// Network, memory, gradients and generators.
  public struct State: Codable, Sendable {
    let gradients: GradientLearner.State
    let drawing: RandomStream
    let ties: RandomStream
    let estimating: RandomStream
  }

  /// What the agent can be resumed from.
  public var state: State {
    State(gradients: gradients.state, drawing: drawing, ties: ties, estimating: estimating)
  }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    try gradients.restore(state.gradients)
    (drawing, ties, estimating) = (state.drawing, state.ties, state.estimating)
  }
}

extension NeuralThompson: NetworkAgent {
  /// The network.
  public var exportedNetwork: ExportedNetwork {
    gradients.learner.exported(
      configuration.learner.cost,
      acting:
        "the action with the largest draw from a normal distribution around its output, of standard deviation exploration sqrt(priorPrecision g' Z^-1 g), g the output's gradient by all parameters and Z a diagonal that is not exported; of equals a random one"
    )
  }

  /// The network's outputs.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    gradients.learner.networkOutputs(for: observation)
  }
}

extension NeuralThompson {
  /// What the defaults are, under the name that all agents with a network have.
  public static let presets = [StandardSettings.preset()]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "A network of point estimates; draws each action's reward, the wider the less its gradient is known.",
    paper: "Zhang, Zhou, Li, Gu 2021, Neural Thompson Sampling, algorithm 1",
    deviations: GradientLearner.deviations,
    settings: [
      "exploration": "nu: a draw's standard deviation is this times the root of lambda g' Z^-1 g"
    ]
    .merging(PropensitySettings.help) { own, _ in own }
    .merging(GradientLearner.help) { own, _ in own })
}

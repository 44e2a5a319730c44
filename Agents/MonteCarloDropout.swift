public import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics

/// A network trained with dropout that acts by a random part of itself: dropout as a posterior, under Thompson
/// sampling.
///
/// Source: Gal & Ghahramani 2016, §5 (reinforcement learning); Riquelme, Tucker & Snoek 2018, §3.
///
/// *Deviations*: see `description`.
public struct MonteCarloDropout: PrefilledAgent, ParallelAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The chance that a hidden unit is dropped.
    public var dropoutRate = 0.2
    /// The estimates of propensities.
    public var propensity = PropensitySettings()
    /// Network, memory and training.
    public var learner = PointLearnerSettings()

    /// One unit of five is dropped.
    public init() {}
  }

  /// `dropout`.
  public static let name = "dropout"

  private let propensity: PropensitySettings
  private let cost: PointCostSettings
  private var learner: PointLearner
  private var ties: RandomStream
  /// The noise of the masks that propensities are estimated from.
  private var estimating: NormalStream

  /// Creates the agent; the network starts random.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    try ConfigurationError.require(
      (0..<1).contains(configuration.dropoutRate), key: "dropoutRate", given: configuration.dropoutRate,
      allowed: "from 0 to below 1")
    propensity = try configuration.propensity.validated()
    cost = configuration.learner.cost
    learner = try PointLearner(
      configuration.learner, dropout: Dropout(hidden: configuration.dropoutRate), spec: spec, stream: stream)
    ties = stream.child("ties")
    estimating = NormalStream(stream.child("propensity"))
  }

  /// Drops units once for all actions and takes the best action under what is left.
  public mutating func selectAction(for observation: Observation) throws -> Decision {
    learner.predictSample(observation)
    let action = greedyAction(learner.values, ties: &ties)
    return Decision(action: action, propensity: try estimatedPropensity(of: action, observation))
  }

  private mutating func estimatedPropensity(of action: Int, _ observation: Observation) throws -> Double? {
    let settings = propensity
    swap(&learner.network.predictionNoise, &estimating)
    defer { swap(&learner.network.predictionNoise, &estimating) }
    return try settings.estimate(of: action) {
      try LongWork.check()
      learner.predictSample(observation)
      return learner.values
    }
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

  /// The network with its masks' generators, and memory.
  public struct State: Codable, Sendable {
    let learner: PointLearner.State
    /// Nil in checkpoints of versions without it.
    let ties: RandomStream?
    /// Nil in checkpoints of versions without it.
    let estimating: NormalStream?
  }

  /// What the agent can be resumed from.
  public var state: State { State(learner: learner.state, ties: ties, estimating: estimating) }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    try learner.restore(state.learner)
    ties = state.ties ?? ties
    estimating = state.estimating ?? estimating
  }
}

extension MonteCarloDropout: NetworkAgent {
  /// The network.
  public var exportedNetwork: ExportedNetwork {
    learner.exported(
      cost,
      acting:
        "the action with the largest output under a random dropping of hidden units that all actions share (dropoutRate; kept ones count 1 / (1 - dropoutRate) times); of equals a random one"
    )
  }

  /// The network's outputs with all units kept.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    learner.networkOutputs(for: observation)
  }
}

extension MonteCarloDropout {
  /// What serves environments of all kinds.
  public static let presets = [StandardSettings.preset()]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "A network trained with dropout that acts with units dropped, a draw for each decision.",
    paper: """
      Gal, Ghahramani 2016, Dropout as a Bayesian Approximation, §5 (Thompson sampling); Riquelme, Tucker, Snoek 2018, \
      Deep Bayesian Bandits Showdown, §3
      """,
    deviations: """
      Hidden units alone are dropped, not inputs. One mask serves all actions of a decision, as a draw from a \
      posterior does. There is no weight decay by default (weightDecay with adamw, or l2). The default rate of 0.2 \
      is the Showdown's published code's.
      """,
    settings: ["dropoutRate": "chance that a hidden unit is dropped, in training and to act"]
      .merging(PropensitySettings.help) { own, _ in own }
      .merging(PointLearnerSettings.help) { own, _ in own }
  )
}

public import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics

/// Bayes by Backprop under Thompson sampling.
///
/// A network with a Gaussian posterior over its weights predicts the reward of an action in a context. Acting draws
/// weights from the posterior and takes the best action under them.
///
/// Sources: Blundell et al. 2015, §3, §4 and §5.3; the report, §2.3 and §4.3.
///
/// *Deviations*: see `description`.
public struct BayesByBackprop: PrefilledAgent, ActionFeatureAgent, ParallelAgent, Checkpointable {
  /// Whether one draw of the weights serves all actions of a step.
  public enum Thompson: String, SettingChoice {
    /// One draw for all actions, as Thompson sampling means.
    case shared
    /// A draw for each action, as the report's code has it.
    case independent
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Weight samples whose predictions are averaged to act: 1 is Thompson sampling, more explore less.
    public var actionSamples = 1
    /// Whether actions share the drawn weights.
    public var thompson = Thompson.shared
    /// The estimates of propensities.
    public var propensity = PropensitySettings()
    /// Posterior, memory and training.
    public var learner = PosteriorLearnerSettings()

    /// The report's numbers, but one draw for all actions of a step.
    public init() {}
  }

  /// `bbb`.
  public static let name = "bbb"

  /// More would be a slip of the hand: their mean is the posterior's.
  private static let mostSamples = 100_000

  private let configuration: Configuration
  private var learner: PosteriorLearner
  /// The sums of the predictions over the step's weight samples, an action each.
  private var totals: [Double]
  /// Which actions are there in the context at hand; nil for all.
  private var available: [Bool]?
  private var ties: RandomStream
  /// The noise of the draws that propensities are estimated from.
  private var estimating: NormalStream

  /// Creates the agent; the posterior starts random.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    try ConfigurationError.require(
      (1...Self.mostSamples).contains(configuration.actionSamples), key: "actionSamples",
      given: configuration.actionSamples, allowed: "1 to \(Self.mostSamples)")
    _ = try configuration.propensity.validated()
    self.configuration = configuration
    learner = try PosteriorLearner(configuration.learner, spec: spec, stream: stream)
    totals = Array(repeating: 0, count: spec.actionCount)
    ties = stream.child("ties")
    estimating = NormalStream(stream.child("propensity"))
  }

  /// Draws weights and takes the best action under them.
  public mutating func selectAction(for observation: Observation) throws -> Decision {
    learner.encode(observation)
    available = observation.availableActions
    try addDraws()
    let action = greedyAction(totals, ties: &ties)
    return Decision(action: action, propensity: try estimatedPropensity(of: action))
  }

  private mutating func estimatedPropensity(of action: Int) throws -> Double? {
    let settings = configuration.propensity
    swap(&learner.network.predictionNoise, &estimating)
    defer { swap(&learner.network.predictionNoise, &estimating) }
    return try settings.estimate(of: action) {
      try addDraws()
      return totals
    }
  }

  /// Fills `totals` for the context that the learner encoded last.
  private mutating func addDraws() throws {
    for action in totals.indices { totals[action] = 0 }
    for _ in 0..<configuration.actionSamples {
      try LongWork.check()
      if configuration.thompson == .shared {
        learner.drawWeights()
        learner.predict()
      }
      for action in totals.indices {
        if configuration.thompson == .independent {
          learner.drawWeights()
          learner.predict()
        }
        totals[action] += learner.values[action]
      }
    }
    guard let available else { return }
    for action in totals.indices where !available[action] { totals[action] = -.infinity }
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

  /// What the agent can be resumed from.
  public var state: State { State(learner: learner.state, ties: ties, estimating: estimating) }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    try learner.restore(state.learner)
    ties = state.ties ?? ties
    estimating = state.estimating ?? estimating
  }

  /// The posterior, memory and generators.
  public struct State: Codable, Sendable {
    let learner: PosteriorLearner.State
    /// Nil in checkpoints of versions without it.
    let ties: RandomStream?
    /// Nil in checkpoints of versions without it.
    let estimating: NormalStream?

    private enum CodingKeys: String, CodingKey { case ties, estimating }

    init(learner: PosteriorLearner.State, ties: RandomStream, estimating: NormalStream) {
      (self.learner, self.ties, self.estimating) = (learner, ties, estimating)
    }

    /// Reads the learner's fields and the agent's, which are on one level.
    public init(from decoder: any Decoder) throws {
      learner = try PosteriorLearner.State(from: decoder)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      ties = try container.decodeIfPresent(RandomStream.self, forKey: .ties)
      estimating = try container.decodeIfPresent(NormalStream.self, forKey: .estimating)
    }

    /// Writes the learner's fields and the agent's on one level.
    public func encode(to encoder: any Encoder) throws {
      try learner.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(ties, forKey: .ties)
      try container.encodeIfPresent(estimating, forKey: .estimating)
    }
  }
}

extension BayesByBackprop: NetworkAgent {
  /// The posterior.
  public var exportedNetwork: ExportedNetwork {
    learner.exported(
      configuration.learner.posterior,
      acting: "the action with the largest \(outputs) of the weights "
        + (configuration.thompson == .shared ? "that all actions share" : "for each action")
        + "; of equals a random one")
  }

  private var outputs: String {
    configuration.actionSamples == 1
      ? "output under a draw" : "mean of outputs over \(configuration.actionSamples) draws"
  }

  /// The outputs of a network whose weights are the posterior's means.
  public mutating func networkOutputs(for observation: Observation) throws -> [[Double]] {
    try learner.networkOutputs(for: observation)
  }

  /// `complexity_cost`: KL[posterior ‖ prior] in nats; by one draw of the weights where the prior has no closed form.
  public var costlyMeasurements: [String: Double] { ["complexity_cost": learner.complexityCost] }
}

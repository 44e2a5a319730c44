public import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics

/// An exact Bayesian linear regression of the reward for each action, under Thompson sampling.
///
/// Source: Riquelme, Tucker & Snoek 2018, §3 ("LinFullPost"); Agrawal & Goyal 2013.
///
/// *Deviations*: see `description`.
public struct LinearThompson: PrefilledAgent, ActionFeatureAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Weights and noise before the first step.
    public var prior = LinearPriorSettings()
    /// The estimates of propensities.
    public var propensity = PropensitySettings()
    /// Steps of random play to start with.
    public var prefill = 0

    /// Riquelme et al.'s.
    public init() {}
  }

  /// `linear-thompson`.
  public static let name = "linear-thompson"

  /// The number of random steps to be shown.
  public let prefillSteps: Int
  private let prior: LinearPriorSettings
  private let propensity: PropensitySettings
  private var regressions: ActionRegressions
  private var features: LinearFeatures
  private var drawing: RandomStream
  private var ties: RandomStream
  /// The draws that propensities are estimated from.
  private var estimating: RandomStream
  private let actionCount: Int

  /// Creates the agent, with the prior for its posterior.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    prior = try configuration.prior.validated()
    propensity = try configuration.propensity.validated()
    prefillSteps = try ActionRegressions.prefillSteps(configuration.prefill)
    regressions = try ActionRegressions(spec, priorPrecision: prior.priorPrecision)
    features = LinearFeatures(spec)
    drawing = stream.child("drawing")
    ties = stream.child("ties")
    estimating = stream.child("propensity")
    actionCount = spec.actionCount
  }

  /// Draws a mean reward for every action and takes the best.
  public mutating func selectAction(for observation: Observation) -> Decision {
    features.encode(observation)
    let rewards = (0..<actionCount).map { action in
      let model = features.encode(action, of: observation)
      return prior.meanReward(of: &regressions, features.values, action: model)
    }
    func draws(_ stream: inout RandomStream) -> [Double] {
      var values = rewards.map { $0.draw(&stream) }
      observation.mask(&values)
      return values
    }
    let action = greedyAction(draws(&drawing), ties: &ties)
    let settings = propensity
    let estimate = settings.estimate(of: action) { draws(&estimating) }
    return Decision(action: action, propensity: estimate)
  }

  /// Adds the step to the action's posterior.
  public mutating func update(_ transition: Transition) {
    features.encode(transition.observation)
    let model = features.encode(transition.decision.action, of: transition.observation)
    regressions.add(features.values, action: model, reward: transition.reward)
  }

  /// Adds a step of random play.
  public mutating func prefill(_ transition: Transition) { update(transition) }

  /// Posteriors and generator.
  public struct State: Codable, Sendable {
    let regressions: [LinearRegressionPosterior.State]
    let drawing: RandomStream
    /// Nil in checkpoints of versions without it.
    let ties: RandomStream?
    /// Nil in checkpoints of versions without it.
    let estimating: RandomStream?
  }

  /// What the agent can be resumed from.
  public var state: State {
    State(regressions: regressions.state, drawing: drawing, ties: ties, estimating: estimating)
  }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    try regressions.restore(state.regressions)
    drawing = state.drawing
    ties = state.ties ?? ties
    estimating = state.estimating ?? estimating
  }
}

extension ActionRegressions {
  static let prefillHelp = ["prefill": "steps of random play to start with"]

  /// The steps of random play that a linear agent is shown, checked.
  static func prefillSteps(_ prefill: Int) throws(ConfigurationError) -> Int {
    try ConfigurationError.require(prefill >= 0, key: "prefill", given: prefill, allowed: "0 or more")
    return prefill
  }

  /// Regressions on a task's contexts.
  init(_ spec: TaskSpec, priorPrecision: Double) throws(ConfigurationError) {
    try self.init(
      dimension: LinearFeatures(spec).values.count,
      actionCount: spec.actionFeatureCount == nil ? spec.actionCount : 1, priorPrecision: priorPrecision,
      key: "the task", given: "\(spec.featureCount) features")
  }
}

extension LinearThompson {
  /// The noise's prior on the scale of an environment's rewards.
  public static let presets = [
    Preset(
      name: "mushroom", summary: "expects noise on the scale of the mushrooms' rewards, -35 to 5",
      settings: ["noiseScale=6000"])
  ]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Exact Bayesian linear regression of the reward for each action, under Thompson sampling.",
    paper: """
      Riquelme, Tucker, Snoek 2018, Deep Bayesian Bandits Showdown, §3 (LinFullPost); Agrawal, Goyal 2013, Thompson \
      Sampling for Contextual Bandits with Linear Payoffs
      """,
    deviations: """
      The mean reward itself is drawn from its normal distribution, in place of all weights: the same law, because \
      every action has weights of its own. There are no first steps of each action in turn. The posterior is a \
      triangular factor that every step rotates, where the authors' code inverts a matrix. Agrawal and Goyal have \
      one weight vector for all actions and a noise that is known.
      """,
    settings: LinearPriorSettings.help
      .merging(PropensitySettings.help) { own, _ in own }
      .merging(ActionRegressions.prefillHelp) { own, _ in own }
  )
}

import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics

/// A ridge regression of the reward for each action; takes the action with the highest upper confidence bound.
///
/// Source: Li, Chu, Langford & Schapire 2010, algorithm 1 (disjoint linear models).
///
/// *Deviations*: see `description`.
public struct LinearUCB: PrefilledAgent, ProbabilityAgent, ActionFeatureAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Standard deviations, as multiples of the noise's, that are added to a prediction.
    public var alpha = 1.0
    /// The ridge penalty.
    public var priorPrecision = 1.0
    /// Steps of random play to start with.
    public var prefill = 0

    /// Li et al.'s penalty, and a bound of one standard deviation.
    public init() {}
  }

  /// `linear-ucb`.
  public static let name = "linear-ucb"

  /// The number of random steps to be shown.
  public let prefillSteps: Int
  private let alpha: Double
  private var regressions: ActionRegressions
  private var features: LinearFeatures
  private var values: [Double]
  private var ties: RandomStream

  /// Creates the agent; it draws nothing but what breaks ties.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    try ConfigurationError.require(
      configuration.alpha >= 0, key: "alpha", given: configuration.alpha, allowed: "0 or more")
    alpha = configuration.alpha
    prefillSteps = try ActionRegressions.prefillSteps(configuration.prefill)
    regressions = try ActionRegressions(spec, priorPrecision: configuration.priorPrecision)
    features = LinearFeatures(spec)
    values = Array(repeating: 0, count: spec.actionCount)
    ties = stream.child("ties")
  }

  /// Takes the action with the highest bound.
  public mutating func selectAction(for observation: Observation) -> Decision {
    setBounds(in: observation)
    let action = greedyAction(values, ties: &ties)
    return Decision(action: action, propensity: greedyShare(values, of: action))
  }

  /// 1, or equal shares of the actions with the highest bound.
  public mutating func probabilities(for observation: Observation) -> [Double] {
    setBounds(in: observation)
    return values.indices.map { greedyShare(values, of: $0) }
  }

  private mutating func setBounds(in observation: Observation) {
    features.encode(observation)
    for action in values.indices {
      let model = features.encode(action, of: observation)
      let (mean, variance) = regressions.predict(features.values, action: model)
      values[action] = mean + alpha * variance.squareRoot()
    }
    observation.mask(&values)
  }

  /// Adds the step to the action's regression.
  public mutating func update(_ transition: Transition) {
    features.encode(transition.observation)
    let model = features.encode(transition.decision.action, of: transition.observation)
    regressions.add(features.values, action: model, reward: transition.reward)
  }

  /// Adds a step of random play.
  public mutating func prefill(_ transition: Transition) { update(transition) }

  /// The regressions and the generator.
  public struct State: Codable, Sendable {
    let regressions: [LinearRegressionPosterior.State]
    /// Nil in checkpoints of versions without it.
    let ties: RandomStream?

    init(regressions: [LinearRegressionPosterior.State], ties: RandomStream) {
      (self.regressions, self.ties) = (regressions, ties)
    }

    /// Reads a state, or the list of regressions that one of an earlier version is.
    public init(from decoder: any Decoder) throws {
      guard let container = try? decoder.container(keyedBy: CodingKeys.self) else {
        (regressions, ties) = (try [LinearRegressionPosterior.State](from: decoder), nil)
        return
      }
      regressions = try container.decode([LinearRegressionPosterior.State].self, forKey: .regressions)
      ties = try container.decodeIfPresent(RandomStream.self, forKey: .ties)
    }
  }

  /// What the agent can be resumed from.
  public var state: State { State(regressions: regressions.state, ties: ties) }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    try regressions.restore(state.regressions)
    ties = state.ties ?? ties
  }
}

extension LinearUCB {
  /// A bound on the scale of an environment's rewards.
  public static let presets = [
    Preset(
      name: "mushroom", summary: "a bound on the scale of the mushrooms' rewards, -35 to 5",
      settings: ["alpha=10"])
  ]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Ridge regression of the reward for each action; takes the highest upper confidence bound.",
    paper: """
      Li, Chu, Langford, Schapire 2010, A Contextual-Bandit Approach to Personalized News Article Recommendation, \
      algorithm 1 (disjoint linear models)
      """,
    deviations: """
      Contexts have a constant column more. The regression is \
      a triangular factor that every step rotates, where the authors invert a matrix.
      """,
    settings: [
      "alpha": "width of the bound: alpha times the root of x' A^-1 x is added to a prediction",
      "priorPrecision": "ridge penalty: A starts as this times the identity",
    ]
    .merging(ActionRegressions.prefillHelp) { own, _ in own })
}

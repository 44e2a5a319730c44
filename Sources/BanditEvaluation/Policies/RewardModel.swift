import BanditAgentKit
public import BanditCore
public import BanditNumerics

/// What predicts rewards for the direct method and the estimators that correct it.
public protocol RewardModel: Sendable {
  /// Learns from a row.
  mutating func learn(_ transition: Transition) throws

  /// The expected reward of each action in a context.
  mutating func predictions(for observation: Observation) throws -> [Double]
}

/// A ridge regression of the reward for each action, on the context and a constant.
public struct LinearRewardModel: RewardModel {
  private var regressions: ActionRegressions
  private var features: LinearFeatures
  private let actionCount: Int

  /// Creates a model that predicts 0; the penalty is that of the weights' squares.
  public init(_ spec: TaskSpec, penalty: Double = 1) throws {
    regressions = try ActionRegressions(
      dimension: spec.featureCount + 1, actionCount: spec.actionCount, priorPrecision: penalty,
      key: "--model", given: "linear with \(spec.featureCount) context columns")
    features = LinearFeatures(spec)
    actionCount = spec.actionCount
  }

  /// Adds a row.
  public mutating func learn(_ transition: Transition) {
    features.encode(transition.observation)
    regressions.add(features.values, action: transition.decision.action, reward: transition.reward)
  }

  /// The regressions' means.
  public mutating func predictions(for observation: Observation) -> [Double] {
    features.encode(observation)
    return (0..<actionCount).map { regressions.predict(features.values, action: $0).mean }
  }
}

/// A network of point estimates on context and action, trained on replayed rows as the agents' networks are.
public struct NetworkRewardModel: RewardModel {
  private var learner: PointLearner

  /// Creates a network with the settings of the presets `standard`.
  public init(_ spec: TaskSpec, stream: RandomStream) throws {
    learner = try PointLearner(.standard, spec: spec, stream: stream)
  }

  /// Remembers a row and trains.
  public mutating func learn(_ transition: Transition) throws {
    try LongWork.check()
    try learner.update(transition)
  }

  /// The network's predictions.
  public mutating func predictions(for observation: Observation) -> [Double] {
    learner.predict(observation)
    return learner.values
  }
}

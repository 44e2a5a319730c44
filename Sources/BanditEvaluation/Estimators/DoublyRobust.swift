/// Doubly robust: the model's prediction of the policy, with the model's errors at logged steps weighted and added.
///
/// Right where either the propensities or the model is; unbiased whatever the model where the model has not seen the
/// step.
///
/// Source: Dudík, Langford & Li 2011, Doubly Robust Policy Evaluation and Learning.
public struct DoublyRobust: OffPolicyEstimator {
  /// `dr`.
  public let name = "dr"

  /// Creates the estimator.
  public init() {}

  /// And weights.
  public var needsModel: Bool { true }

  /// The prediction, and w times the error.
  public func contribution(of step: WeighedStep) -> Contribution {
    Contribution(numerator: step.policyPrediction + step.weight * (step.reward - step.prediction))
  }

  /// The rewards' range and the largest correction.
  public func range(weights bound: Double, rewards: ClosedRange<Double>) -> ClosedRange<Double>? {
    BanditEvaluation.range(weights: bound, correcting: rewards)
  }
}

/// Self-normalised inverse propensity scoring: weighted rewards by the sum of weights.
///
/// Within the range of the rewards and of less variance; its bias falls with the number of steps.
///
/// Source: Swaminathan & Joachims 2015, The Self-Normalized Estimator for Counterfactual Learning.
public struct SelfNormalised: OffPolicyEstimator {
  /// `snips`.
  public let name = "snips"

  /// Creates the estimator.
  public init() {}

  /// w r above, w below.
  public func contribution(of step: WeighedStep) -> Contribution {
    Contribution(numerator: step.weight * step.reward, denominator: step.weight)
  }

  /// A ratio is no mean.
  public func range(weights bound: Double, rewards: ClosedRange<Double>) -> ClosedRange<Double>? { nil }
}

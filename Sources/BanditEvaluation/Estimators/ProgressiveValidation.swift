/// Progressive validation of a policy that learns from the log: every step is weighed by the policy as it is before it
/// learns from it, and weighted rewards are averaged.
///
/// It estimates what the policy earns on average while it learns.
///
/// Source: Blum, Kalai & Langford 1999, Beating the Hold-Out; Vowpal Wabbit's progressive validation loss.
public struct ProgressiveValidation: OffPolicyEstimator {
  /// `progressive`.
  public let name = "progressive"

  /// Creates the estimator.
  public init() {}

  /// w r, w by the policy before the step.
  public func contribution(of step: WeighedStep) -> Contribution {
    InversePropensity().contribution(of: step)
  }

  /// 0 to the largest weighted reward.
  public func range(weights bound: Double, rewards: ClosedRange<Double>) -> ClosedRange<Double>? {
    InversePropensity().range(weights: bound, rewards: rewards)
  }
}

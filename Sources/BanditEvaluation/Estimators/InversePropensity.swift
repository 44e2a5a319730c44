/// Inverse propensity scoring: the mean of weighted rewards.
///
/// Unbiased where propensities are right and the log has every action that the policy takes; its variance grows with
/// the weights.
///
/// Source: Horvitz & Thompson 1952; Precup, Sutton & Singh 2000; Strehl et al. 2010.
public struct InversePropensity: OffPolicyEstimator {
  /// `ips`.
  public let name = "ips"

  /// Creates the estimator.
  public init() {}

  /// w r.
  public func contribution(of step: WeighedStep) -> Contribution {
    Contribution(numerator: step.weight * step.reward)
  }

  /// 0 to the largest weighted reward.
  public func range(weights bound: Double, rewards: ClosedRange<Double>) -> ClosedRange<Double>? {
    BanditEvaluation.range(weights: bound, times: rewards)
  }
}

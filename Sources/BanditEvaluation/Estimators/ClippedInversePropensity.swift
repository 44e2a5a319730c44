/// Inverse propensity scoring with weights of at most a bound: less variance for a bias towards 0.
///
/// Source: Ionides 2008, Truncated Importance Sampling; Bottou et al. 2013, §4.3.
public struct ClippedInversePropensity: OffPolicyEstimator {
  /// `clipped-ips`.
  public let name = "clipped-ips"
  /// The largest weight.
  public let bound: Double

  /// Creates the estimator with a bound above 0.
  public init(bound: Double) {
    precondition(bound > 0, "a bound of weights is above 0")
    self.bound = bound
  }

  /// What is cut off stays missing.
  public var isConsistent: Bool { false }

  /// min(w, bound) r.
  public func contribution(of step: WeighedStep) -> Contribution {
    Contribution(numerator: min(step.weight, bound) * step.reward)
  }

  /// 0 to the largest weighted reward.
  public func range(weights other: Double, rewards: ClosedRange<Double>) -> ClosedRange<Double>? {
    BanditEvaluation.range(weights: min(bound, other), times: rewards)
  }
}

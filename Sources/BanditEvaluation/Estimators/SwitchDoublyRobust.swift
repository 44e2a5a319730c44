/// Switch-DR: doubly robust where the weight is at most a threshold, the model alone where it is larger.
///
/// Source: Wang, Agarwal & Dudík 2017, Optimal and Adaptive Off-policy Evaluation in Contextual Bandits.
///
/// *Deviation*: the switch is by the logged action's weight, as in the Open Bandit Pipeline; the paper's model takes the
/// part of the policy's actions whose weights are larger, which needs the propensities of all actions.
public struct SwitchDoublyRobust: OffPolicyEstimator {
  /// `switch-dr`.
  public let name = "switch-dr"
  /// The largest weight that corrects the model.
  public let threshold: Double

  /// Creates the estimator with a threshold of 0 or more.
  public init(threshold: Double) {
    precondition(threshold >= 0, "a threshold of weights is 0 or more")
    self.threshold = threshold
  }

  /// And weights.
  public var needsModel: Bool { true }
  /// Beyond the threshold it is as good as the model.
  public var isConsistent: Bool { false }

  /// The prediction, and w times the error where w is small enough.
  public func contribution(of step: WeighedStep) -> Contribution {
    let weight = step.weight <= threshold ? step.weight : 0
    return Contribution(numerator: step.policyPrediction + weight * (step.reward - step.prediction))
  }

  /// The rewards' range and the largest correction.
  public func range(weights bound: Double, rewards: ClosedRange<Double>) -> ClosedRange<Double>? {
    BanditEvaluation.range(weights: min(bound, threshold), correcting: rewards)
  }
}

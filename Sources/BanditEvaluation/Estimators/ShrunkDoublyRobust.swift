/// DR with optimistic shrinkage: doubly robust with weights λ w / (w² + λ), which the largest fall under most.
///
/// Source: Su, Dimakopoulou, Krishnamurthy & Dudík 2020, Doubly Robust Off-policy Evaluation with Shrinkage.
public struct ShrunkDoublyRobust: OffPolicyEstimator {
  /// `dr-shrunk`.
  public let name = "dr-shrunk"
  /// λ: 0 is the direct method, infinity the doubly robust one.
  public let lambda: Double

  /// Creates the estimator with λ of 0 or more.
  public init(lambda: Double) {
    precondition(lambda >= 0, "a shrinkage is 0 or more")
    self.lambda = lambda
  }

  /// And weights.
  public var needsModel: Bool { true }
  /// As far as it is shrunk, it is as good as the model.
  public var isConsistent: Bool { false }

  /// The prediction, and the shrunk w times the error.
  public func contribution(of step: WeighedStep) -> Contribution {
    Contribution(
      numerator: step.policyPrediction + shrunk(step.weight) * (step.reward - step.prediction))
  }

  /// λ w / (w² + λ), largest at √λ.
  private func shrunk(_ weight: Double) -> Double {
    if lambda == 0 { return 0 }
    return lambda.isInfinite ? weight : lambda * weight / (weight * weight + lambda)
  }

  /// The rewards' range and the largest correction.
  public func range(weights bound: Double, rewards: ClosedRange<Double>) -> ClosedRange<Double>? {
    BanditEvaluation.range(weights: shrunk(min(bound, lambda.squareRoot())), correcting: rewards)
  }
}

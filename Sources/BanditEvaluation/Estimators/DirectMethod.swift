/// The direct method: what a model of rewards predicts of the policy's actions.
///
/// No weights and little variance, but what the model has wrong stays wrong.
///
/// Source: Beygelzimer & Langford 2009, The Offset Tree; Dudík, Langford & Li 2011, §2.1.
public struct DirectMethod: OffPolicyEstimator {
  /// `dm`.
  public let name = "dm"

  /// Creates the estimator.
  public init() {}

  /// Of a model.
  public var needsModel: Bool { true }
  /// None.
  public var needsWeights: Bool { false }
  /// As good as the model.
  public var isConsistent: Bool { false }

  /// The prediction of the policy.
  public func contribution(of step: WeighedStep) -> Contribution {
    Contribution(numerator: step.policyPrediction)
  }

  /// A model's predictions say nothing of how far it is from the truth.
  public func range(weights bound: Double, rewards: ClosedRange<Double>) -> ClosedRange<Double>? { nil }
}

/// A logged step as estimators see it: what a policy that did not play it would have done there.
public struct WeighedStep: Hashable, Sendable {
  /// The policy's probability of the logged action, divided by the logged propensity.
  public var weight: Double
  /// The reward that was logged.
  public var reward: Double
  /// What a model predicts of the logged action; 0 without a model.
  public var prediction: Double
  /// What the model predicts of the policy: the sum of its predictions, weighted by the policy's probabilities.
  public var policyPrediction: Double

  /// Creates a step.
  public init(weight: Double, reward: Double, prediction: Double = 0, policyPrediction: Double = 0) {
    self.weight = weight
    self.reward = reward
    self.prediction = prediction
    self.policyPrediction = policyPrediction
  }
}

/// What a step adds to an estimate, which is the sum of numerators by the sum of denominators.
public struct Contribution: Hashable, Sendable {
  /// What is added above.
  public var numerator: Double
  /// What is added below: 1 unless an estimator normalises by weights.
  public var denominator = 1.0

  /// Creates a contribution.
  public init(numerator: Double, denominator: Double = 1) {
    self.numerator = numerator
    self.denominator = denominator
  }
}

/// Estimates from logged steps what a policy earns on average.
///
/// Laws: under the logging policy itself every weight is 1, and the estimate is the mean reward, or what a model predicts
/// of it; adding a constant to rewards and predictions of weights 1 adds it to the estimate.
public protocol OffPolicyEstimator: Sendable {
  /// The short name in tables and in `--estimators`.
  var name: String { get }

  /// Whether steps need a model's predictions.
  var needsModel: Bool { get }

  /// Whether steps need weights, and so the log propensities.
  var needsWeights: Bool { get }

  /// Whether what the estimate tends to, with more and more steps, is the policy's value.
  var isConsistent: Bool { get }

  /// What a step adds.
  func contribution(of step: WeighedStep) -> Contribution

  /// Between which numbers every contribution is, where weights and rewards are bounded; nil where the estimate is no mean
  /// of them.
  func range(weights bound: Double, rewards: ClosedRange<Double>) -> ClosedRange<Double>?
}

extension OffPolicyEstimator {
  /// No model.
  public var needsModel: Bool { false }
  /// Weights.
  public var needsWeights: Bool { true }
  /// Consistent.
  public var isConsistent: Bool { true }
}

/// The range of weights of 0 to a bound, times numbers between two.
func range(weights bound: Double, times numbers: ClosedRange<Double>) -> ClosedRange<Double> {
  min(0, bound * numbers.lowerBound)...max(0, bound * numbers.upperBound)
}

/// The range of a model's prediction with a weighted correction of it; predictions are as bounded as rewards are.
func range(weights bound: Double, correcting rewards: ClosedRange<Double>) -> ClosedRange<Double> {
  let width = rewards.upperBound - rewards.lowerBound
  return (rewards.lowerBound - bound * width)...(rewards.upperBound + bound * width)
}

import BanditNumerics

/// What an estimator says a policy earns on average, with intervals.
public struct Estimate: Codable, Hashable, Sendable {
  /// An interval's ends.
  public struct Interval: Codable, Hashable, Sendable {
    /// The lower end.
    public let lower: Double
    /// The upper end.
    public let upper: Double

    init(_ range: ClosedRange<Double>) { (lower, upper) = (range.lowerBound, range.upperBound) }
  }

  /// The estimator.
  public let estimator: String
  /// The estimate; nil where there is nothing to estimate from.
  public let value: Double?
  /// Its standard error.
  public let standardError: Double?
  /// The rows it is of; of `replay`, those that matched.
  public let rows: Int
  /// By the normal distribution.
  public let normal: Interval?
  /// By resampling rows.
  public let bootstrap: Interval?
  /// By the empirical Bernstein inequality, where rewards are said to be bounded.
  public let bernstein: Interval?
  /// By betting, where rewards are said to be bounded.
  public let betting: Interval?
}

/// An estimator at work: its sums, and what intervals need beside them.
struct EstimateSums {
  let name: String
  private let contribution: @Sendable (WeighedStep) -> Contribution
  private let range: ClosedRange<Double>?
  private(set) var sums = ContributionSums()
  private var sequence: BettingSequence?

  /// - Parameter weights: the largest weight there can be, where rewards are bounded too.
  init(_ estimator: any OffPolicyEstimator, plan: EvaluationPlan, weights: Double?) {
    self.init(
      estimator.name,
      range: weights.flatMap { weights in
        plan.rewards.flatMap { estimator.range(weights: weights, rewards: $0) }
      }, probability: plan.probability
    ) { estimator.contribution(of: $0) }
  }

  init(
    _ name: String, range: ClosedRange<Double>?, probability: Double,
    contribution: @escaping @Sendable (WeighedStep) -> Contribution
  ) {
    self.name = name
    self.contribution = contribution
    self.range = range
    sequence = range.map { BettingSequence(probability: probability, range: $0) }
  }

  mutating func add(_ step: WeighedStep) {
    let contribution = contribution(step)
    sums.add(contribution)
    sequence?.add(contribution.numerator)
  }

  func estimate(_ plan: EvaluationPlan) -> Estimate {
    let probability = plan.probability
    let stream = RandomStream(seed: plan.seed).child("bootstrap")
    return Estimate(
      estimator: name, value: sums.estimate, standardError: sums.standardError, rows: sums.count,
      normal: EstimateIntervals.normal(sums, probability: probability).map(Estimate.Interval.init),
      bootstrap: EstimateIntervals.bootstrap(sums, probability: probability, stream: stream)
        .map(Estimate.Interval.init),
      bernstein: range.flatMap {
        EstimateIntervals.empiricalBernstein(sums, probability: probability, range: $0)
      }.map(Estimate.Interval.init),
      betting: sums.count > 0 ? sequence.map { Estimate.Interval($0.interval) } : nil)
  }
}

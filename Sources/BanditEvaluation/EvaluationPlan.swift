public import BanditCore

/// How a policy is judged by a log.
public struct EvaluationPlan: Sendable {
  /// What predicts rewards for estimators that need it.
  public enum Model: String, CaseIterable, Sendable {
    /// A ridge regression for each action.
    case linear
    /// A network.
    case network
  }

  /// The estimators' names, in the order of tables.
  public static let estimatorNames = [
    "ips", "snips", "clipped-ips", "dm", "dr", "switch-dr", "dr-shrunk", "progressive", "replay",
  ]

  /// Estimators by name; all unless given.
  public var estimators = Self.estimatorNames
  /// The model.
  public var model = Model.linear
  /// The share of rows, the first ones, that a learning policy learns from before it is judged by the others.
  public var learningShare = 0.5
  /// The largest weight of `clipped-ips`.
  public var clip = 10.0
  /// The largest weight that corrects the model in `switch-dr`.
  public var switchWeight = 10.0
  /// λ of `dr-shrunk`.
  public var shrinkage = 100.0
  /// How often intervals are to hold the value.
  public var probability = 0.95
  /// What rewards are between; nil for no intervals that need it.
  public var rewards: ClosedRange<Double>?
  /// The seed of draws: the bootstrap's, the policy's and the model's.
  public var seed: UInt64 = 0

  /// All estimators with their defaults.
  public init() {}

  /// The plan, checked; throws a `ConfigurationError` for a part out of range.
  public func validated() throws(ConfigurationError) -> EvaluationPlan {
    for name in estimators where !Self.estimatorNames.contains(name) {
      throw .unknown("--estimators", name, among: Self.estimatorNames)
    }
    try ConfigurationError.require(
      learningShare > 0 && learningShare < 1, key: "--learn", given: learningShare,
      allowed: "a share between 0 and 1")
    try ConfigurationError.require(clip > 0, key: "--clip", given: clip, allowed: "above 0")
    try ConfigurationError.require(
      switchWeight >= 0, key: "--switch", given: switchWeight, allowed: "0 or more")
    try ConfigurationError.require(shrinkage >= 0, key: "--shrink", given: shrinkage, allowed: "0 or more")
    try ConfigurationError.require(
      probability > 0.5 && probability < 1, key: "--confidence", given: probability,
      allowed: "between 0.5 and 1")
    return self
  }

  /// The estimators of a policy that does not learn while it is judged.
  var fixedEstimators: [any OffPolicyEstimator] {
    let all: [any OffPolicyEstimator] = [
      InversePropensity(), SelfNormalised(), ClippedInversePropensity(bound: clip), DirectMethod(),
      DoublyRobust(), SwitchDoublyRobust(threshold: switchWeight), ShrunkDoublyRobust(lambda: shrinkage),
    ]
    return all.filter { estimators.contains($0.name) }
  }

  var isProgressive: Bool { estimators.contains(ProgressiveValidation().name) }
  var replays: Bool { estimators.contains("replay") }
}

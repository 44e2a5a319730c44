public import BanditCore
public import BanditLearning
public import BanditNumerics

/// A Bayesian linear regression of the reward on features for each action.
public struct ActionRegressions: Sendable {
  /// The posterior of each action.
  public private(set) var posteriors: [LinearRegressionPosterior]

  /// 4 GiB of numbers; more would be a slip of the hand.
  private static let mostElements = 1 << 29

  /// Starts every action with the prior.
  ///
  /// - `dimension`: the number of features, the intercept's 1 included.
  /// - `priorPrecision`: λ, above 0: a weight's prior variance is the noise's divided by this.
  /// - `key`: the setting or property that fixes `dimension`, for the error.
  /// - `given`: what it was, for the error.
  /// - Throws: `ConfigurationError` where the matrices take too much memory, and for a precision out of range.
  public init(
    dimension: Int, actionCount: Int, priorPrecision: Double, key: String, given: String
  ) throws(ConfigurationError) {
    let most = Int(Double(2 * Self.mostElements / actionCount).squareRoot()) - 2
    try ConfigurationError.require(
      dimension <= most, key: key, given: given,
      allowed: "at most \(most - 1) features for a regression by each of \(actionCount) actions")
    try ConfigurationError.require(
      priorPrecision > 0, key: "priorPrecision", given: priorPrecision, allowed: "above 0")
    let prior = LinearRegressionPosterior(dimension: dimension, priorPrecision: priorPrecision)
    posteriors = Array(repeating: prior, count: actionCount)
  }

  /// The mean of an action's reward at some features, and its variance as a multiple of the noise's.
  public mutating func predict(_ features: [Double], action: Int) -> (mean: Double, variance: Double) {
    posteriors[action].predict(features)
  }

  /// Learns an action's reward.
  public mutating func add(_ features: [Double], action: Int, reward: Double) {
    posteriors[action].add(features, target: reward)
  }

  /// Each action's state.
  public var state: [LinearRegressionPosterior.State] { posteriors.map(\.state) }

  /// Resumes from a state of regressions for the same actions.
  ///
  /// - Throws: `TensorError` for a state of other sizes.
  public mutating func restore(_ state: [LinearRegressionPosterior.State]) throws {
    guard state.count == posteriors.count else {
      throw TensorError.wrongState("\(state.count) regressions, not \(posteriors.count)")
    }
    for action in posteriors.indices { try posteriors[action].restore(state[action]) }
  }

  /// Replaces an action's posterior by that of some examples.
  public mutating func fit(_ equations: NormalEquations, action: Int) { posteriors[action].fit(equations) }
}

/// The prior of a Bayesian linear regression whose noise has an unknown variance.
public struct LinearPriorSettings: SettingGroup {
  /// λ: a weight's prior variance is the noise's divided by this.
  public var priorPrecision = 0.25
  /// The shape of the noise variance's inverse gamma prior.
  public var noiseShape = 6.0
  /// The scale of the noise variance's inverse gamma prior.
  public var noiseScale = 6.0

  /// Riquelme et al.'s.
  public init() {}

  /// A line on each setting, by key.
  public static let help = [
    "priorPrecision": "a weight's prior variance is the noise's divided by this",
    "noiseShape": "shape of the inverse gamma prior of the noise's variance",
    "noiseScale": "scale of the inverse gamma prior of the noise's variance",
  ]

  /// The same settings, checked; throws a `ConfigurationError` for one out of range.
  public func validated() throws(ConfigurationError) -> LinearPriorSettings {
    try ConfigurationError.require(
      noiseShape >= 1, key: "noiseShape", given: noiseShape, allowed: "1 or more")
    try ConfigurationError.require(noiseScale > 0, key: "noiseScale", given: noiseScale, allowed: "above 0")
    return self
  }

  /// What regressions with this prior say of an action's mean reward at some features.
  public func meanReward(
    of regressions: inout ActionRegressions, _ features: [Double], action: Int
  ) -> MeanReward {
    let (mean, variance) = regressions.predict(features, action: action)
    return MeanReward(
      mean: mean, variance: variance,
      shape: noiseShape + Double(regressions.posteriors[action].count) / 2,
      scale: noiseScale + regressions.posteriors[action].residual / 2)
  }
}

/// The posterior of an action's mean reward in a context, under noise of an unknown variance.
public struct MeanReward: Hashable, Sendable {
  /// The expected mean reward.
  public let mean: Double
  /// The mean reward's variance as a multiple of the noise's.
  public let variance: Double
  /// The shape of the noise variance's inverse gamma posterior.
  public let shape: Double
  /// The scale of the noise variance's inverse gamma posterior.
  public let scale: Double

  /// Draws a mean reward.
  ///
  /// The noise's variance is drawn from its inverse gamma distribution; the mean reward is then normal. That is the
  /// law of a draw of all weights times the features, by one triangular solve.
  ///
  /// Source: Riquelme et al. 2018, §3 (linear methods); Bishop 2006, exercises 3.12 and 3.13.
  public func draw(_ stream: inout RandomStream) -> Double {
    let noise = scale / stream.gamma(shape: shape)
    return mean + (noise * variance).squareRoot() * stream.normal()
  }
}

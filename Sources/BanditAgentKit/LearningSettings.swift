public import BanditCore
public import BanditLearning

extension OptimiserKind: SettingChoice {}
extension LearningRateSchedule.Shape: SettingChoice {}
extension ReplaySampling: SettingChoice {}
extension KLWeighting: SettingChoice {}
extension KLForm: SettingChoice {}

/// How a learning agent's network is stepped.
public struct OptimiserSettings: SettingGroup {
  /// The rule.
  public var optimiser = OptimiserKind.adam
  /// The first learning rate.
  public var learningRate = 1e-4
  /// What the velocity keeps a step (sgd).
  public var momentum = 0.0
  /// Decoupled decay (adamw).
  public var weightDecay = 0.0
  /// How the learning rate changes with the environment's steps.
  public var schedule = LearningRateSchedule.Shape.step
  /// Environment steps between decays (step, exponential).
  public var scheduleEvery = 5_000
  /// The decay (step, exponential).
  public var scheduleFactor = 0.5
  /// The length in environment steps, with the warm-up (cosine, linear).
  public var scheduleSteps = 50_000
  /// Environment steps of rising learning rate before the schedule begins.
  public var warmupSteps = 0

  /// The report's: Adam at 10⁻⁴, halved every 5,000 steps.
  public init() {}

  /// A line on each setting, by key.
  public static let help = [
    "optimiser": "rule that turns gradients into steps",
    "learningRate": "first learning rate",
    "momentum": "what the velocity keeps a step (sgd)",
    "weightDecay": "decoupled weight decay (adamw)",
    "schedule": "how the learning rate changes with the environment's steps",
    "scheduleEvery": "environment steps between decays (step, exponential)",
    "scheduleFactor": "the decay (step, exponential)",
    "scheduleSteps": "length in environment steps, with the warm-up (cosine, linear)",
    "warmupSteps": "environment steps of rising learning rate before the schedule begins",
  ]

  /// The same settings, checked; throws a `ConfigurationError` for one out of range.
  public func validated() throws(ConfigurationError) -> OptimiserSettings {
    try ConfigurationError.require(
      learningRate > 0, key: "learningRate", given: learningRate, allowed: "above 0")
    try ConfigurationError.require(
      (0..<1).contains(momentum), key: "momentum", given: momentum, allowed: "from 0 to below 1")
    try ConfigurationError.require(
      weightDecay >= 0, key: "weightDecay", given: weightDecay, allowed: "0 or more")
    try ConfigurationError.require(
      scheduleEvery > 0, key: "scheduleEvery", given: scheduleEvery, allowed: "1 or more")
    try ConfigurationError.require(
      scheduleFactor > 0 && scheduleFactor <= 1, key: "scheduleFactor", given: scheduleFactor,
      allowed: "above 0, at most 1")
    try ConfigurationError.require(
      scheduleSteps > 0, key: "scheduleSteps", given: scheduleSteps, allowed: "1 or more")
    try ConfigurationError.require(
      (0..<Int.max).contains(warmupSteps), key: "warmupSteps", given: warmupSteps,
      allowed: "0 to \(Int.max - 1)")
    return self
  }

  /// The learning rate at an environment step, counted from 0.
  public func rate(at step: Int) -> Double {
    let curve = LearningRateSchedule(
      schedule, every: scheduleEvery, factor: scheduleFactor, total: scheduleSteps, warmup: warmupSteps)
    return learningRate * curve.factor(at: step)
  }
}

/// What a learning agent remembers and how often it trains on it.
public struct ReplaySettings: SettingGroup {
  /// Steps remembered, the oldest forgotten first; 0 for all.
  public var bufferSize = 4_096
  /// How minibatches are drawn.
  public var sampling = ReplaySampling.permutation
  /// Steps of random play to start with.
  public var prefill = 4_096
  /// Environment steps between training rounds.
  public var trainEvery = 1
  /// Optimiser steps a training round.
  public var minibatches = 64
  /// Examples a minibatch.
  public var batchSize = 64
  /// The units in which networks see rewards: `none`, a number to divide by, or `auto` (running mean and deviation).
  public var rewardScale = "none"

  /// More would be a slip of the hand, and no memory holds the activations.
  private static let largestBatch = 65_536
  /// A longer round or prefill would be a slip of the hand too.
  private static let (longestRound, longestPrefill) = (100_000, 10_000_000)

  /// The report's: 64 minibatches of 64 a step, from the last 4,096 steps.
  public init() {}

  /// A line on each setting, by key.
  public static let help = [
    "bufferSize": "steps remembered, the oldest forgotten first; 0 for all",
    "sampling": "minibatches from a random order of the whole buffer, or with replacement",
    "prefill": "steps of random play to start with",
    "trainEvery": "environment steps between training rounds",
    "minibatches": "optimiser steps a training round",
    "batchSize": "examples a minibatch",
    "rewardScale":
      "units in which networks see rewards: none, a number to divide by, or auto (running mean and deviation)",
  ]

  /// The same settings, checked; throws a `ConfigurationError` for one out of range.
  public func validated() throws(ConfigurationError) -> ReplaySettings {
    try ConfigurationError.require(
      bufferSize >= 0, key: "bufferSize", given: bufferSize, allowed: "0 (no bound) or more")
    try ConfigurationError.require(
      (0...Self.longestPrefill).contains(prefill), key: "prefill", given: prefill,
      allowed: "0 to \(Self.longestPrefill)")
    try ConfigurationError.require(trainEvery > 0, key: "trainEvery", given: trainEvery, allowed: "1 or more")
    try ConfigurationError.require(
      (1...Self.longestRound).contains(minibatches), key: "minibatches", given: minibatches,
      allowed: "1 to \(Self.longestRound)")
    try ConfigurationError.require(
      (1...Self.largestBatch).contains(batchSize), key: "batchSize", given: batchSize,
      allowed: "1 to \(Self.largestBatch)")
    _ = try RewardScaling(rewardScale)
    return self
  }
}

/// A network's sizes and what it says of a reward.
public struct NetworkSettings: SettingGroup {
  /// Units of each hidden layer.
  public var hiddenLayers = [100, 100]

  /// More would be a slip of the hand: a Gaussian posterior takes 40 bytes a weight.
  private static let mostConnections = 1e7

  /// The report's: two layers of 100 rectified linear units.
  public init() {}

  /// A line on each setting, by key.
  public static let help = ["hiddenLayers": "units of each hidden layer"]

  /// The same settings, checked; throws a `ConfigurationError` for one out of range.
  public func validated() throws(ConfigurationError) -> NetworkSettings {
    try ConfigurationError.require(
      hiddenLayers.allSatisfy { $0 > 0 }, key: "hiddenLayers",
      given: hiddenLayers.map(String.init).joined(separator: ","), allowed: "sizes of 1 or more")
    let connections = zip([1] + hiddenLayers, hiddenLayers).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    try ConfigurationError.require(
      connections <= Self.mostConnections, key: "hiddenLayers",
      given: hiddenLayers.map(String.init).joined(separator: ","),
      allowed: "sizes with at most \(Int(Self.mostConnections)) connections between them")
    return self
  }
}

/// What the network says of a reward.
public enum RewardModel: String, SettingChoice {
  /// Squared error: no noise model.
  case squaredError = "squared-error"
  /// A Gaussian around the output.
  case gaussian
  /// A Laplace distribution around the output.
  case laplace
  /// A Gaussian whose mean and variance are two outputs.
  case gaussianHead = "gaussian-head"
  /// A Laplace distribution whose middle and scale are two outputs.
  case laplaceHead = "laplace-head"

  /// The likelihood with a standard deviation or scale, which heads and squared errors do not use.
  ///
  /// - Throws: `ConfigurationError` for a scale of 0 or less.
  public func likelihood(scale: Double) throws(ConfigurationError) -> Likelihood {
    try ConfigurationError.require(scale > 0, key: "noiseSigma", given: scale, allowed: "above 0")
    return switch self {
    case .squaredError: .squaredError
    case .gaussian: .gaussian(sigma: scale)
    case .laplace: .laplace(scale: scale)
    case .gaussianHead: .gaussianMeanVariance
    case .laplaceHead: .laplaceMeanScale
    }
  }
}

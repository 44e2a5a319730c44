import BanditCore
public import BanditLearning

/// The units in which a network sees rewards: a reward is (reward − centre) / deviation there.
public struct RewardScale: Codable, Hashable, Sendable {
  /// The reward that is 0 there.
  public let centre: Double
  /// What is 1 there, above 0.
  public let deviation: Double

  /// Rewards as they are.
  public static let none = RewardScale(centre: 0, deviation: 1)

  /// A reward in these units.
  public func scaled(_ reward: Double) -> Double {
    self == .none ? reward : (reward - centre) / deviation
  }

  /// The reward that a network's output means.
  public func reward(_ output: Double) -> Double {
    self == .none ? output : centre + deviation * output
  }

  /// The same units, read from a checkpoint.
  ///
  /// - Throws: `TensorError` for numbers that no units have.
  public func validated() throws(TensorError) -> RewardScale {
    guard centre.isFinite, deviation.isFinite, deviation > 0 else {
      throw .wrongState(
        "units of rewards: centre \(centre), deviation \(deviation); allowed: finite, deviation above 0")
    }
    return self
  }

  /// The variance of a reward whose variance in these units is given.
  public func rewardVariance(_ variance: Double) -> Double { deviation * deviation * variance }
}

/// How the units of rewards come about: `none`, a number to divide by, or `auto`, the mean and deviation of all rewards.
///
/// `auto` keeps both by Welford's updates; until rewards differ the deviation is 1.
struct RewardScaling: Sendable {
  private enum Rule { case fixed(RewardScale), running }

  private let rule: Rule
  private var rewards = Rewards()

  /// Number, mean and summed squared deviations of the rewards so far.
  struct Rewards: Codable, Hashable, Sendable {
    var count = 0
    var mean = 0.0
    var squares = 0.0
  }

  /// Reads the setting `rewardScale`.
  init(_ text: String) throws(ConfigurationError) {
    switch text {
    case "none": rule = .fixed(.none)
    case "auto": rule = .running
    default:
      let number = Double(text) ?? 0
      try ConfigurationError.require(
        number > 0 && number.isFinite, key: "rewardScale", given: text,
        allowed: "auto, none or a number above 0")
      rule = .fixed(RewardScale(centre: 0, deviation: number))
    }
  }

  /// Counts a reward.
  mutating func add(_ reward: Double) {
    guard case .running = rule else { return }
    rewards.count += 1
    let difference = reward - rewards.mean
    rewards.mean += difference / Double(rewards.count)
    rewards.squares += difference * (reward - rewards.mean)
  }

  /// The units at present.
  var scale: RewardScale {
    switch rule {
    case .fixed(let scale): return scale
    case .running:
      let deviation = rewards.count > 1 ? (rewards.squares / Double(rewards.count)).squareRoot() : 0
      return RewardScale(centre: rewards.mean, deviation: deviation > 0 ? deviation : 1)
    }
  }

  /// The rewards so far; nil where the units do not depend on them.
  var state: Rewards? {
    if case .running = rule { rewards } else { nil }
  }

  /// Resumes from a state; nil, as fixed units have it, begins anew.
  mutating func restore(_ state: Rewards?) throws(TensorError) {
    let state = state ?? Rewards()
    try TensorError.requireCount(state.count, "count of rewards")
    guard state.mean.isFinite, state.squares.isFinite, state.squares >= 0 else {
      throw .wrongState(
        "rewards: mean \(state.mean) and squares \(state.squares) are not allowed; "
          + "allowed: finite numbers, squares of 0 or more")
    }
    rewards = state
  }
}

public import BanditCore
public import BanditNumerics

/// A bandit without context: each arm pays a normal reward around its own mean.
///
/// Source: Sutton and Barto 2018, Reinforcement Learning, §2.3, the ten-armed testbed.
public struct GaussianArms: DrawnTaskEnvironment, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The number of arms whose means are drawn.
    public var arms = 10
    /// The mean reward of each arm; empty to draw them.
    public var means: [Double] = []
    /// The standard deviation of rewards.
    public var deviation = 1.0

    /// Ten arms.
    public init() {}
  }

  /// `gaussian-arms`.
  public static let name = "gaussian-arms"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "No context: ten arms with normal rewards around means that are drawn once.",
    paper: "Sutton and Barto 2018, Reinforcement Learning, §2.3: the ten-armed testbed",
    deviations:
      "The context is one number, always 1. The luck of a step is one number, the same for all arms.",
    settings: [
      "arms": "number of arms whose means are drawn, each standard normal",
      "means": "mean reward of each arm, in place of drawn ones",
      "deviation": "standard deviation of rewards around their mean",
    ])

  /// A constant, the arms and the counter.
  public let spec: TaskSpec
  /// The mean reward of each arm.
  public let means: [Double]

  private let deviation: Double
  private var stream: RandomStream
  private var luck = 0.0

  /// Draws the means unless they are given.
  public init(configuration: Configuration, stream: RandomStream) throws {
    try ConfigurationError.require(
      (2...256).contains(configuration.arms), key: "arms", given: configuration.arms, allowed: "2 to 256")
    try ConfigurationError.require(
      configuration.means.isEmpty
        || (2...256).contains(configuration.means.count)
          && configuration.means.allSatisfy((-1e6...1e6).contains),
      key: "means", given: configuration.means, allowed: "none, or 2 to 256 numbers from -1e6 to 1e6")
    try ConfigurationError.require(
      (0...1e6).contains(configuration.deviation), key: "deviation", given: configuration.deviation,
      allowed: "0 to 1e6")
    var task = stream.child("task")
    means =
      configuration.means.isEmpty
      ? (0..<configuration.arms).map { _ in task.normal() } : configuration.means
    spec = .arms(means.count, features: 1)
    deviation = configuration.deviation
    self.stream = stream
  }

  /// Shows 1 and draws the luck of the step, whatever will be done.
  public mutating func observe(into observation: inout Observation) {
    observation.features[0] = 1
    luck = stream.normal()
  }

  /// The means.
  public func audit() -> Audit { Audit(expectedRewards: means) }

  /// Pays an arm's reward.
  public mutating func step(_ action: Int) -> Outcome {
    precondition(means.indices.contains(action), "an action is one of the \(means.count) arms")
    return Outcome(
      reward: means[action] + deviation * luck, counts: [audit().bestAction == action ? 1 : 0])
  }

  /// The position in the random numbers; the means follow from the stream that the environment is made with.
  public var state: RandomStream { stream }

  /// Goes on with other luck.
  public mutating func practise(stream: RandomStream) { self.stream = stream }

  /// Continues with the saved random numbers.
  public mutating func restore(_ state: RandomStream) { stream = state }
}

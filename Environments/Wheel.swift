public import BanditCore
public import BanditNumerics

/// The wheel bandit: beyond a radius, one of four arms pays fifty times as much, by the quadrant.
///
/// Contexts are uniform in the unit disc. Inside the radius δ the fifth arm is the best by a little; the nearer δ is to 1,
/// the more rarely anything else is worth finding out.
///
/// Source: Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown, §5.2 and its code.
public struct Wheel: RestartableEnvironment, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The radius within which no arm pays much.
    public var delta = 0.95
    /// The mean reward of each arm, but for the high ones.
    public var means = [1, 1, 1, 1, 1.2]
    /// The standard deviation of each arm's reward, but for the high ones.
    public var deviations = [0.05, 0.05, 0.05, 0.05, 0.05]
    /// The mean of high rewards.
    public var high = 50.0
    /// The standard deviation of high rewards.
    public var highDeviation = 0.01

    /// The source's wheel, δ = 0.95.
    public init() {}
  }

  /// `wheel`.
  public static let name = "wheel"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Points in a disc: far out, one arm by the quadrant pays 50; elsewhere the fifth is a little better.",
    paper: "Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown (arXiv:1802.09127), §5.2",
    deviations: "The luck of a step is one normal number, scaled for each arm.",
    settings: [
      "delta": "radius from which on an arm pays the high reward",
      "means": "mean reward of each of the five arms where it is not high",
      "deviations": "standard deviation of each arm's reward where it is not high",
      "high": "mean of the high reward: arm 1 to the upper right, 2 lower right, 3 upper left, 4 lower left",
      "highDeviation": "standard deviation of the high reward",
    ])

  /// The two coordinates, five arms and the counter.
  public let spec = TaskSpec.arms(5, features: 2)

  private let configuration: Configuration
  private var stream: RandomStream
  private var luck = 0.0
  /// The arm that pays the high reward here, if any.
  private var highArm: Int?

  /// Creates the environment.
  public init(configuration: Configuration, stream: RandomStream) throws {
    let sizes = -1e6...1e6
    try ConfigurationError.require(
      (0...1).contains(configuration.delta), key: "delta", given: configuration.delta, allowed: "0 to 1")
    try ConfigurationError.require(
      configuration.means.count == 5 && configuration.means.allSatisfy(sizes.contains),
      key: "means", given: configuration.means, allowed: "5 numbers from -1e6 to 1e6")
    try ConfigurationError.require(
      configuration.deviations.count == 5 && configuration.deviations.allSatisfy((0...1e6).contains),
      key: "deviations", given: configuration.deviations, allowed: "5 numbers from 0 to 1e6")
    try ConfigurationError.require(
      sizes.contains(configuration.high), key: "high", given: configuration.high, allowed: "-1e6 to 1e6")
    try ConfigurationError.require(
      (0...1e6).contains(configuration.highDeviation), key: "highDeviation",
      given: configuration.highDeviation, allowed: "0 to 1e6")
    self.configuration = configuration
    self.stream = stream
  }

  /// Draws a point of the disc and the luck of the step, whatever will be done.
  public mutating func observe(into observation: inout Observation) {
    var (x, y, square) = (0.0, 0.0, 2.0)
    while square > 1 {
      x = stream.uniform(from: -1, to: 1)
      y = stream.uniform(from: -1, to: 1)
      square = x * x + y * y
    }
    luck = stream.normal()
    observation.features[0] = Float(x)
    observation.features[1] = Float(y)
    let isFar = square >= configuration.delta * configuration.delta
    highArm = isFar ? (x > 0 ? 0 : 2) + (y > 0 ? 0 : 1) : nil
  }

  /// The mean reward of each arm at this point.
  public func audit() -> Audit {
    var means = configuration.means
    if let highArm { means[highArm] = configuration.high }
    return Audit(expectedRewards: means)
  }

  /// Pays an arm's reward.
  public mutating func step(_ action: Int) -> Outcome {
    precondition((0..<5).contains(action), "an action is one of the five arms")
    let audit = audit()
    let deviation =
      action == highArm ? configuration.highDeviation : configuration.deviations[action]
    return Outcome(
      reward: audit.expectedRewards[action] + deviation * luck,
      counts: [audit.bestAction == action ? 1 : 0])
  }

  /// The position in the random numbers; point and luck are drawn at each step.
  public var state: RandomStream { stream }

  /// Takes other random numbers; everything else is drawn at each step.
  public mutating func restart(stream: RandomStream) { self.stream = stream }

  /// Continues with the saved random numbers.
  public mutating func restore(_ state: RandomStream) { stream = state }
}

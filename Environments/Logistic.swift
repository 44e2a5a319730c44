import Foundation
public import BanditCore
public import BanditNumerics

/// Rewards of 0 or 1 whose probability is a logistic function of the context.
///
/// Source: Filippi, Cappé, Garivier and Szepesvári 2010, Parametric bandits: the generalized linear case.
public struct Logistic: DrawnTaskEnvironment, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The number of numbers in a context.
    public var features = 10
    /// The number of arms.
    public var actions = 8
    /// The length of each arm's coefficients: how sure the rewards are.
    public var slope = 3.0

    /// Eight arms in ten dimensions.
    public init() {}
  }

  /// `logistic`.
  public static let name = "logistic"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Rewards of 0 or 1, by a logistic probability of a normal context of ten numbers; eight arms.",
    paper:
      "Filippi, Cappé, Garivier and Szepesvári 2010, Parametric bandits: the generalized linear case (the model)",
    deviations: """
      Sizes and coefficients are this program's: each arm's are uniform from -1 to 1, brought to the length slope. The \
      luck of a step is one uniform number, the same for all arms.
      """,
    settings: [
      "features": "numbers in a context, each standard normal",
      "actions": "number of arms",
      "slope": "length of each arm's coefficients: the larger, the surer the rewards",
    ])

  /// The numbers of a context, the arms and the counter.
  public let spec: TaskSpec

  private let slope: Double
  private var scores: LinearScores
  private var stream: RandomStream
  private var probabilities: [Double]
  private var luck = 0.0

  /// Draws the coefficients.
  public init(configuration: Configuration, stream: RandomStream) throws {
    try ConfigurationError.require(
      (1...10_000).contains(configuration.features), key: "features", given: configuration.features,
      allowed: "1 to 10000")
    try ConfigurationError.require(
      (2...256).contains(configuration.actions), key: "actions", given: configuration.actions,
      allowed: "2 to 256")
    try ConfigurationError.require(
      (0...1_000).contains(configuration.slope), key: "slope", given: configuration.slope,
      allowed: "0 to 1000")
    spec = .arms(configuration.actions, features: configuration.features)
    slope = configuration.slope
    scores = LinearScores(
      features: configuration.features, actions: configuration.actions, stream: stream)
    probabilities = scores.values
    self.stream = stream
  }

  /// The coefficients of each arm.
  public var coefficients: [[Double]] { scores.coefficients.map { $0.map { slope * $0 } } }

  /// Draws a context and the luck of the step, whatever will be done.
  public mutating func observe(into observation: inout Observation) {
    observation.drawNormals(from: &stream)
    luck = stream.uniform()
    scores.score(observation.features)
    for action in probabilities.indices {
      probabilities[action] = 1 / (1 + exp(-slope * scores.values[action]))
    }
  }

  /// The probability of a reward, by arm.
  public func audit() -> Audit { Audit(expectedRewards: probabilities) }

  /// Pays 1 or 0.
  public mutating func step(_ action: Int) -> Outcome {
    precondition(probabilities.indices.contains(action), "an action is one of the \(spec.actionCount) arms")
    return Outcome(
      reward: luck < probabilities[action] ? 1 : 0, counts: [audit().bestAction == action ? 1 : 0])
  }

  /// The position in the random numbers; the coefficients follow from the stream that the environment is made with.
  public var state: RandomStream { stream }

  /// Goes on with other contexts and other luck.
  public mutating func practise(stream: RandomStream) { self.stream = stream }

  /// Continues with the saved random numbers.
  public mutating func restore(_ state: RandomStream) { stream = state }
}

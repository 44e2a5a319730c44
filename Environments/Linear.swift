public import BanditCore
public import BanditNumerics

/// Rewards that are linear in a normal context, with coefficients of unit length and a little noise.
///
/// Source: Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown, §5.1 and its code.
public struct Linear: DrawnTaskEnvironment, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The number of numbers in a context.
    public var features = 10
    /// The number of arms.
    public var actions = 8
    /// The noise's standard deviation of the first arm; of the second twice as much, and so on.
    public var noise = 0.01

    /// Eight arms in ten dimensions.
    public init() {}
  }

  /// `linear`.
  public static let name = "linear"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Rewards linear in a normal context of ten numbers, eight arms, a little noise.",
    paper: "Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown (arXiv:1802.09127), code",
    deviations: """
      The optimum is the best expected reward; the source's code takes the noisy reward of the arm with the best mean. \
      The noise of a step is one number, scaled for each arm.
      """,
    settings: [
      "features": "numbers in a context, each standard normal",
      "actions": "number of arms",
      "noise": "standard deviation of the noise: this much times the arm's number, counted from 1",
    ])

  /// The numbers of a context, the arms and the counter.
  public var spec: TaskSpec { task.spec }

  private var task: LinearTask

  /// Draws the coefficients.
  public init(configuration: Configuration, stream: RandomStream) throws {
    task = try LinearTask(
      LinearTask.Size(
        features: configuration.features, actions: configuration.actions, noise: configuration.noise),
      stream: stream)
  }

  /// The coefficients of each arm.
  public var coefficients: [[Double]] { task.scores.coefficients }

  /// Draws a context and the luck of the step, whatever will be done.
  public mutating func observe(into observation: inout Observation) { task.observe(into: &observation) }

  /// The rewards without noise.
  public func audit() -> Audit { task.audit }

  /// Pays an arm's reward.
  public mutating func step(_ action: Int) -> Outcome { task.step(action) }

  /// The position in the random numbers; the coefficients follow from the stream that the environment is made with.
  public var state: RandomStream { task.stream }

  /// Goes on with other contexts and other luck.
  public mutating func practise(stream: RandomStream) { task.stream = stream }

  /// Continues with the saved random numbers.
  public mutating func restore(_ state: RandomStream) { task.stream = state }
}

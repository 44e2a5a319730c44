public import BanditCore
public import BanditNumerics

/// Takes every action with the same probability: a calibration line.
public struct Uniform: ProbabilityAgent, Checkpointable {
  /// `uniform`.
  public static let name = "uniform"

  /// It learns nothing.
  public static let role = AgentRole.baseline

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Takes every action with the same probability; a calibration line.")

  private let actionCount: Int
  private var stream: RandomStream

  /// Creates the agent.
  public init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {
    actionCount = spec.actionCount
    self.stream = stream
  }

  /// Takes a random action.
  public mutating func selectAction(for observation: Observation) -> Decision {
    Decision(action: stream.integer(below: actionCount), propensity: 1 / Double(actionCount))
  }

  /// The same for all actions.
  public func probabilities(for observation: Observation) -> [Double] {
    Array(repeating: 1 / Double(actionCount), count: actionCount)
  }

  /// Learns nothing.
  public mutating func update(_ transition: Transition) {}

  /// Where the random numbers are.
  public var state: RandomStream { stream }

  /// Resumes the random numbers.
  public mutating func restore(_ state: RandomStream) { stream = state }
}

public import BanditCore
public import BanditNumerics

/// Takes every action with the same probability: a calibration line.
public struct Uniform: ProbabilityAgent, ActionFeatureAgent, Checkpointable {
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
    let count = observation.availableCount(of: actionCount)
    return Decision(
      action: observation.availableAction(stream.integer(below: count)), propensity: 1 / Double(count))
  }

  /// The same for all actions.
  public func probabilities(for observation: Observation) -> [Double] {
    let share = 1 / Double(observation.availableCount(of: actionCount))
    return (0..<actionCount).map { observation.isAvailable($0) ? share : 0 }
  }

  /// Learns nothing.
  public mutating func update(_ transition: Transition) {}

  /// Where the random numbers are.
  public var state: RandomStream { stream }

  /// Resumes the random numbers.
  public mutating func restore(_ state: RandomStream) { stream = state }
}

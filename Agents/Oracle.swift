public import BanditCore
public import BanditNumerics

/// Takes the action with the largest expected reward, which it is told: a calibration line at regret 0.
public struct Oracle: AuditReader, ActionFeatureAgent, Checkpointable {
  /// `oracle`.
  public static let name = "oracle"

  /// It is told the truth.
  public static let role = AgentRole.calibration

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Is told the expected rewards and takes the best action; a calibration line, no rival.")

  private var bestAction = 0

  /// Creates the agent.
  public init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {}

  /// Notes the best action.
  public mutating func foresee(_ audit: Audit) { bestAction = audit.bestAction }

  /// Takes it.
  public mutating func selectAction(for observation: Observation) -> Decision {
    Decision(action: bestAction, propensity: 1)
  }

  /// Learns nothing.
  public mutating func update(_ transition: Transition) {}

  /// It is told the best action at every step.
  public var state: NoState { NoState() }

  /// Takes the best action.
  public mutating func restore(_ state: NoState) {}
}

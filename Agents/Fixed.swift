public import BanditCore
public import BanditNumerics

/// Takes the same action at every step: a calibration line.
public struct Fixed: ProbabilityAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The action's name or index.
    public var action = "0"

    /// The first action.
    public init() {}
  }

  /// `fixed`.
  public static let name = "fixed"

  /// It learns nothing.
  public static let role = AgentRole.baseline

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Takes the same action at every step; a calibration line.",
    settings: ["action": "name or index of the action (mushroom: eat, reject)"])

  private let action: Int
  private let actionCount: Int

  /// Creates the agent; throws where the task has no such action.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    let names = spec.actionNames
    let indices = names.indices.map(String.init)
    guard
      let action = names.firstIndex(of: configuration.action) ?? indices.firstIndex(of: configuration.action)
    else {
      throw ConfigurationError.unknown("action", configuration.action, among: names + indices)
    }
    self.action = action
    actionCount = spec.actionCount
  }

  /// Takes the action.
  public mutating func selectAction(for observation: Observation) -> Decision {
    Decision(action: action, propensity: 1)
  }

  /// 1 for its action.
  public func probabilities(for observation: Observation) -> [Double] {
    (0..<actionCount).map { $0 == action ? 1 : 0 }
  }

  /// Learns nothing.
  public mutating func update(_ transition: Transition) {}

  /// Its action is a setting.
  public var state: NoState { NoState() }

  /// Takes the same action.
  public mutating func restore(_ state: NoState) {}
}

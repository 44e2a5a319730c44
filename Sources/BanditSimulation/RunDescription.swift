public import BanditCore

/// What a run says of its task and agent in `manifest.json`, so that its log can be read without either.
public struct RunDescription: Codable, Hashable, Sendable {
  /// The names of the actions, by index.
  public var actions: [String]
  /// What part the agent takes in comparisons.
  public var role: AgentRole
  /// Lines beside the agent's regret.
  public var referenceLines: [ReferenceLine]
  /// Steps of random play that the agent was shown before its first own step, which count in no regret.
  public var prefillSteps: Int
  /// The names of the agent's measurements, columns of the log.
  public var measurements: [String]
  /// False for the replay of a log, which has rewards alone; nil where there is regret.
  public var hasRegret: Bool?

  enum CodingKeys: String, CodingKey {
    case actions, role, measurements
    case referenceLines = "reference_lines"
    case prefillSteps = "prefill_steps"
    case hasRegret = "has_regret"
  }
}

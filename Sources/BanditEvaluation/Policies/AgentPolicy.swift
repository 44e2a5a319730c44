public import BanditCore
public import BanditNumerics

/// A registered agent as a policy: it learns from logged rows as from steps of its own.
///
/// An agent's first rows are shown as its free play, as many as it asks for. Where it does not tell the probabilities of
/// its actions, they are the shares of draws, which leaves estimates unbiased.
public struct AgentPolicy: LoggedPolicy {
  private var agent: any Agent
  private let name: String
  private let draws: Int
  private let actionCount: Int
  private var freePlay: Int

  /// Creates an agent by its name.
  ///
  /// - `draws`: how many decisions probabilities are estimated from, where the agent does not tell them.
  /// - Throws: `ConfigurationError` for a name or settings that are not allowed, and for an agent that is told the truth.
  public init(
    named name: String, settings: [String: SettingValue], spec: TaskSpec, stream: RandomStream,
    registry: Registry, draws: Int = 100
  ) throws {
    precondition(draws > 0, "probabilities need draws")
    (agent, _) = try registry.makeAgent(named: name, settings: settings, spec: spec, stream: stream)
    guard !(agent is any AuditReader) else {
      throw ConfigurationError(
        key: "--policy", given: name, allowed: "an agent that is not told expected rewards: a log has none")
    }
    self.name = name
    self.draws = draws
    actionCount = spec.actionCount
    freePlay = (agent as? any PrefilledAgent)?.prefillSteps ?? 0
  }

  /// An agent that learns nothing has the role of a baseline.
  public var learns: Bool { type(of: agent).role != .baseline }

  /// Whether probabilities are estimated.
  public var estimatesProbabilities: Bool { !(agent is any ProbabilityAgent) }

  /// Learns from a row.
  public mutating func learn(_ interaction: LoggedInteraction) throws {
    try LongWork.check()
    if freePlay > 0, var filled = agent as? any PrefilledAgent {
      freePlay -= 1
      try filled.prefill(interaction.transition)
      agent = filled
    } else {
      try agent.update(interaction.transition)
    }
  }

  /// The agent's own, or the shares of draws.
  public mutating func probabilities(at interaction: LoggedInteraction) throws -> [Double] {
    if var copy = agent as? any ProbabilityAgent {
      return try copy.probabilities(for: interaction.observation)
    }
    var shares = Array(repeating: 0.0, count: actionCount)
    for _ in 0..<draws { shares[try action(at: interaction)] += 1 / Double(draws) }
    return shares
  }

  /// The agent's decision.
  public mutating func action(at interaction: LoggedInteraction) throws -> Int {
    let action = try agent.selectAction(for: interaction.observation).action
    guard (0..<actionCount).contains(action) else {
      throw ConfigurationError(
        key: "--policy", given: name, allowed: "an agent whose actions are 0 to \(actionCount - 1)")
    }
    return action
  }
}

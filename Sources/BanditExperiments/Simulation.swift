public import BanditCore
import BanditNumerics

/// One agent in one environment under one seed.
///
/// Random streams are derived by name: the environment's, the agent's and the prefill's never shift one another.
public struct Simulation {
  /// What decides the numbers.
  public let settings: RunSettings
  /// What agents are told of the task.
  public let spec: TaskSpec

  private var environment: any Environment
  private var agent: any Agent
  private let registry: Registry

  /// Creates both sides of the bandit.
  ///
  /// - Throws: `ConfigurationError` for settings that a component refuses.
  public init(_ settings: RunSettings, registry: Registry) throws {
    self.settings = settings
    self.registry = registry
    let root = RandomStream(seed: settings.seed)
    environment = try registry.environment(named: settings.environment)
      .make(settings.environmentSettings, stream: root.child("environment"))
    spec = environment.spec
    agent = try registry.agent(named: settings.agent)
      .make(settings.settings, spec: spec, stream: root.child("agent"))
  }

  /// Plays the run.
  ///
  /// - Parameters:
  ///   - record: is given every step's row, in order, and writes it.
  ///   - shouldStop: is asked before every step; true ends the run there, with a whole summary.
  /// - Returns: the totals of the steps played.
  /// - Throws: what components and `record` throw, and `AgentError` for an action that does not exist.
  public mutating func run(
    record: (borrowing StepRecord) throws -> Void, shouldStop: () -> Bool = { false }
  ) throws -> RunTotals {
    try prefill()
    let reader = agent is any AuditReader
    var totals = RunTotals(counters: spec.counters)
    var observation = Observation(spec)
    let clock = ContinuousClock()
    while totals.steps < settings.steps && !shouldStop() {
      try environment.observe(into: &observation)
      if reader { try tellTheTruth() }
      let started = clock.now
      let decision = try agent.selectAction(for: observation)
      let decided = clock.now
      guard (0..<spec.actionCount).contains(decision.action) else {
        throw AgentError(agent: settings.agent, action: decision.action, actionCount: spec.actionCount)
      }
      let outcome = try environment.step(decision.action)
      let stepped = clock.now
      try agent.update(Transition(observation: observation, decision: decision, reward: outcome.reward))
      let updated = clock.now
      totals.add(decision: decision, outcome: outcome, diagnostics: agent.diagnostics)
      try record(totals.record)
      totals.addTimes(acting: decided - started, training: updated - stepped, logging: clock.now - updated)
    }
    return totals
  }

  /// Shows the agent its steps of random play, in an environment of their own.
  private mutating func prefill() throws {
    guard var filled = agent as? any PrefilledAgent, filled.prefillSteps > 0 else { return }
    let stream = RandomStream(seed: settings.seed).child("prefill")
    var actions = stream.child("actions")
    var practice = try registry.environment(named: settings.environment)
      .make(settings.environmentSettings, stream: stream.child("environment"))
    var observation = Observation(spec)
    for _ in 0..<filled.prefillSteps {
      try practice.observe(into: &observation)
      let decision = Decision(
        action: actions.integer(below: spec.actionCount), propensity: 1 / Double(spec.actionCount))
      let outcome = try practice.step(decision.action)
      try filled.prefill(Transition(observation: observation, decision: decision, reward: outcome.reward))
    }
    agent = filled
  }

  /// Plays the step in a copy of the environment and tells the agent what came of it.
  private mutating func tellTheTruth() throws {
    var copy = environment
    let audit = try copy.step(0).audit
    guard var reader = agent as? any AuditReader else { return }
    reader.foresee(audit)
    agent = reader
  }
}

/// An agent chose an action that the task does not have.
public struct AgentError: Error, Hashable, Sendable, CustomStringConvertible {
  let agent: String
  let action: Int
  let actionCount: Int

  /// The sentence a user reads.
  public var description: String {
    "agent '\(agent)' chose action \(action); this task's actions are 0 to \(actionCount - 1)"
  }
}

extension Agent {
  fileprivate static func make(
    _ values: [String: SettingValue], spec: TaskSpec, stream: RandomStream
  ) throws -> any Agent {
    try Self(
      configuration: Settings.applying(values.asAssignments, to: Configuration()), spec: spec, stream: stream)
  }
}

extension Environment {
  /// An environment with values for all its settings.
  static func make(
    _ values: [String: SettingValue], stream: RandomStream
  ) throws -> any Environment {
    try Self(configuration: Settings.applying(values.asAssignments, to: Configuration()), stream: stream)
  }
}

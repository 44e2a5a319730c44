public import BanditNumerics

/// Chooses actions and learns from their rewards.
///
/// Laws (`AgentLaws` in `BanditTesting` checks them; `Component` has more):
/// 1. Every task can be played: dense or one-hot, rows with few active columns or none, whatever the number and the
///    names of features and actions. Defaults suit each of them.
/// 2. Actions are in `0..<spec.actionCount`.
/// 3. A propensity, where given, is in (0, 1]. (Not checked: that it is the right one.)
/// 4. The same configuration, specification, stream and observations give the same decisions and diagnostics.
/// 5. Everything random comes from the given stream: what else is registered or running, on this thread or others,
///    changes nothing.
/// 6. An agent is a value: a copy learns by itself, without touching the original.
///
/// The runner calls `prefill` (of a `PrefilledAgent`) first, then at each step `foresee` (of an `AuditReader`),
/// `selectAction` and `update`, with the observation and decision of that step.
public protocol Agent: Component {
  /// Creates an agent for a task; throws a `ConfigurationError` for settings out of range.
  init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws

  /// Chooses an action in a context.
  mutating func selectAction(for observation: Observation) throws -> Decision

  /// Learns from a step.
  mutating func update(_ transition: Transition) throws

  /// What the agent reports of its learning, for the log; nothing by default.
  var diagnostics: AgentDiagnostics { get }

  /// The names of the measurements that its diagnostics may have, each a column of the log; none by default.
  ///
  /// In lower case with underscores, the same before the first step and after the last.
  var measurementNames: [String] { get }

  /// What part the agent takes in comparisons; a contender by default.
  static var role: AgentRole { get }

  /// The regret of policies that learn nothing, as lines beside an agent of these settings; none by default.
  static func referenceLines(_ configuration: Configuration) -> [ReferenceLine]
}

extension Agent {
  /// Nothing to tell.
  public var diagnostics: AgentDiagnostics { AgentDiagnostics() }

  /// No measurements.
  public var measurementNames: [String] { [] }

  /// A contender.
  public static var role: AgentRole { .contender }

  /// No lines.
  public static func referenceLines(_ configuration: Configuration) -> [ReferenceLine] { [] }
}

extension Registry {
  /// Creates an agent by its name, with the reference lines of its settings.
  ///
  /// - Throws: `ConfigurationError` for a name, a setting or a value that is not allowed, and what the agent throws.
  package func makeAgent(
    named name: String, settings: [String: SettingValue], spec: TaskSpec, stream: RandomStream
  ) throws -> (agent: any Agent, referenceLines: [ReferenceLine]) {
    let agent = try agent(named: name)
    guard !spec.isShaped || agent is any ActionFeatureAgent.Type else {
      let able = agents.filter { $0 is any ActionFeatureAgent.Type }.map { $0.name }
      throw ConfigurationError(
        key: "agent", given: name,
        allowed: "one that takes features of actions and actions that come and go: "
          + able.joined(separator: ", "))
    }
    return try agent.make(settings, spec: spec, stream: stream)
  }
}

extension Agent {
  fileprivate static func make(
    _ values: [String: SettingValue], spec: TaskSpec, stream: RandomStream
  ) throws -> (agent: any Agent, referenceLines: [ReferenceLine]) {
    let configuration = try Settings.applying(values, to: Configuration())
    return (
      try Self(configuration: configuration, spec: spec, stream: stream), referenceLines(configuration)
    )
  }
}

/// An agent that is shown steps of random play before its first own step.
///
/// The runner plays them in a separate environment, so that every agent under a seed then meets the same contexts, with
/// or without them. They are in no log and in no regret; `summary.json` says what they would have cost.
public protocol PrefilledAgent: Agent {
  /// The number of random steps to be shown.
  var prefillSteps: Int { get }

  /// Stores a step of random play; training starts with the agent's own steps.
  mutating func prefill(_ transition: Transition) throws
}

/// An agent that takes features of actions, where a task has them, and takes available actions alone.
///
/// Others are refused such tasks. Laws: every action decided on is available. (`AgentLaws` checks it.)
public protocol ActionFeatureAgent: Agent {}

/// An agent that is told the truth before it acts.
///
/// For calibration lines, never for comparison.
public protocol AuditReader: Agent {
  /// Tells the audit of the step that `selectAction` is about to be asked for.
  mutating func foresee(_ audit: Audit)
}

/// An agent that can share its work out to several threads.
///
/// Laws: no decision and no diagnostics depend on the number of threads. (`AgentLaws` checks it.)
public protocol ParallelAgent: Agent {
  /// Sets how many threads the agent may use, its caller's included: one until this is called.
  mutating func setThreads(_ count: Int)
}

/// An action, and how likely it was.
public struct Decision: Hashable, Sendable {
  /// The action's index.
  public var action: Int
  /// The probability with which the agent would have chosen this action here, if it knows it.
  public var propensity: Double?

  /// Creates a decision.
  public init(action: Int, propensity: Double? = nil) {
    self.action = action
    self.propensity = propensity
  }
}

/// One step as the agent sees it.
public struct Transition: Hashable, Sendable {
  /// The context.
  public var observation: Observation
  /// What was decided in it.
  public var decision: Decision
  /// What came of it.
  public var reward: Double

  /// Creates a transition.
  public init(observation: Observation, decision: Decision, reward: Double) {
    self.observation = observation
    self.decision = decision
    self.reward = reward
  }
}

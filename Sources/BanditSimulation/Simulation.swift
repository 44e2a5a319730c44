public import BanditCore
package import BanditNumerics

/// One agent in one environment under one seed.
///
/// Random streams are derived by name: the environment's, the agent's and the prefill's never shift one another.
public struct Simulation {
  /// What decides the numbers.
  public let settings: RunSettings
  /// What agents are told of the task.
  public let spec: TaskSpec

  private var environment: any Environment
  /// The agent as it is between two steps.
  public private(set) var agent: any Agent
  let registry: Registry
  private let readsAudit: Bool
  /// The context of the step played last.
  public private(set) var observation: Observation
  /// Whether the agent is asked for the probabilities of all actions before every decision.
  var asksProbabilities = false
  /// The probabilities of all actions at the step played last, where they were asked for and the agent knows them.
  public private(set) var probabilities: [Double]?
  private var isPrefilled = false
  /// Rewards that have not arrived, where the environment delays them.
  private var pending: PendingTransitions?
  /// The sums of the steps played.
  public private(set) var totals: RunTotals

  private let referenceLines: [ReferenceLine]

  /// Creates both sides of the bandit.
  ///
  /// - `threads`: how many threads the agent may use; no number depends on it.
  /// - Throws: `ConfigurationError` for settings that a component refuses.
  public init(_ settings: RunSettings, registry: Registry, threads: Int = 1) throws {
    self.settings = settings
    self.registry = registry
    let root = RandomStream(seed: settings.seed)
    environment = try registry.makeEnvironment(
      named: settings.environment, settings: settings.environmentSettings,
      stream: root.child("environment"))
    spec = environment.spec
    observation = Observation(spec)
    totals = RunTotals(counters: spec.counters, actionCount: spec.actionCount)
    (agent, referenceLines) = try registry.makeAgent(
      named: settings.agent, settings: settings.agentSettings, spec: spec, stream: root.child("agent"))
    readsAudit = agent is any AuditReader
    if readsAudit, environment is any LoggedEnvironment {
      throw ConfigurationError(
        key: "agent", given: settings.agent,
        allowed: "an agent that is not told expected rewards: \(settings.environment) does not know them")
    }
    if environment is any DelayedEnvironment { pending = PendingTransitions() }
    if let name = agent.measurementNames.first(where: spec.counters.map(\.name).contains) {
      throw ConfigurationError(
        key: "measurement of \(settings.agent)", given: name,
        allowed: "a name that no counter of \(settings.environment) has")
    }
    if var parallel = agent as? any ParallelAgent {
      parallel.setThreads(threads)
      agent = parallel
    }
  }

  /// Plays the run without files.
  ///
  /// - Parameters:
  ///   - record: is given every step's row, in order.
  ///   - shouldStop: is asked before every step; true ends the run there.
  /// - Returns: the totals of the steps played.
  /// - Throws: what components and `record` throw, and `AgentError` for an action that does not exist.
  public mutating func run(
    record: (borrowing StepRecord) throws -> Void, shouldStop: () -> Bool = { false }
  ) throws -> RunTotals {
    while !isFinished && !shouldStop() {
      guard try step() else { break }
      try record(totals.record)
    }
    try conclude()
    return totals
  }

  /// Tells components that the run is over.
  func conclude() throws {
    for component in [agent as Any, environment] { try (component as? any ConcludedComponent)?.conclude() }
  }

  /// Whether all steps are played, or a log has no more.
  public var isFinished: Bool {
    totals.steps >= settings.steps || (environment as? any LoggedEnvironment)?.isExhausted ?? false
  }

  /// Plays a step, and before the first one the prefill.
  ///
  /// - Returns: false where a log had no further step that the agent could play.
  @discardableResult public mutating func step() throws -> Bool {
    if !isPrefilled {
      try prefill()
      isPrefilled = true
    }
    if environment is any LoggedEnvironment { return try stepInLog() }
    try environment.observe(into: &observation)
    let audit = try environment.audit()
    if readsAudit { tell(audit) }
    let (decision, acting) = try decide()
    try play(decision, audit: audit, acting: acting)
    return true
  }

  /// Goes on to the next step of a log at which the agent takes the logged action, and plays it; false at the log's end.
  private mutating func stepInLog() throws -> Bool {
    while let logged = environment as? any LoggedEnvironment, !logged.isExhausted {
      try LongWork.check()
      try environment.observe(into: &observation)
      let (decision, acting) = try decide()
      guard var matching = environment as? any LoggedEnvironment else { return false }
      let isPlayed = matching.matches(decision.action)
      environment = matching
      guard isPlayed else {
        totals.addTimes(acting: acting)
        continue
      }
      try play(decision, audit: nil, acting: acting)
      return true
    }
    return false
  }

  /// The agent's decision in the context at hand, and the time it took.
  private mutating func decide() throws -> (Decision, Duration) {
    if asksProbabilities, var copy = agent as? any ProbabilityAgent {
      probabilities = try copy.probabilities(for: observation)
    }
    let clock = ContinuousClock()
    let started = clock.now
    let decision = try agent.selectAction(for: observation)
    let decided = clock.now
    guard (0..<spec.actionCount).contains(decision.action) else {
      throw AgentError(agent: settings.agent, action: decision.action, actionCount: spec.actionCount)
    }
    guard observation.isAvailable(decision.action) else {
      throw AgentError(
        agent: settings.agent, action: decision.action, actionCount: spec.actionCount, isMissing: true)
    }
    return (decision, decided - started)
  }

  /// Plays a decision, lets the agent learn and counts the step; without an audit there is no regret.
  private mutating func play(_ decision: Decision, audit: Audit?, acting: Duration) throws {
    let clock = ContinuousClock()
    let outcome = try environment.step(decision.action)
    let stepped = clock.now
    let transition = Transition(observation: observation, decision: decision, reward: outcome.reward)
    if pending != nil {
      try deliver(transition)
    } else {
      try agent.update(transition)
    }
    totals.addTimes(acting: acting, training: clock.now - stepped)
    totals.add(decision, outcome, audit, agent.diagnostics)
  }

  /// Keeps a step until its reward arrives, and updates the agent with those that have.
  private mutating func deliver(_ transition: Transition) throws {
    guard let delay = (environment as? any DelayedEnvironment)?.delay else { return }
    pending?.add(transition, arrives: totals.steps + max(0, delay))
    for transition in pending?.take(until: totals.steps) ?? [] { try agent.update(transition) }
  }

  /// The SHA-256 of the files that the environment has read, by name.
  public var dataFiles: [String: String] { environment.dataFiles }

  /// What the environment has to say of its data, a line each.
  public var notes: [String] { environment.notes }

  /// Notes time that observers took.
  mutating func noteLogging(_ duration: Duration) { totals.addTimes(logging: duration) }

  /// What the task and the agent are, for the manifest.
  var description: RunDescription {
    RunDescription(
      actions: spec.actionNames, role: type(of: agent).role, referenceLines: referenceLines,
      prefillSteps: (agent as? any PrefilledAgent)?.prefillSteps ?? 0,
      measurements: agent.measurementNames, hasRegret: environment is any LoggedEnvironment ? false : nil)
  }

  /// The agent and the environment, if they cannot encode their state; a run with such a component cannot be resumed.
  public var unresumable: [String] {
    func saves(_ component: Any) -> Bool { (component as? any Checkpointable)?.canSaveState ?? false }
    return (saves(agent) ? [] : ["agent '\(settings.agent)'"])
      + (saves(environment) ? [] : ["environment '\(settings.environment)'"])
  }

  /// What a simulation of the same settings is resumed from, beside its agent and environment.
  private struct Progress: Codable {
    let isPrefilled: Bool
    let totals: RunTotals
    /// Nil where the environment delays nothing.
    let pending: PendingTransitions?
  }

  /// Puts the state between two steps into a checkpoint, with those of components that have one.
  package func save(to checkpoint: inout Checkpoint) throws {
    let progress = Progress(isPrefilled: isPrefilled, totals: totals, pending: pending)
    try checkpoint.put(EncodedState(progress, name: "progress"), as: "progress")
    for (name, component) in [("agent", agent as Any), ("environment", environment)] {
      guard let component = component as? any Checkpointable, component.canSaveState else { continue }
      try checkpoint.put(component.encodedState(name: name), as: name)
    }
  }

  /// Resumes from a checkpoint of the same settings.
  package mutating func restore(from checkpoint: Checkpoint) throws {
    let progress = try checkpoint.restoring("progress") { state in
      let progress = try state.decoded(as: Progress.self)
      try progress.totals.check(spec.counters, actionCount: spec.actionCount)
      try progress.pending?.check(spec)
      return progress
    }
    try checkpoint.restoring("agent") { if let agent = try agent.restored($0) { self.agent = agent } }
    try checkpoint.restoring("environment") {
      if let environment = try environment.restored($0) { self.environment = environment }
    }
    (isPrefilled, totals) = (progress.isPrefilled, progress.totals)
    if pending != nil { pending = progress.pending ?? PendingTransitions() }
  }

  /// Another environment of these settings, whose random numbers come from a stream of its own.
  package func makeEnvironment(stream: RandomStream) throws -> any Environment {
    try registry.makeEnvironment(
      named: settings.environment, settings: settings.environmentSettings, stream: stream)
  }

  /// Throws what the agent of other settings would, if it were to play this task.
  package func check(agentOf settings: RunSettings) throws {
    _ = try registry.makeAgent(
      named: settings.agent, settings: settings.agentSettings, spec: spec,
      stream: RandomStream(seed: settings.seed))
  }

  /// Shows the agent its steps of random play, in a separate environment, and counts what they would have cost.
  private mutating func prefill() throws {
    guard var filled = agent as? any PrefilledAgent, filled.prefillSteps > 0 else { return }
    let stream = RandomStream(seed: settings.seed).child("prefill")
    var actions = stream.child("actions")
    var practice = try environment.practising(
      stream: stream.child("environment"), making: makeEnvironment)
    var observation = Observation(spec)
    for _ in 0..<filled.prefillSteps {
      try LongWork.check()
      if let logged = practice as? any LoggedEnvironment {
        if logged.isExhausted { break }
        try practice.observe(into: &observation)
        try showLogged(in: &practice, observation, to: &filled)
        continue
      }
      try practice.observe(into: &observation)
      let audit = try practice.audit()
      let count = observation.availableCount(of: spec.actionCount)
      let decision = Decision(
        action: observation.availableAction(actions.integer(below: count)), propensity: 1 / Double(count))
      let outcome = try practice.step(decision.action)
      try filled.prefill(Transition(observation: observation, decision: decision, reward: outcome.reward))
      totals.addPrefill(regret: audit.bestExpectedReward - audit.expectedRewards[decision.action])
    }
    agent = filled
  }

  /// Shows an agent what was logged in a context as a step of free play, whose regret nobody knows.
  private mutating func showLogged(
    in practice: inout any Environment, _ observation: Observation, to agent: inout any PrefilledAgent
  ) throws {
    guard let logged = practice as? any LoggedEnvironment else { return }
    let outcome = try practice.step(logged.loggedDecision.action)
    try agent.prefill(
      Transition(observation: observation, decision: logged.loggedDecision, reward: outcome.reward))
    totals.addPrefill(regret: 0)
  }

  /// Tells the agent the truth about the current context.
  private mutating func tell(_ audit: Audit) {
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
  /// Whether the task has it at other steps.
  var isMissing = false

  /// The sentence a user reads.
  public var description: String {
    if isMissing { return "agent '\(agent)' chose action \(action), which is not available at this step" }
    return "agent '\(agent)' chose action \(action); this task's actions are 0 to \(actionCount - 1)"
  }
}

extension Agent {
  /// This agent with an encoded state; nil where it cannot be.
  fileprivate func restored(_ state: EncodedState) throws -> (any Agent)? {
    guard var copy = self as? any Agent & Checkpointable else { return nil }
    try copy.restore(encoded: state)
    return copy
  }
}

extension Environment {
  /// This environment with an encoded state; nil where it cannot be.
  fileprivate func restored(_ state: EncodedState) throws -> (any Environment)? {
    guard var copy = self as? any Environment & Checkpointable else { return nil }
    try copy.restore(encoded: state)
    return copy
  }
}

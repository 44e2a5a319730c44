import BanditCore
import BanditNumerics

/// An agent in a synthetic task, treated as the runner treats it.
struct AgentPlay<A: Agent>: Play {
  struct Record: Equatable, Sendable, CustomStringConvertible {
    let decision: Decision
    /// Of all actions, where the agent tells them.
    var probabilities: [Double]?
    /// Whether the action was not available.
    var isMissing = false
    let diagnostics: AgentDiagnostics
    let measurementNames: [String]

    var description: String {
      let numbers = [
        ("propensity", decision.propensity), ("loss", diagnostics.loss),
        ("learning rate", diagnostics.learningRate),
      ]
      .map { name, value in "\(name) \(value.map(\.description) ?? "unknown")" }
      return "action \(decision.action) (\(numbers.joined(separator: ", ")), "
        + "optimiser steps \(diagnostics.optimiserSteps))"
    }
  }

  private let configuration: A.Configuration
  private let stream: RandomStream
  private var agent: A
  private var environment: SyntheticEnvironment
  private var observation: Observation
  private var isOver = false

  init(_ configuration: A.Configuration, task: SyntheticTask, seed: UInt64, threads: Int = 1) throws {
    let stream = RandomStream(seed: seed)
    environment = Self.environment(task, stream.child("environment"))
    observation = Observation(task.spec)
    self.configuration = configuration
    self.stream = stream.child("agent")
    agent = try A(configuration: configuration, spec: task.spec, stream: self.stream)
    if var parallel = agent as? any ParallelAgent {
      parallel.setThreads(threads)
      if let parallel = parallel as? A { agent = parallel }
    }
    try prefill(task, stream.child("prefill"))
  }

  mutating func step() throws -> Record? {
    guard !isOver else { return nil }
    environment.observe(into: &observation)
    tellTheTruth()
    var copy = agent as? any ProbabilityAgent
    let probabilities = try copy?.probabilities(for: observation)
    let decision = try agent.selectAction(for: observation)
    guard (0..<environment.spec.actionCount).contains(decision.action) else {
      isOver = true
      return Record(
        decision: decision, diagnostics: agent.diagnostics, measurementNames: agent.measurementNames)
    }
    let isMissing = !observation.isAvailable(decision.action)
    let outcome = environment.step(decision.action)
    try agent.update(Transition(observation: observation, decision: decision, reward: outcome.reward))
    return Record(
      decision: decision, probabilities: probabilities, isMissing: isMissing, diagnostics: agent.diagnostics,
      measurementNames: agent.measurementNames)
  }

  mutating func divert() { environment.divert() }

  func resumed() throws -> AgentPlay? {
    let fresh = try A(configuration: configuration, spec: environment.spec, stream: stream)
    guard let saved = agent as? any Checkpointable, saved.canSaveState,
      var other = fresh as? any Checkpointable
    else {
      return nil
    }
    try other.restore(encoded: saved.encodedState(name: "state"))
    guard let agent = other as? A else { return nil }
    var copy = self
    copy.agent = agent
    return copy
  }

  private static func environment(_ task: SyntheticTask, _ stream: RandomStream) -> SyntheticEnvironment {
    var configuration = SyntheticEnvironment.Configuration()
    configuration.task = task
    return SyntheticEnvironment(configuration: configuration, stream: stream)
  }

  private mutating func prefill(_ task: SyntheticTask, _ stream: RandomStream) throws {
    guard var filled = agent as? any PrefilledAgent else { return }
    var practice = Self.environment(task, stream.child("environment"))
    var actions = stream.child("actions")
    let actionCount = task.spec.actionCount
    for _ in 0..<max(0, filled.prefillSteps) {
      practice.observe(into: &observation)
      let count = observation.availableCount(of: actionCount)
      let decision = Decision(
        action: observation.availableAction(actions.integer(below: count)), propensity: 1 / Double(count))
      let reward = practice.step(decision.action).reward
      try filled.prefill(Transition(observation: observation, decision: decision, reward: reward))
    }
    if let filled = filled as? A { agent = filled }
  }

  private mutating func tellTheTruth() {
    guard var reader = agent as? any AuditReader else { return }
    reader.foresee(environment.audit())
    if let reader = reader as? A { agent = reader }
  }
}

import BanditAgents
import BanditCore
import BanditFiles
import BanditNumerics
import BanditSimulation
import Synchronization

/// An agent that C has a handle of; calls wait for one another.
final class AgentBox: Sendable {
  private struct State {
    var agent: any Agent
    var observation: Observation
  }

  private let spec: TaskSpec
  private let state: Mutex<State>

  /// Numbers beyond these overflow in an agent's sums; no context or reward in use is near them.
  private static let largest = 1e15

  init(
    name: String, task: TaskText, preset: String?, settings: [String: SettingValue], seed: UInt64
  ) throws {
    let spec = try task.spec
    let type = try Registry(agents: BuiltInAgents.all).agent(named: name)
    guard !(type is any AuditReader.Type) else {
      throw CallError(.setting, "agent: '\(name)' has to be told the expected rewards, which only a run does")
    }
    let agent = try Self.make(
      type, preset: preset, settings, spec: spec, stream: RandomStream(seed: seed).child("agent"))
    self.spec = spec
    state = Mutex(State(agent: agent, observation: Observation(spec)))
  }

  private static func make<A: Agent>(
    _ type: A.Type, preset: String?, _ settings: [String: SettingValue], spec: TaskSpec, stream: RandomStream
  ) throws -> any Agent {
    let words = try preset.map { try type.presets.named($0, of: type.name).settings } ?? []
    let started = try Settings.applying(words.map { try Settings.assignment($0) }, to: A.Configuration())
    return try A(configuration: Settings.applying(settings, to: started), spec: spec, stream: stream)
  }

  /// Chooses an action.
  func select(_ context: Context) throws -> Decision {
    try state.withLock { state in
      try context.fill(&state.observation, spec)
      let decision = try state.agent.selectAction(for: state.observation)
      try require(decision.action)
      return decision
    }
  }

  /// The probability of each action, of choices of a copy.
  func propensities(_ context: Context, draws: Int) throws -> [Double] {
    guard (1...1_000_000).contains(draws) else {
      throw CallError(.argument, "draws is \(draws); allowed: 1 to 1000000")
    }
    return try state.withLock { state in
      try context.fill(&state.observation, spec)
      var copy = state.agent
      var told = [Double?](repeating: nil, count: spec.actionCount)
      var counts = [Double](repeating: 0, count: spec.actionCount)
      for _ in 0..<draws {
        let decision = try copy.selectAction(for: state.observation)
        try require(decision.action)
        counts[decision.action] += 1
        told[decision.action] = decision.propensity
        let known = told.compactMap { $0 }
        if known.count == told.count || known.reduce(0, +) >= 1 - 1e-12 { return told.map { $0 ?? 0 } }
      }
      return counts.map { $0 / Double(draws) }
    }
  }

  /// Learns from a step, or stores one of random play.
  func learn(
    _ context: Context, action: Int32, propensity: Double, reward: Double, isPrefill: Bool
  ) throws {
    try require(Int(action))
    guard propensity.isNaN || (propensity > 0 && propensity <= 1) else {
      throw CallError(.argument, "propensity is \(propensity); allowed: above 0, up to 1, or NaN for unknown")
    }
    guard abs(reward) <= Self.largest else {
      throw CallError(.argument, "reward is \(reward); allowed: numbers up to \(Self.largest) in size")
    }
    try state.withLock { state in
      try context.fill(&state.observation, spec)
      let decision = Decision(action: Int(action), propensity: propensity.isNaN ? nil : propensity)
      let transition = Transition(observation: state.observation, decision: decision, reward: reward)
      guard isPrefill else { return try state.agent.update(transition) }
      guard var filled = state.agent as? any PrefilledAgent else {
        throw CallError(.argument, "this agent takes no steps of random play")
      }
      try filled.prefill(transition)
      state.agent = filled
    }
  }

  /// Steps of random play that the agent expects.
  var prefillSteps: Int { state.withLock { ($0.agent as? any PrefilledAgent)?.prefillSteps ?? 0 } }

  /// Sets how many threads the agent may use.
  func setThreads(_ count: Int) throws {
    guard (1...1_024).contains(count) else {
      throw CallError(.argument, "threads is \(count); allowed: 1 to 1024")
    }
    state.withLock { state in
      guard var parallel = state.agent as? any ParallelAgent else { return }
      parallel.setThreads(count)
      state.agent = parallel
    }
  }

  /// Writes the state to a file.
  func save(_ path: String) throws {
    let encoded = try state.withLock { state in
      guard let saved = state.agent as? any Checkpointable, saved.canSaveState else {
        throw CallError(.other, "this agent cannot encode its state")
      }
      return try saved.encodedState(name: "agent")
    }
    var checkpoint = Checkpoint(for: path)
    try checkpoint.put(encoded, as: "agent")
    try replaceFile(atPath: path, with: checkpoint.contents.sealedBytes)
  }

  /// Takes the state in a file.
  func load(_ path: String) throws {
    let checkpoint = try Checkpoint(readingFrom: path)
    try state.withLock { state in
      try checkpoint.restoring("agent") { encoded in
        guard var other = state.agent as? any Agent & Checkpointable else {
          throw CallError(.other, "this agent cannot decode a state")
        }
        try other.restore(encoded: encoded)
        state.agent = other
      }
    }
  }

  private func require(_ action: Int) throws(CallError) {
    guard (0..<spec.actionCount).contains(action) else {
      throw CallError(.argument, "action is \(action); allowed: 0 to \(spec.actionCount - 1)")
    }
  }
}

/// A context as C gives it.
enum Context {
  case dense(UnsafePointer<Float>?, Int)
  case active(UnsafePointer<Int32>?, Int)

  private static let largest: Float = 1e15

  /// Copies the context, checked.
  func fill(_ observation: inout Observation, _ spec: TaskSpec) throws(CallError) {
    switch (self, spec.encoding) {
    case (.dense(let start, let count), .dense):
      guard let start, count == spec.featureCount else {
        throw CallError(
          .argument, "features are \(start == nil ? "NULL" : "\(count)"); this task has \(spec.featureCount)")
      }
      for index in 0..<count {
        let value = start[index]
        guard abs(value) <= Self.largest else {
          throw CallError(
            .argument, "feature \(index) is \(value); allowed: numbers up to \(Self.largest) in size")
        }
        observation.features[index] = value
      }
    case (.active(let start, let count), .oneHot(let most)):
      guard (0...most).contains(count), let start = start ?? (count == 0 ? Self.none : nil) else {
        throw CallError(
          .argument, "indices are \(start == nil ? "NULL" : "\(count)"); this task has at most \(most)")
      }
      observation.activeIndices.removeAll(keepingCapacity: true)
      var last: Int32 = -1
      for place in 0..<count {
        let index = start[place]
        guard index > last, index < spec.featureCount else {
          throw CallError(
            .argument,
            "index \(place) is \(index); allowed: 0 to \(spec.featureCount - 1), ascending, each once")
        }
        observation.activeIndices.append(index)
        last = index
      }
    case (.dense, .oneHot): throw CallError(.argument, "this task's contexts are indices, not features")
    case (.active, .dense): throw CallError(.argument, "this task's contexts are features, not indices")
    }
  }

  private static nonisolated(unsafe) let none = UnsafePointer(
    UnsafeMutablePointer<Int32>.allocate(capacity: 1))
}

public import BanditCore
public import BanditNumerics

/// A program of the user's, in any language, as an environment.
///
/// Contexts, luck and expected rewards are the program's; `Docs/Protocol.md` says how they talk. A copy shares the program
/// with its original, as that of a `ChildAgent` does.
public struct ChildEnvironment: DrawnTaskEnvironment, Checkpointable, ConcludedComponent, ProgramComponent {
  /// The settings.
  public typealias Configuration = ChildAgent.Configuration

  /// `exec`.
  public static let name = "exec"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "A program of your own, in any language: '--environment exec:./world.py' starts it and talks to it.",
    deviations: """
      '--environment exec:PROGRAM --env-set key=value' is '--environment exec --env-set program=PROGRAM --env-set \
      settings=key=value'. A copy of such an environment shares the program with its original, so that one of them \
      alone can go on.
      """,
    settings: ChildAgent.description.settings)

  /// The task, as the program described it.
  public let spec: TaskSpec
  /// Whether the program can hand over its state.
  public let canSaveState: Bool

  private let configuration: Configuration
  private let taskSeed: UInt64
  private let process: ChildProcess
  private var version = 0
  private var steps = 0
  private var expectedRewards: [Double] = []

  /// Starts the program.
  public init(configuration: Configuration, stream: RandomStream) throws {
    try self.init(configuration, stream: stream, taskSeed: stream.child("task").childSeed)
  }

  private init(_ configuration: Configuration, stream: RandomStream, taskSeed: UInt64) throws {
    guard !configuration.program.isEmpty else {
      throw ConfigurationError(
        key: "program", given: "", allowed: "a program, as in --environment exec:./world.py")
    }
    self.configuration = configuration
    self.taskSeed = taskSeed
    let settings = try Handshake.settings(configuration.settings)
    process = try ChildProcess(configuration.program, limits: .current)
    let task = Handshake.EnvironmentTask(seed: stream.childSeed, taskSeed: taskSeed, settings: settings)
    let greeting = try Handshake.greet(process, with: task, as: Handshake.World.self)
    canSaveState = greeting.state ?? false
    do { spec = try greeting.spec } catch { throw process.failure("described a task with \(error.reason)") }
  }

  /// Asks the program for a context and the expected rewards in it.
  public mutating func observe(into observation: inout Observation) throws {
    try process.advance(from: &version)
    steps += 1
    let actionCount = spec.actionCount
    let limit = 4 + 4 * spec.featureCount + 8 * actionCount
    let spec = spec
    expectedRewards = try process.ask("showing a context (step \(steps))", limit: limit) {
      $0.addFrame(Frame.observe) { _ in }
    } read: { (kind, payload) throws(ChildProblem) in
      var reader = try AnswerReader(payload, kind: kind, expected: Frame.observe)
      try reader.context(into: &observation, spec)
      let rewards = try reader.finiteNumbers(actionCount, "expected reward")
      try reader.finish()
      return rewards
    }
  }

  /// The expected rewards that the program gave with the context.
  public func audit() -> Audit { Audit(expectedRewards: expectedRewards) }

  /// Lets the program play an action.
  public mutating func step(_ action: Int) throws -> Outcome {
    try process.advance(from: &version)
    let size = 8 + 8 * spec.counters.count
    return try process.ask("playing an action (step \(steps))", limit: size) {
      $0.addFrame(Frame.step) { $0.add(Int32(action)) }
    } read: { (kind, payload) throws(ChildProblem) in
      var reader = try AnswerReader(payload, kind: kind, expected: Frame.step, count: size)
      let reward = try reader.finiteNumbers(1, "reward")[0]
      return Outcome(reward: reward, counts: try reader.finiteNumbers(size / 8 - 1, "count"))
    }
  }

  /// Starts the program anew with other random numbers and the same task.
  public mutating func practise(stream: RandomStream) throws {
    self = try ChildEnvironment(configuration, stream: stream, taskSeed: taskSeed)
  }

  /// Tells the program that the run is over, and lets it end.
  public func conclude() throws { try process.conclude() }

  /// The bytes that the program gave, and how far it was.
  public struct State: Codable, Sendable {
    let program: ChildState
    let steps: Int
  }

  /// The program's state.
  public var state: State {
    get throws {
      try process.require(version)
      return State(program: try process.savedState(), steps: steps)
    }
  }

  /// Gives a program of the same settings the state that another had.
  public mutating func restore(_ state: State) throws {
    try process.advance(from: &version)
    try process.restore(state.program)
    steps = state.steps
  }
}

extension Handshake {
  /// What an environment's child is told.
  struct EnvironmentTask: Encodable {
    let `protocol` = Handshake.name
    let version = Handshake.version
    let role = "environment"
    let seed: UInt64
    let taskSeed: UInt64
    let settings: [String: SettingValue]

    enum CodingKeys: String, CodingKey {
      case `protocol`, version, role, seed, settings
      case taskSeed = "task_seed"
    }
  }

  /// How an environment's child describes its task.
  struct World: Decodable {
    struct Counter: Decodable {
      let name: String
      /// Steps of a mean; a sum without it.
      let window: Int?
    }

    let features: Int
    let encoding: String
    let maximumActive: Int?
    let actions: [String]
    let counters: [Counter]?
    let featureNames: [String]?
    let state: Bool?

    enum CodingKeys: String, CodingKey {
      case features, encoding, actions, counters, state
      case maximumActive = "maximum_active"
      case featureNames = "feature_names"
    }

    /// The task, checked.
    var spec: TaskSpec {
      get throws(ChildProblem) {
        let columns = 1...10_000_000
        guard columns.contains(features) else {
          throw ChildProblem("\(features) features; allowed are \(columns)")
        }
        guard (2...1_000_000).contains(actions.count), Set(actions).count == actions.count else {
          throw ChildProblem("\(actions.count) actions; allowed are 2 to 1000000 of different names")
        }
        let active = maximumActive ?? features
        guard ["dense", "one-hot"].contains(encoding), (0...features).contains(active) else {
          throw ChildProblem(
            "the encoding '\(encoding)' and \(active) active columns; allowed are dense and one-hot, 0 to \(features)"
          )
        }
        guard featureNames.map({ $0.count == features }) ?? true else {
          throw ChildProblem("\(featureNames?.count ?? 0) names of \(features) features")
        }
        let names = counters?.map(\.name) ?? []
        for name in names
        where name.wholeMatch(of: /[a-z][a-z0-9_]*/) == nil || TaskSpec.ownColumns.contains(name)
          || names.count(where: { $0 == name }) > 1
        {
          throw ChildProblem(
            "a counter '\(name)'; allowed are different lower-case words with underscores that are no column of every log"
          )
        }
        return TaskSpec(
          featureCount: features, encoding: encoding == "dense" ? .dense : .oneHot(maximumActive: active),
          actionNames: actions,
          counters: (counters ?? []).map { counter in
            AuditCounter(counter.name, counter.window.map { .rate(window: max(1, $0)) } ?? .total)
          }, featureNames: featureNames)
      }
    }
  }
}

extension AnswerReader {
  /// Reads a context as the task has it.
  fileprivate mutating func context(into observation: inout Observation, _ spec: TaskSpec)
    throws(ChildProblem)
  {
    let count = try integer()
    switch spec.encoding {
    case .dense:
      guard count == spec.featureCount else {
        throw ChildProblem("showed \(count) features; this task has \(spec.featureCount)")
      }
      for index in 0..<count {
        let value = try float()
        guard value.isFinite else { throw ChildProblem("showed a feature \(index) that is no number") }
        observation.features[index] = value
      }
    case .oneHot(let maximumActive):
      guard (0...maximumActive).contains(count) else {
        throw ChildProblem("showed \(count) active columns; this task has at most \(maximumActive)")
      }
      observation.activeIndices.removeAll(keepingCapacity: true)
      for _ in 0..<count {
        let index = try integer()
        guard index > observation.activeIndices.last.map(Int.init) ?? -1, index < spec.featureCount else {
          throw ChildProblem(
            "showed the active column \(index); allowed are 0 to \(spec.featureCount - 1), ascending, each once"
          )
        }
        observation.activeIndices.append(Int32(index))
      }
    }
  }

  fileprivate mutating func finiteNumbers(_ count: Int, _ what: String) throws(ChildProblem) -> [Double] {
    let values = try numbers(count)
    guard values.allSatisfy(\.isFinite) else {
      throw ChildProblem("gave \(what)s of \(values); allowed are numbers")
    }
    return values
  }
}

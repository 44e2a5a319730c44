public import BanditCore
public import BanditNumerics
import Foundation

/// A program of the user's, in any language, as an agent.
///
/// What it does is the program's; `Docs/Protocol.md` says how they talk. A copy shares the program with its original: the
/// one that is used first goes on, and the other throws when it is used.
public struct ChildAgent: PrefilledAgent, Checkpointable, ConcludedComponent, ProgramComponent {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The program, and what it is started with, with spaces between the words.
    public var program = ""
    /// The program's own settings, `key=value` each.
    public var settings: [String] = []

    /// No program.
    public init() {}
  }

  /// `exec`.
  public static let name = "exec"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "A program of your own, in any language: '--agent exec:./agent.py' starts it and talks to it.",
    deviations: """
      '--agent exec:PROGRAM --set key=value' is '--agent exec --set program=PROGRAM --set settings=key=value'. A copy \
      of such an agent shares the program with its original, so that one of them alone can go on.
      """,
    settings: [
      "program": "the program, and its arguments with spaces between them",
      "settings": "the program's own settings: key=value with commas between them",
    ])

  /// The number of random steps that the program asked for.
  public let prefillSteps: Int
  /// The measurements that the program declared.
  public let measurementNames: [String]
  /// What the program reported with its last action.
  public private(set) var diagnostics = AgentDiagnostics()
  /// Whether the program can hand over its state.
  public let canSaveState: Bool

  private let process: ChildProcess
  private let reported: [String]
  private let actionCount: Int
  private var version = 0
  private var steps = 0
  /// The decision that the last reward is for, with its context as it was sent.
  private var last: (action: Int, context: [UInt8])?

  /// Starts the program.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    try self.init(configuration, spec, stream, limits: .current)
  }

  package init(
    _ configuration: Configuration, _ spec: TaskSpec, _ stream: RandomStream, limits: ChildLimits
  ) throws {
    guard !configuration.program.isEmpty else {
      throw ConfigurationError(key: "program", given: "", allowed: "a program, as in --agent exec:./agent.py")
    }
    let settings = try Handshake.settings(configuration.settings)
    process = try ChildProcess(configuration.program, limits: limits)
    let task = Handshake.AgentTask(spec, seed: stream.childSeed, settings: settings)
    let greeting = try Handshake.greet(process, with: task, as: Handshake.Greeting.self)
    prefillSteps = greeting.prefill ?? 0
    canSaveState = greeting.state ?? false
    reported = greeting.measurements ?? []
    measurementNames = reported.filter { !Self.columns.contains($0) }
    actionCount = spec.actionCount
    guard (0...10_000_000).contains(prefillSteps) else {
      throw process.failure("asked for \(prefillSteps) steps of random play; allowed are 0 to 10000000")
    }
    let isOdd = { (name: String) in
      name.wholeMatch(of: /[a-z][a-z0-9_]*/) == nil || TaskSpec.ownColumns.contains(name)
    }
    if let name = measurementNames.first(where: isOdd) {
      throw process.failure(
        "declared a measurement '\(name)'; allowed are lower-case words with underscores that are no column of every log"
      )
    }
    guard Set(reported).count == reported.count, reported.count <= 1_000 else {
      throw process.failure("declared a measurement twice, or more than 1000")
    }
  }

  /// Measurements that have columns of their own in every log.
  private static let columns = ["loss", "learning_rate"]

  /// Asks the program for an action.
  public mutating func selectAction(for observation: Observation) throws -> Decision {
    try process.advance(from: &version)
    var context: [UInt8] = last?.context ?? []
    context.removeAll(keepingCapacity: true)
    last = nil
    context.add(observation)
    steps += 1
    let size = 12 + 8 * reported.count
    let answer = try process.ask("choosing an action (step \(steps))", limit: size) { bytes in
      bytes.addFrame(Frame.select) { $0 += context }
    } read: { (kind, payload) throws(ChildProblem) in
      var reader = try AnswerReader(payload, kind: kind, expected: Frame.select, count: size)
      let action = try reader.integer()
      guard (0..<actionCount).contains(action) else {
        throw ChildProblem("chose action \(action); this task's actions are 0 to \(actionCount - 1)")
      }
      let propensity = try reader.number()
      guard propensity.isNaN || (propensity > 0 && propensity <= 1) else {
        throw ChildProblem(
          "gave a propensity of \(propensity); allowed are numbers above 0 and up to 1, and NaN")
      }
      let decision = Decision(action: action, propensity: propensity.isNaN ? nil : propensity)
      return (decision: decision, numbers: try reader.numbers(reported.count))
    }
    report(answer.numbers)
    last = (answer.decision.action, context)
    return answer.decision
  }

  private mutating func report(_ numbers: [Double]) {
    guard !reported.isEmpty else { return }
    var measured = Dictionary(zip(reported, numbers)) { first, _ in first }.filter { $0.value.isFinite }
    diagnostics.loss = measured.removeValue(forKey: "loss")
    diagnostics.learningRate = measured.removeValue(forKey: "learning_rate")
    diagnostics.measurements = measured
  }

  /// Tells the program a reward, together with the next question.
  public mutating func update(_ transition: Transition) throws {
    try process.advance(from: &version)
    let isLast = last.map {
      $0.action == transition.decision.action && transition.observation.isSent(as: $0.context)
    }
    try process.keep { bytes in
      if isLast ?? false {
        bytes.addFrame(Frame.reward) { $0.add(transition.reward) }
      } else {
        bytes.addFrame(Frame.learn) { $0.add(transition) }
      }
    }
    if isLast ?? false { last = nil }
  }

  /// Tells the program a step of random play.
  public mutating func prefill(_ transition: Transition) throws {
    try process.advance(from: &version)
    try process.keep { $0.addFrame(Frame.prefill) { $0.add(transition) } }
  }

  /// Tells the program that the run is over, and lets it end.
  public func conclude() throws { try process.conclude() }
}

extension ChildAgent {
  /// The bytes that the program gave, and how far it was.
  public struct State: Codable, Sendable {
    let program: ChildState
    let steps: Int
    let diagnostics: AgentDiagnostics
  }

  /// The program's state.
  public var state: State {
    get throws {
      try process.require(version)
      return State(program: try process.savedState(), steps: steps, diagnostics: diagnostics)
    }
  }

  /// Gives a program of the same settings the state that another had.
  public mutating func restore(_ state: State) throws {
    try process.advance(from: &version)
    try process.restore(state.program)
    (steps, diagnostics, last) = (state.steps, state.diagnostics, nil)
  }
}

extension Observation {
  /// Whether these bytes are the observation as it is sent.
  fileprivate func isSent(as bytes: [UInt8]) -> Bool {
    func agree<T>(_ values: [T]) -> Bool {
      values.withUnsafeBytes { values in
        bytes.withUnsafeBytes { bytes in
          guard values.count == bytes.count - 4, let sent = bytes.baseAddress, let own = values.baseAddress
          else { return values.isEmpty && bytes.count == 4 }
          return memcmp(own, sent + 4, values.count) == 0
        }
      }
    }
    return switch encoding {
    case .dense: agree(features)
    case .oneHot: agree(activeIndices)
    }
  }
}

extension ProgramComponent {
  /// The settings `program` and `settings`.
  public static func settings(program: String, given: [String: SettingValue]) -> [String: SettingValue] {
    let own = given.sorted { $0.key < $1.key }.map { SettingValue.text("\($0.key)=\($0.value)") }
    return ["program": .text(program), "settings": .list(own)]
  }
}

import BanditCore
public import BanditFiles

/// Logged interactions, from which others estimate what another policy would have earned, in gzip members that reach the
/// disk one by one.
public struct InteractionLog<Form: InteractionForm>: RequestedObserver {
  /// The form's name.
  public static var name: String { Form.name }
  /// What `list observers` says.
  public static var summary: String { Form.summary }
  /// The form's file.
  public static var files: [String] { [Form.file] }

  /// Contexts are most of the bytes, and compressing them most of the time.
  private static var level: Int { 1 }

  private var form: Form?
  private var log: LineLog?
  private var line: [UInt8] = []
  /// The file, once it is closed.
  public private(set) var seals: [String: FileSeal] = [:]

  /// Creates an observer that has not begun.
  public init() {}

  /// Whether the form has them.
  public var needsProbabilities: Bool { Form.hasProbabilities }

  /// Creates the file, or cuts it back to where a checkpoint left it.
  public mutating func begin(_ run: RunStart, from state: LineLogState?) throws {
    try LineLog.requireFirstLine(of: run, from: state, observer: Self.name)
    guard !run.spec.isShaped else {
      throw ConfigurationError(
        key: "--observe", given: Self.name,
        allowed: "tasks without features of actions and without actions that come and go")
    }
    form = Form(run.spec)
    log = try LineLog(Form.file, of: run, from: state, level: Self.level)
  }

  /// Adds the step's line.
  public mutating func step(_ simulation: Simulation) throws {
    guard let log, let form else { return }
    let record = simulation.totals.record
    line.removeAll(keepingCapacity: true)
    try form.append(
      Interaction(
        step: record.step, observation: simulation.observation,
        decision: Decision(action: record.action, propensity: record.propensity), reward: record.reward,
        probabilities: simulation.probabilities), to: &line)
    try log.append(line)
  }

  /// Where the lines are.
  public mutating func checkpoint() throws -> LineLogState {
    guard let log else { preconditionFailure("lines are saved after they have begun") }
    return try log.checkpoint()
  }

  /// Flushes and closes the file.
  public mutating func end() throws {
    guard let log else { return }
    seals = try log.close()
    self.log = nil
  }
}

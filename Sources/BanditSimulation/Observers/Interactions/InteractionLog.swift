import BanditCore
public import BanditFiles

/// Logged interactions, from which others estimate what another policy would have earned, in gzip members that reach the
/// disk one by one.
public struct InteractionLog<Form: InteractionForm>: RequestedObserver {
  /// What the lines are continued from.
  public struct State: Codable {
    let position: CSVLog.Position
  }

  /// The form's name.
  public static var name: String { Form.name }
  /// What `list observers` says.
  public static var summary: String { Form.summary }
  /// The form's file.
  public static var files: [String] { [Form.file] }

  /// Contexts are most of the bytes, and compressing them most of the time.
  private static var level: Int { 1 }

  private var form: Form?
  private var log: CSVLog?
  private var line: [UInt8] = []
  /// The file, once it is closed.
  public private(set) var seals: [String: FileSeal] = [:]

  /// Creates an observer that has not begun.
  public init() {}

  /// Whether the form has them.
  public var needsProbabilities: Bool { Form.hasProbabilities }

  /// Creates the file, or cuts it back to where a checkpoint left it.
  public mutating func begin(_ run: RunStart, from state: State?) throws {
    let path = "\(run.folder)/\(Form.file)"
    if run.resumedSteps > 0, state == nil {
      throw ConfigurationError(
        key: "--observe", given: Self.name,
        allowed: "a run that was begun with it: earlier steps have no lines")
    }
    guard !run.spec.isShaped else {
      throw ConfigurationError(
        key: "--observe", given: Self.name,
        allowed: "tasks without features of actions and without actions that come and go")
    }
    form = Form(run.spec)
    log =
      try state.map {
        try $0.position.requireRows(run.resumedSteps, path)
        return try CSVLog(
          continuing: path, at: $0.position, headerLines: 0, flushInterval: RegretLog.flushInterval,
          level: Self.level)
      }
      ?? CSVLog(creating: path, columns: [], flushInterval: RegretLog.flushInterval, level: Self.level)
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
    log.field(bytes: line)
    try log.endRow()
  }

  /// Where the lines are.
  public mutating func checkpoint() throws -> State {
    guard let log else { preconditionFailure("lines are saved after they have begun") }
    return State(position: try log.position())
  }

  /// Flushes and closes the file.
  public mutating func end() throws {
    guard let log else { return }
    try log.close()
    seals = [Form.file: log.seal]
    self.log = nil
  }
}

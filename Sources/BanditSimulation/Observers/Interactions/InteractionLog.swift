import BanditCore
public import BanditFiles

/// Logged interactions, from which others estimate what another policy would have earned, in gzip members that the system
/// has one by one.
public struct InteractionLog<Form: InteractionForm>: RequestedObserver {
  /// The form's name.
  public static var name: String { Form.name }
  /// What `list observers` says.
  public static var summary: String { Form.summary }
  /// The form's file.
  public static var files: [String] { [Form.file] }

  private var form: Form?
  private var log: LineLog?
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
    log = try LineLog(Form.file, of: run, from: state, pace: .quick)
  }

  /// Adds the step's line.
  public mutating func step(_ simulation: Simulation) throws {
    let record = simulation.totals.record
    let interaction = Interaction(
      step: record.step, observation: simulation.observation,
      decision: Decision(action: record.action, propensity: record.propensity), reward: record.reward,
      probabilities: simulation.probabilities)
    try log?.line { try form?.append(interaction, to: &$0) }
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

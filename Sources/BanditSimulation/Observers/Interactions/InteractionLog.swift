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
  private var log = LineLog(Form.file)
  /// The file, once it is closed.
  public var seals: [String: FileSeal] { log.seals }

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
    try log.begin(run, from: state, pace: .quick)
  }

  /// Adds the step's line.
  public mutating func step(_ simulation: Simulation) throws {
    let record = simulation.totals.record
    let interaction = Interaction(
      step: record.step, observation: simulation.observation,
      decision: Decision(action: record.action, propensity: record.propensity), reward: record.reward,
      probabilities: simulation.probabilities)
    try log.line { try form?.append(interaction, to: &$0) }
  }

  /// Where the lines are.
  public mutating func checkpoint() throws -> LineLogState { try log.checkpoint() }

  /// Flushes and closes the file.
  public mutating func end() throws { try log.end() }
}

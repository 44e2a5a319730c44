import BanditCore
public import BanditFiles

/// `regret.csv.gz`: a row a step, in gzip members of `flushInterval` rows that reach the disk one by one.
///
/// A member is written by one append and ends at a row, so whatever stops the program, readers find all rows up to
/// the last flush.
public struct RegretLog: RunObserver {
  /// What a log is continued from.
  public struct State: Codable {
    let position: CSVLog.Position
    /// The columns it was begun with; nil in checkpoints of earlier versions, whose logs end with the learning rate.
    let columns: [String]?

    /// Rows of the log.
    package var rows: Int { position.rows }

    /// Throws unless the rows that no member has yet are those of the last of so many steps.
    func check(_ path: String, steps: Int) throws(DataFileError) {
      try position.requireRows(steps, path)
      let lines = position.pending.split(separator: "\n")
      let first = position.rows - position.rows % RegretLog.flushInterval
      for (index, line) in lines.dropFirst(first == 0 ? 1 : 0).enumerated() {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        guard Int(fields[0]) == first + index + 1, columns.map({ $0.count == fields.count }) ?? true,
          fields.allSatisfy({ $0.isEmpty || Double($0) != nil })
        else {
          throw DataFileError(
            file: path, reason: "cannot be continued: its checkpoint has no row of step \(first + index + 1)")
        }
      }
    }
  }

  /// `regret-log`.
  public static let name = "regret-log"
  /// The file's name in a run's folder.
  public static let file = "regret.csv.gz"
  /// Rows between flushes.
  public static let flushInterval = 1_000

  private var log: CSVLog?
  private var columns: [String]?
  private var measurementNames: [String] = []
  /// The log, once it is closed.
  public private(set) var seals: [String: FileSeal] = [:]

  /// Creates a log that has not begun.
  public init() {}

  /// Creates the file and writes the header with the first rows, or cuts the file back to where a checkpoint left it.
  ///
  /// - Throws: `DataFileError` where the file exists already or cannot be written.
  public mutating func begin(_ run: RunStart, from state: State?) throws {
    let path = "\(run.folder)/\(Self.file)"
    measurementNames = run.measurementNames
    if let state {
      try state.check(path, steps: run.resumedSteps)
      log = try CSVLog(continuing: path, at: state.position, flushInterval: Self.flushInterval)
      columns = state.columns
      return
    }
    let columns = Self.columns(counters: run.spec.counters, measurements: measurementNames)
    log = try CSVLog(creating: path, columns: columns, flushInterval: Self.flushInterval)
    self.columns = columns
  }

  /// Adds the step's row, and flushes when enough have come together.
  public mutating func step(_ simulation: Simulation) throws { try append(simulation.totals.record) }

  /// The log's position, with the rows that no member has yet.
  public mutating func checkpoint() throws -> State {
    guard let log else { preconditionFailure("a log is saved after it has begun") }
    return State(position: try log.position(), columns: columns)
  }

  /// Flushes and closes the file.
  public mutating func end() throws {
    guard let log else { return }
    try log.close()
    seals = [Self.file: log.seal]
    self.log = nil
  }

  /// The columns before the environment's counters.
  private static let first = [
    "step", "action", "optimal_action", "reward", "regret", "expected_regret", "cumulative_regret",
    "cumulative_expected_regret",
  ]

  private static func columns(counters: [AuditCounter], measurements: [String]) -> [String] {
    first + counters.map(\.name) + ["loss", "learning_rate", "propensity", "uniform_expected_reward"]
      + measurements
  }

  package func append(_ record: StepRecord) throws {
    guard let log else { preconditionFailure("a log takes rows after it has begun") }
    log.field(String(record.step))
    log.field(String(record.action))
    // The replay of a log leaves empty what nobody knows.
    let hasRegret = record.hasRegret ?? true
    log.field(hasRegret ? String(record.optimalAction) : "")
    log.field(record.reward)
    for regret in [
      record.regret, record.expectedRegret, record.cumulativeRegret, record.cumulativeExpectedRegret,
    ] { log.field(hasRegret ? regret : nil) }
    for counter in record.counters { log.field(counter) }
    log.field(record.diagnostics.loss.map { Float($0).description } ?? "")
    log.field(record.diagnostics.learningRate)
    // A log that an earlier version began keeps its columns.
    if columns != nil {
      log.field(record.propensity)
      log.field(record.uniformExpectedReward)
      for name in measurementNames { log.field(record.diagnostics.measurements[name]) }
    }
    try log.endRow()
  }
}

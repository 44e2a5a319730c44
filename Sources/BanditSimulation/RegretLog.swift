import BanditFiles
public import BanditCore

/// `regret.csv.gz`: a row a step, in gzip members of `flushInterval` rows that reach the disk one by one.
///
/// A member is written by one append and ends at a row, so whatever stops the program, readers find all rows up to
/// the last flush.
public final class RegretLog {
  /// Rows between flushes.
  public static let flushInterval = 1_000

  private let log: CSVLog

  /// Creates the file and writes the header with the first rows.
  ///
  /// - Throws: `DataFileError` where the file exists or cannot be written.
  public init(creating path: String, counters: [AuditCounter]) throws {
    let columns =
      [
        "step", "action", "optimal_action", "reward", "regret", "expected_regret", "cumulative_regret",
        "cumulative_expected_regret",
      ] + counters.map(\.name) + ["loss", "learning_rate"]
    log = try CSVLog(creating: path, columns: columns, flushInterval: Self.flushInterval)
  }

  /// Goes on with a file, which is cut back to a position it had.
  init(continuing path: String, at position: CSVLog.Position) throws {
    log = try CSVLog(continuing: path, at: position, flushInterval: Self.flushInterval)
  }

  /// Where the log is.
  var position: CSVLog.Position { log.position }

  /// Adds a row, and flushes when enough have come together.
  public func append(_ record: borrowing StepRecord) throws {
    log.field(String(record.step))
    log.field(String(record.action))
    log.field(String(record.optimalAction))
    log.field(record.reward)
    log.field(record.regret)
    log.field(record.expectedRegret)
    log.field(record.cumulativeRegret)
    log.field(record.cumulativeExpectedRegret)
    for counter in record.counters { log.field(counter) }
    log.field(record.diagnostics.loss.map { Float($0).description } ?? "")
    log.field(record.diagnostics.learningRate)
    try log.endRow()
  }

  /// Writes what is pending as one gzip member.
  public func flush() throws { try log.flush() }

  /// Flushes and closes the file.
  public func close() throws { try log.close() }
}

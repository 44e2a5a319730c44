public import BanditCore
import BanditData

/// `regret.csv.gz`: a row a step, in gzip members of `flushInterval` rows that reach the disk one by one.
///
/// A member is written by one append and ends at a row, so whatever stops the program, readers find all rows up to
/// the last flush.
public final class RegretLog {
  /// Rows between flushes.
  public static let flushInterval = 1_000

  private let file: GzipMemberFile
  private var pending: [UInt8] = []
  private var rows = 0

  /// Creates the file and writes the header with the first rows.
  ///
  /// - Throws: `DataFileError` where the file exists or cannot be written.
  public init(creating path: String, counters: [AuditCounter]) throws {
    file = try GzipMemberFile(creating: path)
    pending.reserveCapacity(200 * Self.flushInterval)
    let columns =
      [
        "step", "action", "optimal_action", "reward", "regret", "expected_regret", "cumulative_regret",
        "cumulative_expected_regret",
      ] + counters.map(\.name) + ["loss", "learning_rate"]
    append(columns.joined(separator: ","))
    pending.append(UInt8(ascii: "\n"))
  }

  /// Adds a row, and flushes when enough have come together.
  public func append(_ record: borrowing StepRecord) throws {
    append(String(record.step))
    field(String(record.action))
    field(String(record.optimalAction))
    field(Self.text(record.reward))
    field(Self.text(record.regret))
    field(Self.text(record.expectedRegret))
    field(Self.text(record.cumulativeRegret))
    field(Self.text(record.cumulativeExpectedRegret))
    for counter in record.counters { field(Self.text(counter)) }
    field(record.diagnostics.loss.map { Float($0).description } ?? "")
    field(record.diagnostics.learningRate.map(Self.text) ?? "")
    pending.append(UInt8(ascii: "\n"))
    rows += 1
    if rows % Self.flushInterval == 0 { try flush() }
  }

  /// Writes what is pending as one gzip member.
  public func flush() throws {
    guard !pending.isEmpty else { return }
    try file.append(pending)
    pending.removeAll(keepingCapacity: true)
  }

  /// Flushes and closes the file.
  public func close() throws {
    try flush()
    try file.close()
  }

  private func field(_ text: String) {
    pending.append(UInt8(ascii: ","))
    append(text)
  }

  private func append(_ text: String) { pending.append(contentsOf: text.utf8) }

  /// A number as short as it can be read back exactly; whole numbers have no point.
  static func text(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return String(whole) }
    return value.description
  }
}

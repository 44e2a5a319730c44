/// A table in gzip'd CSV that grows row by row, in members that reach the disk one by one.
///
/// A member is written by one append and ends at a row, so whatever stops the program, readers find all rows up to
/// the last flush.
package final class CSVLog {
  private let file: GzipMemberFile
  private let flushInterval: Int
  private var pending: [UInt8] = []
  private var rows = 0
  private var isRowStarted = false

  /// Creates the file, which must not exist; the header is written with the first rows, and none without columns.
  ///
  package init(
    creating path: String, columns: [String], flushInterval: Int, pace: GzipMemberFile.Pace = .thorough
  ) throws(DataFileError) {
    file = try GzipMemberFile(creating: path, pace: pace)
    self.flushInterval = flushInterval
    pending.reserveCapacity(200 * flushInterval)
    guard !columns.isEmpty else { return }
    for column in columns { field(column) }
    pending.append(UInt8(ascii: "\n"))
    isRowStarted = false
  }

  /// Where a log is between two rows.
  package struct Position: Codable, Sendable {
    /// Bytes of the file, all in whole members.
    package let length: Int
    /// Their CRC-32; nil in checkpoints of earlier versions.
    package let crc32: UInt32?
    /// Rows so far.
    package let rows: Int
    /// The text behind them that no member has yet.
    package let pending: String
  }

  /// Where the log is; its file may be cut back to there later.
  ///
  /// - Throws: `DataFileError` where the file was removed or moved, so that nobody would find it, or is not on the disk.
  package func position() throws(DataFileError) -> Position {
    try file.requireInPlace()
    try file.sync()
    return Position(
      length: file.length, crc32: file.seal.crc32, rows: rows,
      pending: String(decoding: pending, as: UTF8.self))
  }

  /// What the file holds.
  package var seal: FileSeal { file.seal }

  /// Continues a file, which is cut back to a position that it had.
  ///
  /// - Parameter headerLines: the lines before the first row.
  package init(
    continuing path: String, at position: Position, headerLines: Int = 1, flushInterval: Int,
    pace: GzipMemberFile.Pace = .thorough
  ) throws(DataFileError) {
    try position.check(path, headerLines: headerLines, flushInterval: flushInterval)
    file = try GzipMemberFile(
      continuing: path, from: FileSeal(bytes: position.length, crc32: position.crc32), pace: pace)
    self.flushInterval = flushInterval
    pending.reserveCapacity(200 * flushInterval)
    pending += position.pending.utf8
    rows = position.rows
  }

  /// Adds a field to the current row.
  package func field(_ text: String) {
    if isRowStarted { pending.append(UInt8(ascii: ",")) }
    pending.append(contentsOf: text.utf8)
    isRowStarted = true
  }

  /// Adds a number, or an empty field.
  package func field(_ value: Double?) { field(value.map(Self.text) ?? "") }

  /// Adds a row whose text is appended to what is pending; after an error there is none.
  package func row(_ append: (inout [UInt8]) throws -> Void) throws {
    let start = pending.count
    do { try append(&pending) } catch {
      pending.removeSubrange(start...)
      throw error
    }
    try endRow()
  }

  /// Ends the row, and flushes when enough have come together.
  package func endRow() throws(DataFileError) {
    pending.append(UInt8(ascii: "\n"))
    isRowStarted = false
    rows += 1
    if rows % flushInterval == 0 { try flush() }
  }

  /// Writes what is pending as one gzip member.
  package func flush() throws(DataFileError) {
    guard !pending.isEmpty else { return }
    try file.append(pending)
    pending.removeAll(keepingCapacity: true)
  }

  /// Flushes and closes the file.
  package func close() throws(DataFileError) {
    try flush()
    try file.requireInPlace()
    try file.close()
  }

  /// A number as short as it can be read back exactly; whole numbers have no point.
  package static func text(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return String(whole) }
    return value.description
  }
}

extension CSVLog.Position {
  /// Throws unless the log has so many rows.
  package func requireRows(_ count: Int, _ path: String) throws(DataFileError) {
    guard rows != count else { return }
    throw DataFileError(
      file: path, reason: "cannot be continued: its checkpoint says it has \(rows) rows, not \(count)")
  }

  /// Throws unless a log that is flushed after every so many rows can have been there; positions come from files.
  fileprivate func check(_ path: String, headerLines: Int, flushInterval: Int) throws(DataFileError) {
    guard length >= 0, rows >= 0 else {
      throw DataFileError(file: path, reason: "cannot be cut back to \(length) bytes and \(rows) rows")
    }
    let lines = rows % flushInterval + (rows < flushInterval ? headerLines : 0)
    guard pending.utf8.count(where: { $0 == UInt8(ascii: "\n") }) == lines,
      pending.isEmpty || pending.utf8.last == UInt8(ascii: "\n")
    else {
      throw DataFileError(
        file: path, reason: "cannot be continued: its checkpoint has other rows to add than the last \(lines)"
      )
    }
  }
}

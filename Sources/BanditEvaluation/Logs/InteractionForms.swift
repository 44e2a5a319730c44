import BanditFiles

/// The forms of logs that are read.
public enum LogForm: String, CaseIterable, Sendable {
  /// This program's objects, one a line.
  case jsonl
  /// Vowpal Wabbit's text.
  case vw
  /// A table with a header, such as the Open Bandit Pipeline's.
  case csv

  /// The form of a file, by its first line.
  init(of line: UnsafeBufferPointer<UInt8>) {
    if line.first == UInt8(ascii: "{") {
      self = .jsonl
    } else {
      self = line.contains(UInt8(ascii: "|")) ? .vw : .csv
    }
  }
}

/// Reads rows line by line, in whichever form.
struct RowReader {
  let file: String
  let columns: TableColumns
  private(set) var form: LogForm?
  private var table: TableLineParser?
  private var json = JSONLineParser()
  private(set) var line = 0

  init(file: String, form: LogForm?, columns: TableColumns) {
    (self.file, self.form, self.columns) = (file, form, columns)
  }

  /// Reads a line; false where it has no row, such as a header.
  mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, into row: inout LoggedRow
  ) throws(DataFileError) -> Bool {
    line += 1
    guard !bytes.allSatisfy({ $0 == 32 || $0 == 9 }) else { return false }
    row.removeAll()
    let form = self.form ?? LogForm(of: bytes)
    self.form = form
    do {
      switch form {
      case .jsonl: try json.parse(bytes, into: &row)
      case .vw: try VWLineParser().parse(bytes, into: &row)
      case .csv:
        guard let table else {
          table = try TableLineParser(header: bytes, columns: columns, file: file)
          return false
        }
        try table.parse(bytes, into: &row)
      }
      return true
    } catch let error as DataFileError {
      throw error
    } catch let error as JSONLineParser.Failure {
      throw DataFileError(file: file, line: line, reason: error.reason)
    } catch {
      throw DataFileError(file: file, line: line, reason: "\(error)")
    }
  }
}

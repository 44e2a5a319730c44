/// A table of labelled rows from CSV text (RFC 4180).
///
/// Fields may be quoted, lines end with LF or CR LF, and a byte-order mark and blank lines at the end are
/// passed over. Anything else the standard does not allow is an error, ragged rows above all.
public struct LabelledCSV: Sendable {
  /// Which column holds the labels.
  public enum LabelColumn: Hashable, Sendable {
    /// The first column.
    case first
    /// The last column.
    case last
    /// A column by its number, counted from 1.
    case number(Int)
    /// A column by its name in the header.
    case named(String)
  }

  /// The largest table to accept.
  public struct Limits: Hashable, Sendable {
    /// The largest number of rows, a header not counted.
    public var rows: Int
    /// The largest number of columns, the label's counted.
    public var columns: Int

    /// Creates limits.
    public init(rows: Int = 10_000_000, columns: Int = 10_000) {
      self.rows = rows
      self.columns = columns
    }
  }

  /// The names of the columns without the label's: the header's, or "column 1" and so on, numbered as in the
  /// file.
  public let columns: [String]
  /// The name of the label's column.
  public let labelName: String
  /// The label of every row.
  public let labels: [String]

  private let records: CSVRecords
  private let firstRecord: Int
  private let labelIndex: Int

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - bytes: The text, in UTF-8.
  ///   - file: The name to give in errors.
  ///   - hasHeader: Whether the first row names the columns.
  ///   - labelColumn: The column of the labels.
  ///   - separator: What parts the fields; no quote, line's end or NUL.
  ///   - limits: The largest table to accept, checked row by row.
  /// - Throws: `DataFileError` with the line at which the faulty row starts.
  public init(
    parsing bytes: consuming [UInt8], file: String, hasHeader: Bool, labelColumn: LabelColumn,
    separator: UInt8 = UInt8(ascii: ","), limits: Limits = Limits()
  ) throws(DataFileError) {
    firstRecord = hasHeader ? 1 : 0
    var scanner = CSVScanner(
      bytes, file: file, separator: separator, headerRows: firstRecord, maximumRows: limits.rows,
      maximumColumns: limits.columns)
    let records = try scanner.scan()
    let names = try Self.columnNames(records, hasHeader: hasHeader, file: file)
    let labelIndex = try Self.index(of: labelColumn, in: names, hasHeader: hasHeader, file: file)
    columns = names.indices.filter { $0 != labelIndex }.map { names[$0] }
    labelName = names[labelIndex]
    labels = (firstRecord..<records.count).map { records.string($0, labelIndex) }
    self.records = records
    self.labelIndex = labelIndex
  }

  /// The number of rows.
  public var rowCount: Int { labels.count }

  /// The field of a row in one of `columns`, both counted from 0.
  public subscript(row: Int, column: Int) -> String {
    String(decoding: bytes(row, column), as: UTF8.self)
  }

  /// The fields of a row, in the order of `columns`.
  public func row(_ row: Int) -> [String] {
    columns.indices.map { self[row, $0] }
  }

  /// The fields of one of `columns`, row by row.
  public func column(_ column: Int) -> [String] {
    labels.indices.map { self[$0, column] }
  }

  /// The line of the file at which a row starts, counted from 1, for errors about its contents.
  public func line(ofRow row: Int) -> Int {
    records.lines[row + firstRecord]
  }

  /// The bytes of a field, which save the making of a string.
  package func bytes(_ row: Int, _ column: Int) -> ArraySlice<UInt8> {
    precondition(columns.indices.contains(column), "there is no column \(column)")
    return records.field(row + firstRecord, column < labelIndex ? column : column + 1)
  }
}

extension LabelledCSV {
  private static func columnNames(
    _ records: CSVRecords, hasHeader: Bool, file: String
  ) throws(DataFileError) -> [String] {
    guard records.columnCount > 1 else {
      let other =
        CSVRecords.likelySeparator(records.string(0, 0)).map { "; perhaps set separator=\($0)" } ?? ""
      throw DataFileError(
        file: file, line: records.lines[0],
        reason: "has one field; a label and at least one more are needed\(other)")
    }
    guard hasHeader else { return (1...records.columnCount).map { "column \($0)" } }
    guard records.count > 1 else { throw DataFileError(file: file, reason: "has a header and no rows") }
    let names = (0..<records.columnCount).map { records.string(0, $0) }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw DataFileError(
        file: file, line: records.lines[0],
        reason: "names two columns \"\(name)\"; if it is no header, set header=false")
    }
    return names
  }

  private static func index(
    of label: LabelColumn, in names: [String], hasHeader: Bool, file: String
  ) throws(DataFileError) -> Int {
    switch label {
    case .first: return 0
    case .last: return names.count - 1
    case .number(let number):
      if (1...names.count).contains(number) { return number - 1 }
      throw DataFileError(
        file: file, reason: "has no column \(number) for the labels: it has 1 to \(names.count)")
    case .named(let name):
      if hasHeader, let index = names.firstIndex(of: name) { return index }
      let known = hasHeader ? "it has \(listed(names))" : "it is read without a header"
      throw DataFileError(file: file, reason: "has no column named \"\(name)\" for the labels: \(known)")
    }
  }

  /// Up to ten names, for an error message.
  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(10).joined(separator: ", ")
    return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
  }
}

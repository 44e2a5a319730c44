/// Reads libsvm's format, also called svmlight's: a label, then `index:value` pairs, indices from 1 and ascending.
public enum LibSVM {
  /// Reads a table: the column `label`, then one of numbers for each index up to the largest, named by it.
  ///
  /// A `#` begins a comment. Labels are numbers; a row may have a label alone.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - file: The name to give in errors.
  ///   - limits: The largest table to accept.
  /// - Throws: `DataFileError` with the line at fault.
  public static func read(
    _ bytes: consuming [UInt8], file: String, limits: TypedTable.Limits = .init()
  ) throws(DataFileError) -> TypedTable {
    var reader = LibSVMReader(TokenScanner(bytes, file: file), limits)
    return try reader.read()
  }
}

private struct LibSVMReader {
  private var scanner: TokenScanner
  private let limits: TypedTable.Limits
  private var label = TypedColumn("label", .text)
  private var columns: [TypedColumn] = []
  private var lines: [Int32] = []
  private var valueCount = 0

  init(_ scanner: TokenScanner, _ limits: TypedTable.Limits) {
    (self.scanner, self.limits) = (scanner, limits)
  }

  mutating func read() throws(DataFileError) -> TypedTable {
    while !scanner.isAtEnd {
      scanner.passBlanks()
      if let byte = scanner.peek(), byte != comment { try readRow() }
      scanner.passLine()
    }
    guard !lines.isEmpty else { throw DataFileError(file: scanner.file, reason: "is empty: it has no rows") }
    guard !columns.isEmpty else { throw DataFileError(file: scanner.file, reason: "has labels alone") }
    return TypedTable([label] + columns, lines: lines, isSparse: true)
  }

  private mutating func readRow() throws(DataFileError) {
    guard lines.count < limits.rows else {
      throw scanner.error("is a row more than the \(limits.rows) allowed")
    }
    let row = Int32(lines.count)
    let word = scanner.bytes { TokenScanner.isBlank($0) || $0 == comment }
    _ = label.append(try labelText(word), row: row)
    lines.append(Int32(clamping: scanner.line))
    var last = 0
    while true {
      scanner.passBlanks()
      guard let byte = scanner.peek(), byte != comment else { return }
      last = try readPair(row, after: last)
    }
  }

  private func labelText(_ word: ArraySlice<UInt8>) throws(DataFileError) -> String {
    if let number = finiteNumber(word) { return number.shortText }
    if word.contains(colon) { throw scanner.error("has no label") }
    if word.contains(UInt8(ascii: ",")) {
      throw scanner.error("has several labels; a row has one class here")
    }
    throw scanner.error("has the label \"\(try scanner.text(word.prefix(40)))\"; labels are numbers")
  }

  private mutating func readPair(_ row: Int32, after last: Int) throws(DataFileError) -> Int {
    let word = scanner.bytes { $0 == colon || TokenScanner.isBlank($0) || $0 == comment }
    guard scanner.pass(colon), let index = Int(String(decoding: word.prefix(20), as: UTF8.self)) else {
      throw scanner.error("has \"\(try scanner.text(word.prefix(40)))\"; allowed: index:value pairs")
    }
    guard index >= 1 else { throw scanner.error("has the index \(index); indices count from 1") }
    guard index > last else { throw scanner.error("has the index \(index) after \(last); indices ascend") }
    guard index <= limits.columns else {
      throw scanner.error("has the index \(index); \(limits.columns) columns are allowed")
    }
    let value = scanner.bytes { TokenScanner.isBlank($0) || $0 == comment }
    guard let number = finiteNumber(value) else {
      throw scanner.error(
        "has the value \"\(try scanner.text(value.prefix(40)))\" for \(index); it must be a number")
    }
    valueCount += 1
    guard valueCount <= limits.values else {
      throw scanner.error("has a value more than the \(limits.values) allowed")
    }
    while columns.count < index { columns.append(TypedColumn(String(columns.count + 1), .numbers)) }
    if number != 0 { columns[index - 1].append(number, row: row) }
    return index
  }
}

private let comment = UInt8(ascii: "#")
private let colon = UInt8(ascii: ":")

extension Double {
  /// The number without a point where it is whole.
  package var shortText: String { Int(exactly: self).map { String($0) } ?? String(self) }
}

/// Reads ARFF, the attribute-relation file format of Weka and OpenML, dense or sparse.
///
/// Keywords are in any case; names and values are bare or in single or double quotes, with escapes by a backslash; `%`
/// begins a comment; a bare `?` is a missing value. Relational attributes and weights of rows are refused.
public enum ARFF {
  /// Reads a table.
  ///
  /// - Parameters:
  ///   - bytes: The text, in UTF-8.
  ///   - file: The name to give in errors.
  ///   - limits: The largest table to accept.
  /// - Throws: `DataFileError` with the line at fault.
  public static func read(
    _ bytes: consuming [UInt8], file: String, limits: TypedTable.Limits = .init()
  ) throws(DataFileError) -> TypedTable {
    var scanner = TokenScanner(bytes, file: file)
    var header = ARFFHeader()
    try header.read(&scanner, limits)
    var rows = ARFFRows(header.columns, limits)
    try rows.read(&scanner)
    return TypedTable(rows.columns, lines: rows.lines, isSparse: rows.isSparse == true)
  }
}

/// The declarations before the data.
private struct ARFFHeader {
  private(set) var columns: [TypedColumn] = []
  private var names: Set<String> = []

  mutating func read(_ scanner: inout TokenScanner, _ limits: TypedTable.Limits) throws(DataFileError) {
    while !scanner.isAtEnd {
      scanner.passBlanks()
      switch scanner.peek() {
      case nil, Mark.comment: break
      case Mark.keyword:
        scanner.advance()
        let word = try scanner.text(scanner.bytes { TokenScanner.isBlank($0) || $0 == Mark.comment })
        switch word.lowercased() {
        case "relation": break
        case "attribute": try readAttribute(&scanner, limits)
        case "data":
          guard !columns.isEmpty else { throw scanner.error("begins the data before any @attribute") }
          return scanner.passLine()
        default:
          throw scanner.error("has the keyword @\(word.prefix(40)); allowed: @relation, @attribute, @data")
        }
      default: throw scanner.error("is neither a comment nor a declaration; is the file ARFF?")
      }
      scanner.passLine()
    }
    throw DataFileError(file: scanner.file, reason: "ends before @data; is it whole, and ARFF?")
  }

  private mutating func readAttribute(
    _ scanner: inout TokenScanner, _ limits: TypedTable.Limits
  ) throws(DataFileError) {
    guard columns.count < limits.columns else {
      throw scanner.error("is an attribute more than the \(limits.columns) allowed")
    }
    scanner.passBlanks()
    let name = try scanner.value { $0 == Mark.open }.text
    guard names.insert(name).inserted else { throw scanner.error("declares \"\(name)\" a second time") }
    scanner.passBlanks()
    if scanner.pass(Mark.open) {
      columns.append(TypedColumn(name, .nominal, names: try nominals(&scanner)))
      return
    }
    let type = try scanner.text(scanner.bytes { TokenScanner.isBlank($0) || $0 == Mark.comment })
    switch type.lowercased() {
    case "numeric", "real", "integer": columns.append(TypedColumn(name, .numbers))
    // A date may have a format after it.
    case "string", "date": columns.append(TypedColumn(name, .text))
    default:
      throw scanner.error(
        "has the type \"\(type.prefix(40))\"; allowed: numeric, real, integer, string, date, or a list in braces"
      )
    }
  }

  /// The values up to the closing brace.
  private func nominals(_ scanner: inout TokenScanner) throws(DataFileError) -> [String] {
    var values: [String] = []
    scanner.passBlanks()
    if scanner.pass(Mark.close) { return values }
    while true {
      values.append(try scanner.value { $0 == Mark.close }.text)
      scanner.passBlanks()
      if scanner.pass(Mark.close) { return values }
      guard scanner.pass(Mark.comma) else {
        throw scanner.error("has a list of values that is not closed by }")
      }
      scanner.passBlanks()
    }
  }
}

/// The rows after `@data`.
private struct ARFFRows {
  private(set) var columns: [TypedColumn]
  private(set) var lines: [Int32] = []
  /// Whether rows are sparse, as soon as there is one.
  private(set) var isSparse: Bool?
  private let limits: TypedTable.Limits
  private let levelColumns: Int
  private var valueCount = 0

  init(_ columns: [TypedColumn], _ limits: TypedTable.Limits) {
    (self.columns, self.limits) = (columns, limits)
    levelColumns = columns.count { $0.kind != .numbers }
  }

  mutating func read(_ scanner: inout TokenScanner) throws(DataFileError) {
    while !scanner.isAtEnd {
      scanner.passBlanks()
      if let byte = scanner.peek(), byte != Mark.comment {
        try readRow(&scanner)
        scanner.passBlanks()
        if let byte = scanner.peek(), byte != Mark.comment {
          throw scanner.error("has text after its values")
        }
      }
      scanner.passLine()
    }
    guard !lines.isEmpty else { throw DataFileError(file: scanner.file, reason: "has no rows after @data") }
  }

  private mutating func readRow(_ scanner: inout TokenScanner) throws(DataFileError) {
    guard lines.count < limits.rows else {
      throw scanner.error("is a row more than the \(limits.rows) allowed")
    }
    let isSparse = scanner.pass(Mark.open)
    guard isSparse == self.isSparse ?? isSparse else {
      throw scanner.error(isSparse ? "is a sparse row among whole ones" : "is a whole row among sparse ones")
    }
    self.isSparse = isSparse
    // What a sparse row does not give takes room in columns of names.
    try count(isSparse ? levelColumns : columns.count, scanner)
    let row = Int32(lines.count)
    lines.append(Int32(clamping: scanner.line))
    if isSparse { try readSparse(row, &scanner) } else { try readDense(&scanner) }
  }

  private mutating func count(_ values: Int, _ scanner: TokenScanner) throws(DataFileError) {
    valueCount += values
    guard valueCount <= limits.values else {
      throw scanner.error("brings more than the \(limits.values) values allowed")
    }
  }

  private mutating func readDense(_ scanner: inout TokenScanner) throws(DataFileError) {
    for column in columns.indices {
      scanner.passBlanks()
      if column > 0 {
        guard scanner.pass(Mark.comma) else {
          throw scanner.peek() ?? Mark.comment == Mark.comment
            ? scanner.error("has \(column) values, there are \(columns.count) attributes")
            : scanner.error(
              "has text after the value of \(columns[column - 1].name); put quotes around blanks")
        }
        scanner.passBlanks()
      }
      try readValue(of: column, row: nil, &scanner) { _ in false }
    }
    scanner.passBlanks()
    if scanner.peek() == Mark.comma { throw scanner.error("has more than \(columns.count) values") }
  }

  private mutating func readSparse(_ row: Int32, _ scanner: inout TokenScanner) throws(DataFileError) {
    var last = -1
    scanner.passBlanks()
    if scanner.pass(Mark.close) { return }
    while true {
      let word = scanner.bytes { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let index = Int(String(decoding: word.prefix(20), as: UTF8.self)), columns.indices.contains(index)
      else { throw scanner.error("has no index from 0 to \(columns.count - 1) before a value") }
      guard index > last else { throw scanner.error("has the index \(index) after \(last); indices ascend") }
      last = index
      scanner.passBlanks()
      try count(1, scanner)
      try readValue(of: index, row: row, &scanner) { $0 == Mark.close }
      scanner.passBlanks()
      if scanner.pass(Mark.close) { return }
      guard scanner.pass(Mark.comma) else { throw scanner.error("has a sparse row that is not closed by }") }
      scanner.passBlanks()
    }
  }

  private mutating func readValue(
    of column: Int, row: Int32?, _ scanner: inout TokenScanner, isEnd: (UInt8) -> Bool
  ) throws(DataFileError) {
    let (text, isQuoted) = try scanner.value(isEnd)
    let isMissing = text == "?" && !isQuoted
    if columns[column].kind == .numbers {
      guard let number = isMissing ? .nan : finiteNumber(Array(text.utf8)[...]) else {
        throw scanner.error("has \"\(text.prefix(40))\" as \(columns[column].name), which is numeric")
      }
      columns[column].append(number, row: row)
    } else if !columns[column].append(isMissing ? nil : text, row: row) {
      throw scanner.error(
        "has \"\(text.prefix(40))\" as \(columns[column].name), which is not among the values declared")
    }
  }
}

private enum Mark {
  static let comment = UInt8(ascii: "%")
  static let keyword = UInt8(ascii: "@")
  static let open = UInt8(ascii: "{")
  static let close = UInt8(ascii: "}")
  static let comma = UInt8(ascii: ",")
  static let backslash = UInt8(ascii: "\\")
  static let quotes: Set<UInt8> = [UInt8(ascii: "'"), UInt8(ascii: "\"")]
}

extension TokenScanner {
  /// A bare or quoted value; a bare one ends at a blank, a comma and where the body says so.
  fileprivate mutating func value(
    _ isEnd: (UInt8) -> Bool
  ) throws(DataFileError) -> (text: String, isQuoted: Bool) {
    if let quote = peek(), Mark.quotes.contains(quote) { return (try quoted(quote), true) }
    let word = bytes { $0 == Mark.comma || TokenScanner.isBlank($0) || isEnd($0) }
    guard !word.isEmpty else { throw error("has nothing where a value is expected") }
    guard !word.contains(where: Mark.quotes.contains) else {
      throw error("has a quote inside a value that does not begin with one")
    }
    return (try text(word), false)
  }

  private mutating func quoted(_ quote: UInt8) throws(DataFileError) -> String {
    advance()
    var result: [UInt8] = []
    while let byte = peek() {
      advance()
      switch byte {
      case quote: return try text(result[...])
      case Mark.backslash:
        guard let escaped = peek() else { throw error("has a quote that is not closed") }
        advance()
        result += try unescaped(escaped)
      default: result.append(byte)
      }
    }
    throw error("has a quote that is not closed")
  }

  /// What a backslash and a byte stand for; a byte that means nothing else stands for itself.
  private mutating func unescaped(_ byte: UInt8) throws(DataFileError) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "n"): return [UInt8(ascii: "\n")]
    case UInt8(ascii: "t"): return [UInt8(ascii: "\t")]
    case UInt8(ascii: "r"): return [UInt8(ascii: "\r")]
    case UInt8(ascii: "u"):
      var digits: [UInt8] = []
      while digits.count < 4, let digit = peek() {
        digits.append(digit)
        advance()
      }
      guard digits.count == 4, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(code), code > 0
      else { throw error("has \\u without the four digits of a character") }
      return Array(String(Character(scalar)).utf8)
    default: return [byte]
    }
  }
}

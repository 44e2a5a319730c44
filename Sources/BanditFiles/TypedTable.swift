/// A table whose format says what its columns hold, as ARFF and libsvm files do.
public struct TypedTable: Sendable {
  /// What the format says of a column.
  public enum Kind: Hashable, Sendable {
    /// Numbers.
    case numbers
    /// Values from a list.
    case nominal
    /// Any text, or a date.
    case text
  }

  /// A column's values.
  public enum Values: Sendable {
    /// A number a row; NaN where it is missing.
    case numbers([Double])
    /// The rows, ascending, whose number is given; in the others it is 0. NaN where it is missing.
    case sparse(rows: [Int32], numbers: [Double])
    /// An index a row into the names; −1 where it is missing.
    case levels([Int32], names: [String])
  }

  /// A column.
  public struct Column: Sendable {
    /// Its name.
    public let name: String
    /// What the format says of it.
    public let kind: Kind
    /// Its values.
    public let values: Values
  }

  /// The largest table to accept.
  public struct Limits: Hashable, Sendable {
    /// The largest number of rows.
    public var rows: Int
    /// The largest number of columns.
    public var columns: Int
    /// The largest number of values to store: those that a sparse file gives, or one a row and column.
    public var values: Int

    /// Creates limits.
    public init(rows: Int = 10_000_000, columns: Int = 100_000, values: Int = 1 << 27) {
      (self.rows, self.columns, self.values) = (rows, columns, values)
    }
  }

  /// The columns, in the order of the file.
  public let columns: [Column]
  /// The number of rows.
  public var rowCount: Int { lines.count }

  private let lines: [Int32]

  /// The line of the file at which a row starts, counted from 1.
  public func line(ofRow row: Int) -> Int { Int(lines[row]) }

  init(_ columns: [TypedColumn], lines: [Int32], isSparse: Bool) {
    self.columns = columns.map { column in
      Column(
        name: column.name, kind: column.kind,
        values: column.values(rowCount: lines.count, isSparse: isSparse))
    }
    self.lines = lines
  }
}

/// A column while its file is read.
struct TypedColumn {
  let name: String
  let kind: TypedTable.Kind
  private var names: [String]
  private var indices: [String: Int32] = [:]
  /// The rows whose values are given, of a sparse file.
  private var rows: [Int32] = []
  private var numbers: [Double] = []
  private var levels: [Int32] = []

  /// - Parameter names: the values of a nominal column.
  init(_ name: String, _ kind: TypedTable.Kind, names: [String] = []) {
    (self.name, self.kind, self.names) = (name, kind, names)
    for (index, name) in names.enumerated() where indices[name] == nil { indices[name] = Int32(index) }
  }

  /// Adds the number of a row; of a sparse file with the row.
  mutating func append(_ number: Double, row: Int32? = nil) {
    numbers.append(number)
    if let row { rows.append(row) }
  }

  /// Adds the value of a row, nil for a missing one; false for one that a nominal column does not have.
  mutating func append(_ text: String?, row: Int32? = nil) -> Bool {
    var level: Int32 = -1
    if let text {
      if let known = indices[text] {
        level = known
      } else {
        guard kind == .text else { return false }
        level = Int32(names.count)
        indices[text] = level
        names.append(text)
      }
    }
    levels.append(level)
    if let row { rows.append(row) }
    return true
  }

  fileprivate func values(rowCount: Int, isSparse: Bool) -> TypedTable.Values {
    if kind == .numbers { return isSparse ? .sparse(rows: rows, numbers: numbers) : .numbers(numbers) }
    guard isSparse else { return .levels(levels, names: names) }
    // What a sparse file does not give is a nominal column's first value; a text has none.
    var whole = [Int32](repeating: kind == .nominal && !names.isEmpty ? 0 : -1, count: rowCount)
    for (row, level) in zip(rows, levels) { whole[Int(row)] = level }
    return .levels(whole, names: names)
  }
}

/// The bytes of a text that is read token by token.
struct TokenScanner {
  let file: String
  private let bytes: [UInt8]
  private(set) var position = 0
  private(set) var line = 1

  init(_ bytes: consuming [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    if self.bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
  }

  /// The next byte of this line; nil at its end.
  func peek() -> UInt8? {
    position < bytes.count && bytes[position] != UInt8(ascii: "\n") ? bytes[position] : nil
  }

  var isAtEnd: Bool { position >= bytes.count }

  mutating func advance() { position += 1 }

  /// Passes a byte if it is the next.
  mutating func pass(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  /// Passes blanks within a line.
  mutating func passBlanks() {
    while let byte = peek(), Self.isBlank(byte) { position += 1 }
  }

  /// Goes to the beginning of the next line.
  mutating func passLine() {
    while peek() != nil { position += 1 }
    if position < bytes.count {
      position += 1
      line += 1
    }
  }

  /// The bytes up to one of which the body says that it ends them, or to the line's end.
  mutating func bytes(until isEnd: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = position
    while let byte = peek(), !isEnd(byte) { position += 1 }
    return bytes[start..<position]
  }

  /// Bytes as text.
  func text(_ bytes: ArraySlice<UInt8>) throws(DataFileError) -> String {
    guard !bytes.contains(0) else { throw error("has a NUL byte") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error("is not valid UTF-8; save the file as UTF-8")
    }
    return text
  }

  /// An error about the line at hand.
  func error(_ reason: String) -> DataFileError { DataFileError(file: file, line: line, reason: reason) }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}

/// The number that a text spells, if it is one and finite.
func finiteNumber(_ bytes: ArraySlice<UInt8>) -> Double? {
  // Longer spellings of numbers are none that a program writes.
  guard bytes.count <= 400, let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite
  else { return nil }
  return number
}

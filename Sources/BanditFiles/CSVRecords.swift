/// The records of a CSV text, each with the same number of fields.
///
/// All fields are in the array of bytes that was read, quotes removed: a `String` a field would take far more memory.
struct CSVRecords {
  private(set) var columnCount = 0
  /// The line each record starts in, counted from 1.
  private(set) var lines: [Int] = []
  /// The bytes of all fields, and behind them what is still to be read: fields are never longer than what they are
  /// read from.
  fileprivate var text: [UInt8]
  /// How many bytes belong to fields.
  private var length = 0
  private var fieldEnds: [UInt32] = []

  fileprivate init(_ bytes: consuming [UInt8]) { text = bytes }

  var count: Int { lines.count }

  /// The bytes of a field, which are valid UTF-8.
  func field(_ record: Int, _ column: Int) -> ArraySlice<UInt8> {
    let index = record * columnCount + column
    return text[(index == 0 ? 0 : Int(fieldEnds[index - 1]))..<Int(fieldEnds[index])]
  }

  /// A field as a string.
  func string(_ record: Int, _ column: Int) -> String {
    String(decoding: field(record, column), as: UTF8.self)
  }

  /// What seems to part the fields of a line that was read as one field, as the setting `separator` calls it.
  static func likelySeparator(_ line: String) -> String? {
    [("\t", "tab"), (";", "semicolon"), ("|", "bar"), (",", "comma"), (" ", "space")].first {
      line.contains($0.0)
    }?.1
  }

  /// The bytes of the field being read.
  fileprivate var openField: ArraySlice<UInt8> { text[Int(fieldEnds.last ?? 0)..<length] }

  fileprivate mutating func append(_ byte: UInt8) {
    text[length] = byte
    length += 1
  }

  fileprivate mutating func endField() { fieldEnds.append(UInt32(length)) }

  fileprivate mutating func endText() { text.removeSubrange(length...) }

  fileprivate mutating func endRecord(line: Int, fields: Int) {
    if lines.isEmpty { columnCount = fields }
    lines.append(line)
  }
}

/// Reads RFC 4180 text, and refuses what the standard does not allow; fields may be parted by another byte than a comma.
struct CSVScanner {
  private let file: String
  private let separator: UInt8
  private let headerRows: Int
  private let maximumRows: Int
  private let maximumColumns: Int
  private var position = 0
  private var line = 1
  private var recordLine = 1
  private var blankLine: Int?
  private let byteCount: Int
  private var records: CSVRecords

  /// Prepares to read at most 4 GiB.
  init(
    _ bytes: consuming [UInt8], file: String, separator: UInt8, headerRows: Int, maximumRows: Int,
    maximumColumns: Int
  ) {
    precondition(bytes.count <= Int(UInt32.max), "a table of more than 4 GiB")
    precondition(
      ![0, CSVByte.quote, CSVByte.lineFeed, CSVByte.carriageReturn].contains(separator),
      "a separator that means something else")
    self.separator = separator
    byteCount = bytes.count
    records = CSVRecords(bytes)
    self.file = file
    self.headerRows = headerRows
    self.maximumRows = maximumRows
    self.maximumColumns = maximumColumns
  }

  /// All records; at least one.
  mutating func scan() throws(DataFileError) -> CSVRecords {
    // Spreadsheets begin UTF-8 files with a byte-order mark.
    if records.text.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    while position < byteCount {
      recordLine = line
      if let width = lineEndWidth() {
        blankLine = blankLine ?? line
        endLine(width)
      } else {
        try scanRecord()
      }
    }
    guard records.count > 0 else { throw DataFileError(file: file, reason: "is empty: it has no rows") }
    records.endText()
    return records
  }

  private mutating func scanRecord() throws(DataFileError) {
    if let blankLine {
      throw DataFileError(file: file, line: blankLine, reason: "is blank, with rows after it")
    }
    guard records.count - headerRows < maximumRows else {
      throw error("is a row more than the \(maximumRows) allowed")
    }
    var fields = 0
    repeat {
      fields += 1
      guard fields <= maximumColumns else {
        throw error("has more than the \(maximumColumns) fields allowed")
      }
      try scanField()
    } while try passSeparator()
    guard records.count == 0 || fields == records.columnCount else {
      throw error("has \(fields) fields, the first row has \(records.columnCount)\(separatorHint)")
    }
    records.endRecord(line: recordLine, fields: fields)
  }

  /// Text in which commas are rare is parted by something else.
  private var separatorHint: String {
    guard records.columnCount == 1 else { return "" }
    return CSVRecords.likelySeparator(records.string(0, 0)).map { "; perhaps set separator=\($0)" } ?? ""
  }

  private mutating func scanField() throws(DataFileError) {
    if peek() == CSVByte.quote {
      try scanQuotedField()
    } else {
      try scanBareField()
    }
    let field = records.openField
    guard field.allSatisfy({ $0 < 0x80 }) || String(validating: field, as: UTF8.self) != nil else {
      throw error("is not valid UTF-8; save the file as UTF-8")
    }
    records.endField()
  }

  private mutating func scanBareField() throws(DataFileError) {
    while let byte = peek() {
      switch byte {
      case separator, CSVByte.lineFeed, CSVByte.carriageReturn: return
      case CSVByte.quote: throw error("has a quote inside a field that does not begin with one")
      case 0: throw error("has a NUL byte")
      default: records.append(byte)
      }
      position += 1
    }
  }

  private mutating func scanQuotedField() throws(DataFileError) {
    position += 1
    while let byte = peek() {
      position += 1
      switch byte {
      case CSVByte.quote:
        guard peek() == CSVByte.quote else { return try checkAfterQuote() }
        position += 1
      case CSVByte.lineFeed: line += 1
      case 0: throw error("has a NUL byte")
      default: break
      }
      records.append(byte)
    }
    throw error("has a quote that is not closed")
  }

  private func checkAfterQuote() throws(DataFileError) {
    guard let byte = peek(), byte != separator, byte != CSVByte.lineFeed,
      byte != CSVByte.carriageReturn
    else { return }
    throw error("has text after a closing quote")
  }

  /// Passes a separator or a line's end, and tells whether another field follows.
  private mutating func passSeparator() throws(DataFileError) -> Bool {
    if peek() == separator {
      position += 1
      return true
    }
    if let width = lineEndWidth() {
      endLine(width)
    } else if position < byteCount {
      throw error("has a carriage return without a line feed; end lines with LF or CR LF")
    }
    return false
  }

  private func peek() -> UInt8? {
    position < byteCount ? records.text[position] : nil
  }

  /// The number of bytes of the line's end that is next, if one is.
  private func lineEndWidth() -> Int? {
    guard peek() == CSVByte.carriageReturn else { return peek() == CSVByte.lineFeed ? 1 : nil }
    let next = position + 1
    return next < byteCount && records.text[next] == CSVByte.lineFeed ? 2 : nil
  }

  private mutating func endLine(_ width: Int) {
    position += width
    line += 1
  }

  private func error(_ reason: String) -> DataFileError {
    DataFileError(file: file, line: recordLine, reason: reason)
  }
}

private enum CSVByte {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let quote = UInt8(ascii: "\"")
}

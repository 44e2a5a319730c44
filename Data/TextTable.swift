import BanditFiles

/// A text of lines with fields that are never quoted, as many published tables are.
struct TextTable {
  /// The file's name in errors.
  let file: String
  /// The SHA-256 of the uncompressed text.
  let sha256: String
  private let bytes: [UInt8]
  private let separator: UInt8
  /// Where the lines that are not blank begin and end, and their numbers, counted from 1.
  private var lines: [(start: Int, end: Int, number: Int)] = []

  /// Reads a file, gzip or plain.
  ///
  /// - Parameters:
  ///   - limit: the largest size to accept, uncompressed.
  ///   - separator: what stands between fields; blanks around fields are passed over, and several blanks are one.
  init(path: String, limit: Int, separator: Character) throws(DataFileError) {
    file = path
    bytes = try readDataFile(atPath: path, limit: limit, longestLine: 1 << 20)
    sha256 = SHA256.hexadecimal(of: bytes)
    self.separator = separator.asciiValue ?? UInt8(ascii: ",")
    var start = 0
    var number = 1
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      if bytes[start..<end].contains(where: { $0 > UInt8(ascii: " ") }) { lines.append((start, end, number)) }
      start = end + 1
      number += 1
    }
  }

  /// The number of lines that are not blank.
  var count: Int { lines.count }

  /// The fields of such a line, counted from 0, without blanks around them.
  func fields(_ line: Int) -> [ArraySlice<UInt8>] {
    let text = bytes[lines[line].start..<lines[line].end]
    let isBlank = separator == UInt8(ascii: " ")
    return text.split(separator: separator, omittingEmptySubsequences: isBlank).compactMap { field in
      let trimmed = Self.trimmed(field)
      return isBlank && trimmed.isEmpty ? nil : trimmed
    }
  }

  /// The fields of a line, which have to be so many.
  func fields(_ line: Int, count: Int) throws(DataFileError) -> [ArraySlice<UInt8>] {
    let fields = fields(line)
    guard fields.count == count else {
      throw error(line, "has \(fields.count) fields instead of \(count)")
    }
    return fields
  }

  /// An error about a line.
  func error(_ line: Int, _ reason: String) -> DataFileError {
    DataFileError(file: file, line: lines[line].number, reason: reason)
  }

  /// The number that a field of a line is.
  func number(_ field: ArraySlice<UInt8>, line: Int) throws(DataFileError) -> Double {
    let text = String(decoding: field, as: UTF8.self)
    guard let number = Double(text), abs(number) < 1e30 else {
      throw error(line, "has \"\(text)\" where a number has to be")
    }
    return number
  }

  private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") }
    guard let first = field.firstIndex(where: { !isBlank($0) }),
      let last = field.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return field[first...last]
  }
}

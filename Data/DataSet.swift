/// A data set that comes with this module: where it is from, and what it must hold.
public struct DataSet: Sendable {
  /// The name to ask the catalogue for.
  public let name: String
  /// What it is, in a sentence.
  public let summary: String
  /// Where it is from.
  public let source: String
  /// The licence, with its address.
  public let licence: String
  /// How to cite it.
  public let citation: String
  /// The SHA-256 of the uncompressed bytes, for a check with other tools; `verify` does not compute it.
  public let sha256: String
  /// The CRC-32 of the uncompressed bytes.
  public let crc32: UInt32
  /// The number of uncompressed bytes.
  public let byteCount: Int
  /// What it must hold.
  public let counts: Counts

  let contents: @Sendable () throws(DataFileError) -> [UInt8]
  let count: @Sendable ([UInt8]) throws(DataFileError) -> Counts

  /// The number of rows.
  public var rows: Int { counts.rows }
  /// The number of attributes, the class not counted.
  public var attributes: Int { counts.levels.count }

  /// What a data set holds.
  public struct Counts: Hashable, Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of rows of each class.
    public let classes: [String: Int]
    /// The number of levels of each attribute.
    public let levels: [Int]
  }

  /// Decompresses the data set and checks its size, its CRC-32 and its counts of rows, classes and levels.
  ///
  /// A CRC-32 finds damage, not forgery. For that, compare the file's SHA-256 with `sha256`.
  ///
  /// - Returns: What was found, in a sentence.
  /// - Throws: `DataFileError` that names what differs.
  public func verify() throws(DataFileError) -> String {
    let bytes = try contents()
    try check("bytes", bytes.count, byteCount)
    let found = try count(bytes)
    try check("rows", found.rows, counts.rows)
    for name in Set(found.classes.keys).union(counts.classes.keys).sorted() {
      try check("\(name) rows", found.classes[name] ?? 0, counts.classes[name] ?? 0)
    }
    try check("attributes", found.levels.count, counts.levels.count)
    for (index, pair) in zip(found.levels, counts.levels).enumerated() {
      try check("levels of attribute \(index + 1)", pair.0, pair.1)
    }
    guard Gzip.crc32(of: bytes) == crc32 else {
      throw DataFileError(file: name, reason: "its CRC-32 is not \(Self.hexadecimal(crc32))")
    }
    return report
  }

  private func check(_ what: String, _ found: Int, _ expected: Int) throws(DataFileError) {
    guard found == expected else {
      throw DataFileError(file: name, reason: "has \(found) \(what) instead of \(expected)")
    }
  }

  private var report: String {
    let classes = counts.classes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return """
      \(name): \(rows) rows (\(classes.joined(separator: ", "))), \(attributes) attributes, \
      \(counts.levels.reduce(0, +)) levels, \(byteCount) bytes, CRC-32 \(Self.hexadecimal(crc32)): as expected
      """
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

public import BanditFiles

/// A data set in the program, and what it must hold.
public struct EmbeddedData: Sendable {
  /// The SHA-256 of the uncompressed bytes.
  public let sha256: String
  /// The number of uncompressed bytes.
  public let byteCount: Int
  /// What it must hold.
  public let counts: Counts

  let contents: @Sendable () throws(DataFileError) -> [UInt8]
  let count: @Sendable ([UInt8]) throws(DataFileError) -> Counts

  /// What a data set holds.
  public struct Counts: Hashable, Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of rows of each class.
    public let classes: [String: Int]
    /// The number of levels of each attribute.
    public let levels: [Int]

    /// Creates counts.
    public init(rows: Int, classes: [String: Int], levels: [Int]) {
      self.rows = rows
      self.classes = classes
      self.levels = levels
    }
  }

  /// Creates a data set's contents.
  ///
  /// - `contents`: Gives the uncompressed bytes.
  /// - `count`: Counts what bytes hold, for the comparison with `counts`.
  public init(
    sha256: String, byteCount: Int, counts: Counts,
    contents: @escaping @Sendable () throws(DataFileError) -> [UInt8],
    count: @escaping @Sendable ([UInt8]) throws(DataFileError) -> Counts
  ) {
    self.sha256 = sha256
    self.byteCount = byteCount
    self.counts = counts
    self.contents = contents
    self.count = count
  }

  /// Checks the size, the counts of rows, classes and levels, and the SHA-256.
  func verify(_ name: String) throws(DataFileError) -> String {
    func check(_ what: String, _ found: Int, _ expected: Int) throws(DataFileError) {
      guard found == expected else {
        throw DataFileError(file: name, reason: "has \(found) \(what) instead of \(expected)")
      }
    }
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
    guard SHA256.hexadecimal(of: bytes) == sha256 else {
      throw DataFileError(file: name, reason: "its SHA-256 is not \(sha256)")
    }
    let classes = counts.classes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return """
      \(name): \(counts.rows) rows (\(classes.joined(separator: ", "))), \(counts.levels.count) attributes, \
      \(counts.levels.reduce(0, +)) levels, \(byteCount) bytes, SHA-256 as expected
      """
  }
}

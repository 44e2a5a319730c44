/// An array of bytes from an IDX file, as MNIST and its relatives come.
///
/// A file is four bytes (0, 0, the type of its numbers, how many lengths follow), the lengths as 32-bit numbers, most
/// significant byte first, and the numbers. Only the type 8, unsigned bytes, is read.
///
/// Source: the format's description by LeCun, Cortes and Burges beside the MNIST database.
public struct IDX: Hashable, Sendable {
  /// Its lengths, the slowest-running index first; each at least 1.
  public let shape: [Int]
  /// Its numbers, row by row.
  public let bytes: [UInt8]

  /// The SHA-256 of the uncompressed file of an array.
  package static func sha256(shape: [Int], bytes: [UInt8]) -> String {
    let lengths = shape.flatMap { length in
      stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: length >> $0) }
    }
    return SHA256.hexadecimal(of: [0, 0, 8, UInt8(shape.count)] + lengths, bytes)
  }

  /// Reads a file, gzip or plain.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - limit: The largest size to accept, on the disk and uncompressed, in bytes. The header's lengths are checked
  ///     against it before memory is taken for the numbers.
  /// - Throws: `DataFileError` for a file that is missing, no IDX, cut short, longer than its header says or too large.
  public static func read(atPath path: String, limit: Int = 1 << 30) throws(DataFileError) -> IDX {
    let bytes = try readRawFile(atPath: path, limit: limit)
    guard bytes.starts(with: Gzip.magic) else { return try IDX(parsing: bytes, file: path, limit: limit) }
    let start = try Gzip.start(of: bytes, file: path, count: IDXHeader.longest)
    let header = try IDXHeader(start, file: path, limit: limit)
    return try IDX(
      parsing: Gzip.decompress(bytes, file: path, limit: header.fileSize), file: path, limit: limit)
  }

  /// Reads the uncompressed bytes of a file.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - file: The name to give in errors.
  ///   - limit: The largest size to accept.
  public init(parsing bytes: [UInt8], file: String, limit: Int = 1 << 30) throws(DataFileError) {
    let header = try IDXHeader(bytes[...], file: file, limit: limit)
    guard bytes.count == header.fileSize else {
      let what = bytes.count < header.fileSize ? "is cut short" : "has bytes behind its end"
      throw DataFileError(
        file: file,
        reason: "\(what): it has \(bytes.count) bytes, its header of \(header.text) needs \(header.fileSize)")
    }
    shape = header.shape
    self.bytes = Array(bytes[header.size...])
  }
}

/// What the first bytes of an IDX file say.
private struct IDXHeader {
  let shape: [Int]
  let fileSize: Int

  static let mostLengths = 4
  static let longest = 4 + 4 * mostLengths
  private static let typeNames: [UInt8: String] = [
    9: "signed bytes", 0x0b: "16-bit numbers", 0x0c: "32-bit numbers", 0x0d: "single-precision numbers",
    0x0e: "double-precision numbers",
  ]

  var size: Int { 4 + 4 * shape.count }
  var text: String { shape.map(String.init).joined(separator: " × ") }

  init(_ bytes: ArraySlice<UInt8>, file: String, limit: Int) throws(DataFileError) {
    func refuse(_ reason: String) -> DataFileError { DataFileError(file: file, reason: reason) }
    let start = Array(bytes.prefix(Self.longest))
    guard start.count >= 4 else {
      throw refuse("is cut short: it has \(start.count) bytes, an IDX header 8 or more")
    }
    guard start[0] == 0, start[1] == 0, start[2] == 8 || Self.typeNames[start[2]] != nil else {
      let found = start[..<4].map { String($0, radix: 16) }.joined(separator: " ")
      throw refuse("is not IDX: it begins with the bytes \(found), an IDX file of bytes with 0 0 8")
    }
    if let name = Self.typeNames[start[2]] {
      throw refuse("holds \(name); only an IDX file of unsigned bytes is read")
    }
    let count = Int(start[3])
    guard (1...Self.mostLengths).contains(count) else {
      throw refuse("says it has \(count) lengths; 1 to \(Self.mostLengths) are allowed")
    }
    guard start.count >= 4 + 4 * count else { throw refuse("is cut short: it ends within its header") }
    shape = (1...count).map { index in
      start[(4 * index)..<(4 * index + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    let text = shape.map(String.init).joined(separator: " × ")
    guard !shape.contains(0) else { throw refuse("is empty: its header says \(text)") }
    var size = 1
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard !overflow, product <= limit - (4 + 4 * count) else {
        throw refuse("says it has \(text) bytes, more than the \(limit) allowed")
      }
      size = product
    }
    fileSize = 4 + 4 * count + size
  }
}

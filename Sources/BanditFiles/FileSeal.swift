/// What the first bytes of a file were when they were written.
public struct FileSeal: Codable, Hashable, Sendable {
  /// How many they are.
  public let bytes: Int
  /// Their CRC-32; nil where an earlier version wrote them.
  public let crc32: UInt32?

  /// Creates a seal.
  public init(bytes: Int, crc32: UInt32?) {
    self.bytes = bytes
    self.crc32 = crc32
  }

  /// Throws unless a file is as it was sealed, to its last byte.
  package func check(_ path: String) throws(DataFileError) {
    let (descriptor, length) = try Self.reopen(path)
    defer { _ = POSIXFile.release(descriptor) }
    try check(path, descriptor, length: length)
    guard length == bytes else { throw Self.damage(path, "has \(length) bytes where \(bytes) were written") }
  }

  /// Throws unless the first bytes of an open file are the ones that were sealed; gives their CRC-32.
  @discardableResult
  func check(_ path: String, _ descriptor: Int32, length: Int) throws(DataFileError) -> UInt32 {
    guard length >= bytes else { throw Self.damage(path, "has \(length) bytes where \(bytes) were written") }
    let found = try checksum(ofFirst: bytes, descriptor, path: path)
    guard let crc32 else {
      // What is left to check is the members' own sums.
      if bytes > 0 { _ = try Self.lineCount(ofGzip: path, length: bytes) }
      return found
    }
    guard found == crc32 else {
      let sums = [found, crc32].map { String($0, radix: 16) }
      throw Self.damage(
        path,
        "has other bytes than were written: the CRC-32 of the first \(bytes) is \(sums[0]), not \(sums[1])")
    }
    return found
  }

  /// Opens a file to append to, which was written before.
  static func reopen(_ path: String) throws(DataFileError) -> (descriptor: Int32, length: Int) {
    guard POSIXFile.size(path) != nil else { throw damage(path, "is gone") }
    return try POSIXFile.reopen(path)
  }

  /// The lines in the first bytes of a gzip file that was written before, whose members are checked by their own sums.
  package static func lineCount(ofGzip path: String, length: Int = .max) throws(DataFileError) -> Int {
    guard POSIXFile.size(path) != nil else { throw damage(path, "is gone") }
    do {
      return try Gzip.lineCount(
        of: Array(readRawFile(atPath: path, limit: .max).prefix(length)), file: path)
    } catch {
      throw damage(path, error.reason)
    }
  }

  /// An error about a file that is not as it was written.
  package static func damage(_ path: String, _ reason: String) -> DataFileError {
    DataFileError(
      file: path,
      reason: "\(reason); it is damaged: put a copy of it back, or start anew with --overwrite")
  }
}

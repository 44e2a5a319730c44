#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The contents of a file, uncompressed if its first two bytes say that it is gzip.
///
/// - Parameters:
///   - path: The file's path.
///   - limit: The largest size to accept, on the disk and uncompressed, in bytes. It is checked before memory
///     is taken.
///   - longestLine: The longest line to accept, in bytes. It is checked while the file is read, so that what is no
///     table takes little memory.
/// - Throws: `DataFileError` for a file that is missing, unreadable, too large or corrupt.
public func readDataFile(
  atPath path: String, limit: Int, longestLine: Int = .max
) throws(DataFileError) -> [UInt8] {
  let bytes = try readRawFile(atPath: path, limit: limit, longestLine: longestLine)
  guard bytes.starts(with: Gzip.magic) else { return bytes }
  return try Gzip.decompress(bytes, file: path, limit: limit, longestLine: longestLine)
}

/// Whether a file begins as gzip does.
package func isGzip(atPath path: String) throws(DataFileError) -> Bool {
  try POSIXFile.withRegularFile(atPath: path) { (descriptor, _) throws(DataFileError) in
    var start: [UInt8] = [0, 0]
    return pread(descriptor, &start, 2, 0) == 2 && start == Gzip.magic
  }
}

/// The contents of a file of at most `limit` bytes, as they are; what is not gzip has no longer line than that.
package func readRawFile(
  atPath path: String, limit: Int, longestLine: Int = .max
) throws(DataFileError) -> [UInt8] {
  precondition(limit >= 0, "the limit of a file's size is negative")
  return try POSIXFile.withRegularFile(atPath: path) { (descriptor, size) throws(DataFileError) in
    guard size <= limit else {
      throw DataFileError(file: path, reason: "has \(size) bytes, more than the \(limit) allowed")
    }
    return try readAll(descriptor, size: size, path: path, longestLine: longestLine)
  }
}

/// The CRC-32 of the first bytes of an open file.
package func checksum(
  ofFirst count: Int, _ descriptor: Int32, path: String
) throws(DataFileError) -> UInt32 {
  var piece = [UInt8](repeating: 0, count: 1 << 20)
  var (sum, position): (UInt32, Int) = (0, 0)
  while position < count {
    let got = POSIXFile.readSome(descriptor, into: &piece, min(piece.count, count - position), at: position)
    guard got > 0 else { throw readingFailure(path, got) }
    sum = Gzip.crc32(of: piece[..<got], continuing: sum)
    position += got
  }
  return sum
}

private func readAll(
  _ descriptor: Int32, size: Int, path: String, longestLine: Int
) throws(DataFileError) -> [UInt8] {
  var problem: DataFileError?
  var lines = LineLimit(longestLine)
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size, let start = buffer.baseAddress {
      let got = POSIXFile.readSome(descriptor, into: start + count, min(size - count, 1 << 20))
      guard got > 0 else {
        problem = readingFailure(path, got)
        return
      }
      let piece = buffer[count..<(count + got)]
      count += got
      guard buffer.starts(with: Gzip.magic) || lines.accepts(piece) else {
        problem = lines.error(file: path)
        return
      }
    }
  }
  if let problem { throw problem }
  return bytes
}

/// Why fewer bytes were read than the file had when it was opened.
private func readingFailure(_ path: String, _ got: Int) -> DataFileError {
  got < 0
    ? POSIXFile.failure(path, errno)
    : DataFileError(file: path, reason: "became shorter while it was read; run again")
}

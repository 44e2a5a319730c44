#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The lines of a text file, uncompressed if it is gzip, of which no more than a piece is in memory.
package enum DataFileLines {
  /// The bytes of a line without its end; they are there until the body returns.
  package typealias Body = (_ line: UnsafeBufferPointer<UInt8>) throws(DataFileError) -> Void

  /// The compressed bytes to read at once.
  private static let pieceSize = 1 << 16

  /// Calls a body with each line in turn.
  ///
  /// - Parameter longest: the most bytes that a line may have.
  /// - Throws: `DataFileError` for a file that is missing, unreadable or corrupt, for a longer line, and what the body
  ///   throws.
  package static func forEach(
    ofFile path: String, longest: Int, _ body: Body
  ) throws(DataFileError) {
    var splitter = LineSplitter(file: path, longest: longest)
    try forEachPiece(ofFile: path) { (piece) throws(DataFileError) in try splitter.add(piece, body) }
    try splitter.end(body)
  }

  /// Calls a body with the contents, piece by piece.
  static func forEachPiece(
    ofFile path: String, _ body: (_ piece: ArraySlice<UInt8>) throws(DataFileError) -> Void
  ) throws(DataFileError) {
    try POSIXFile.withRegularFile(atPath: path) { (descriptor, size) throws(DataFileError) in
      func piece() throws(DataFileError) -> [UInt8] { try read(descriptor, path) }
      let first = try piece()
      if first.starts(with: Gzip.magic) {
        // The reader is gone before the file is closed.
        try withoutActuallyEscaping(piece) { (piece) throws(DataFileError) in
          var reader = GzipReader(first, size: size, then: piece, file: path)
          while let piece = try reader.next() { try body(piece) }
        }
      } else {
        var bytes = first
        while !bytes.isEmpty {
          try body(bytes[...])
          bytes = try piece()
        }
      }
    }
  }

  private static func read(_ descriptor: Int32, _ path: String) throws(DataFileError) -> [UInt8] {
    var number: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, count in
      let got = POSIXFile.readSome(descriptor, into: buffer.baseAddress, pieceSize)
      number = got < 0 ? errno : 0
      count = max(got, 0)
    }
    guard number == 0 else { throw POSIXFile.failure(path, number) }
    return bytes
  }
}

/// Cuts pieces of a text into lines.
private struct LineSplitter {
  let file: String
  let longest: Int
  /// The beginning of a line whose end is not there yet.
  private var open: [UInt8] = []
  private var count = 0

  init(file: String, longest: Int) {
    self.file = file
    self.longest = longest
  }

  mutating func add(_ piece: ArraySlice<UInt8>, _ body: DataFileLines.Body) throws(DataFileError) {
    open += piece
    var start = 0
    while let end = Self.lineFeed(in: open, from: start) {
      try give(start..<end, body)
      start = end + 1
    }
    open.removeFirst(start)
    try check(open.count)
  }

  /// Gives the last line where it has no end.
  mutating func end(_ body: DataFileLines.Body) throws(DataFileError) {
    if !open.isEmpty { try give(0..<open.count, body) }
  }

  private mutating func give(_ range: Range<Int>, _ body: DataFileLines.Body) throws(DataFileError) {
    try check(range.count)
    count += 1
    let hasReturn = open[range].last == UInt8(ascii: "\r")
    let range = range.lowerBound..<(range.upperBound - (hasReturn ? 1 : 0))
    var problem: DataFileError?
    open.withUnsafeBufferPointer { bytes in
      do throws(DataFileError) { try body(UnsafeBufferPointer(rebasing: bytes[range])) } catch {
        problem = error
      }
    }
    if let problem { throw problem }
  }

  private func check(_ length: Int) throws(DataFileError) {
    guard length <= longest else {
      throw DataFileError(
        file: file, line: count + 1, reason: "has more than the \(longest) bytes allowed in a line")
    }
  }

  private static func lineFeed(in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { bytes -> Int? in
      guard start < bytes.count, let base = bytes.baseAddress else { return nil }
      guard let found = memchr(base + start, 10, bytes.count - start) else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}

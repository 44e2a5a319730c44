import CZlib

/// Inflates a gzip stream, member by member, in pieces or as a whole.
struct GzipReader: ~Copyable {
  /// Gives the next bytes of a stream; none at its end.
  typealias Source = () throws(DataFileError) -> [UInt8]

  /// A window of the compressed stream: what has been read of it and is not used up.
  private var bytes: [UInt8]
  /// Where the window begins in the stream.
  private var base = 0
  /// What comes after the window.
  private let source: Source?
  /// The stream's length in bytes.
  private let size: Int
  private let file: String
  private let limit: Int
  private var lineLimit: LineLimit
  private let stream: UnsafeMutablePointer<z_stream>
  /// In the window.
  private var position = 0
  private var member = 0
  private var isInMember = false
  /// In the stream.
  private var memberStart = 0
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)
  private var output: [UInt8] = []

  /// Readies a stream whose first bytes are there already.
  init(
    _ bytes: [UInt8], size: Int? = nil, then source: Source? = nil, file: String, limit: Int = .max,
    longestLine: Int = .max
  ) {
    self.bytes = bytes
    self.source = source
    self.size = size ?? bytes.count
    self.file = file
    self.limit = limit
    lineLimit = LineLimit(longestLine)
    // On the heap, because zlib keeps the stream's address.
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(stream, gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib could not start inflating: status \(status)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// The contents of all members.
  mutating func readAll() throws(DataFileError) -> [UInt8] {
    output.reserveCapacity(likelySize)
    while let piece = try next() { try keep(piece.count) }
    return output
  }

  /// The number of line feeds in the contents, of which no more than a piece is held.
  mutating func countLines() throws(DataFileError) -> Int {
    var lines = 0
    while let piece = try next() { lines += piece.count { $0 == UInt8(ascii: "\n") } }
    return lines
  }

  /// The next piece of the contents; nil at their end.
  mutating func next() throws(DataFileError) -> ArraySlice<UInt8>? {
    if member == 0 { try checkMagic() }
    while true {
      if !isInMember {
        if member > 0 {
          guard try hasAnotherMember() else { return nil }
        }
        member += 1
        memberStart = base + position
        isInMember = true
        inflateReset(stream)
      }
      try fill(1)
      let (status, produced) = inflateChunk()
      switch status {
      case Z_STREAM_END: isInMember = false
      case Z_OK: break
      case Z_BUF_ERROR where produced > 0: break
      case Z_BUF_ERROR: throw truncation
      case Z_MEM_ERROR: throw error("could not be inflated: zlib got no memory")
      default: throw corruption
      }
      if produced > 0 { return chunk[..<produced] }
    }
  }

  /// Reads on until so many bytes are in the window, or the stream has no more.
  private mutating func fill(_ count: Int) throws(DataFileError) {
    guard let source else { return }
    while bytes.count - position < count {
      let more = try source()
      if more.isEmpty { return }
      base += position
      bytes.removeFirst(position)
      bytes += more
      position = 0
    }
  }

  /// The first contents, as far as one chunk holds them.
  mutating func readStart() throws(DataFileError) -> ArraySlice<UInt8> {
    try checkMagic()
    member = 1
    let (status, produced) = inflateChunk()
    switch status {
    case Z_OK, Z_STREAM_END: return chunk[..<produced]
    case Z_BUF_ERROR: throw truncation
    default: throw corruption
    }
  }

  /// The size the last member claims, as far as it can be true: deflate gains at most a factor of 1,032.
  private var likelySize: Int {
    let claimed = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    return min(claimed, limit, bytes.count * 1032)
  }

  private func checkMagic() throws(DataFileError) {
    guard !bytes.isEmpty else { throw error("is cut short: it is empty") }
    guard !bytes.starts(with: Gzip.magic) else { return }
    guard bytes != [Gzip.magic[0]] else { throw error("is cut short: it has one byte") }
    throw error("is not gzip: it does not begin with the bytes 1f 8b")
  }

  /// Inflates what fits in the chunk.
  private mutating func inflateChunk() -> (status: Int32, produced: Int) {
    let position = self.position
    let stream = self.stream
    let room = chunk.count
    // zlib counts in 32 bits.
    let offered = min(bytes.count - position, 1 << 30)
    let status = bytes.withUnsafeBufferPointer { input in
      chunk.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.advanced(by: position))
        stream.pointee.avail_in = UInt32(offered)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(room)
        return inflate(stream, Z_NO_FLUSH)
      }
    }
    self.position += offered - Int(stream.pointee.avail_in)
    return (status, room - Int(stream.pointee.avail_out))
  }

  private mutating func keep(_ produced: Int) throws(DataFileError) {
    let needed = output.count + produced
    guard needed <= limit else {
      throw error("holds more than the \(limit) bytes allowed once uncompressed")
    }
    if needed > output.capacity {
      output.reserveCapacity(min(limit, max(needed, 2 * output.capacity)))
    }
    guard lineLimit.accepts(chunk[..<produced]) else { throw lineLimit.error(file: file) }
    output.append(contentsOf: chunk[..<produced])
  }

  private mutating func hasAnotherMember() throws(DataFileError) -> Bool {
    try fill(2)
    if bytes[position...].starts(with: Gzip.magic) { return true }
    let start = base + position
    while position < bytes.count {
      guard bytes[position...].allSatisfy({ $0 == 0 }) else {
        throw error(
          "has \(size - start) bytes that are not gzip after its last member, from byte \(start + 1)")
      }
      position = bytes.count
      try fill(1)
    }
    return false
  }

  private var truncation: DataFileError {
    error("is cut short: gzip member \(member), from byte \(memberStart + 1), has no end")
  }

  private var corruption: DataFileError {
    let detail = stream.pointee.msg.map { String(cString: $0) } ?? "a preset dictionary is asked for"
    let place = "is corrupt in gzip member \(member), from byte \(memberStart + 1)"
    return switch detail {
    case "incorrect data check": error("\(place): the contents do not match their CRC-32")
    case "incorrect length check": error("\(place): the contents do not match their length")
    default: error("\(place), near byte \(base + position + 1): \(detail)")
    }
  }

  private func error(_ reason: String) -> DataFileError {
    DataFileError(file: file, reason: reason)
  }
}

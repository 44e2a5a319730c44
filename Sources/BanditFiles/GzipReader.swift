import CZlib

/// Inflates a gzip stream, member by member.
struct GzipReader: ~Copyable {
  private let bytes: [UInt8]
  private let file: String
  private let limit: Int
  private let stream: UnsafeMutablePointer<z_stream>
  private var position = 0
  private var member = 0
  private var memberStart = 0
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)
  private var output: [UInt8] = []
  /// Line feeds, where nothing but their number is kept.
  private var lines: Int?

  init(_ bytes: [UInt8], file: String, limit: Int) {
    self.bytes = bytes
    self.file = file
    self.limit = limit
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
    try checkMagic()
    output.reserveCapacity(likelySize)
    repeat {
      try readMember()
    } while try hasAnotherMember()
    return output
  }

  /// Inflates all members and keeps the number of their lines alone.
  mutating func countLines() throws(DataFileError) -> Int {
    try checkMagic()
    lines = 0
    repeat {
      try readMember()
    } while try hasAnotherMember()
    return lines ?? 0
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

  private mutating func readMember() throws(DataFileError) {
    member += 1
    memberStart = position
    inflateReset(stream)
    while true {
      let (status, produced) = inflateChunk()
      try keep(produced)
      switch status {
      case Z_STREAM_END: return
      case Z_OK: continue
      case Z_BUF_ERROR where produced > 0: continue
      case Z_BUF_ERROR: throw truncation
      case Z_MEM_ERROR: throw error("could not be inflated: zlib got no memory")
      default: throw corruption
      }
    }
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
    if let lines {
      self.lines = lines + chunk[..<produced].count { $0 == UInt8(ascii: "\n") }
      return
    }
    let needed = output.count + produced
    guard needed <= limit else {
      throw error("holds more than the \(limit) bytes allowed once uncompressed")
    }
    if needed > output.capacity {
      output.reserveCapacity(min(limit, max(needed, 2 * output.capacity)))
    }
    output.append(contentsOf: chunk[..<produced])
  }

  private func hasAnotherMember() throws(DataFileError) -> Bool {
    let rest = bytes[position...]
    if rest.starts(with: Gzip.magic) { return true }
    if rest.allSatisfy({ $0 == 0 }) { return false }
    throw error("has \(rest.count) bytes that are not gzip after its last member, from byte \(position + 1)")
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
    default: error("\(place), near byte \(position + 1): \(detail)")
    }
  }

  private func error(_ reason: String) -> DataFileError {
    DataFileError(file: file, reason: reason)
  }
}

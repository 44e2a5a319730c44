import CZlib

/// The gzip format (RFC 1952), through zlib.
public enum Gzip {
  /// The two bytes that begin every gzip member.
  static let magic: [UInt8] = [0x1f, 0x8b]

  /// The whole contents of a gzip stream of one or more members.
  ///
  /// Zero bytes may follow the last member, as tapes and some disk images leave them; nothing else may.
  ///
  /// - Parameters:
  ///   - bytes: The compressed stream.
  ///   - file: The name to give in errors.
  ///   - limit: The largest uncompressed size to accept, in bytes. It is checked while inflating.
  ///   - longestLine: The longest line to accept, in bytes; checked while inflating too.
  /// - Throws: `DataFileError` for a truncated, corrupt or too large stream, and for one that is not gzip.
  public static func decompress(
    _ bytes: [UInt8], file: String, limit: Int, longestLine: Int = .max
  ) throws(DataFileError) -> [UInt8] {
    precondition(limit >= 0, "the limit of an uncompressed size is negative")
    var reader = GzipReader(bytes, file: file, limit: limit, longestLine: longestLine)
    return try reader.readAll()
  }

  /// Up to `count` bytes from the beginning of a gzip stream's contents, without inflating the rest.
  package static func start(of bytes: [UInt8], file: String, count: Int) throws(DataFileError) -> ArraySlice<
    UInt8
  > {
    var reader = GzipReader(bytes, file: file, limit: .max)
    return try reader.readStart().prefix(count)
  }

  /// The bytes as one whole gzip member, without a time or a name, so that equal bytes give equal members.
  ///
  /// - Parameters:
  ///   - bytes: What to compress, at most 1 GiB.
  ///   - level: From 0, the fastest, to 9, the smallest.
  public static func member(of bytes: [UInt8], level: Int = 6) -> [UInt8] {
    precondition((0...9).contains(level), "a gzip level is from 0 to 9")
    precondition(bytes.count <= 1 << 30, "a gzip member is made of at most 1 GiB")
    var stream = z_stream()
    // zlib keeps the stream's address, so every call is made in this one scope.
    return withUnsafeMutablePointer(to: &stream) { stream in
      let status = deflateInit2_(
        stream, Int32(level), Z_DEFLATED, gzipWindowBits, 8, Z_DEFAULT_STRATEGY,
        ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      precondition(status == Z_OK, "zlib could not start compressing: status \(status)")
      defer { deflateEnd(stream) }
      return deflateAll(bytes, stream)
    }
  }

  /// Compresses in one call, which the bound on the compressed size makes possible.
  private static func deflateAll(_ bytes: [UInt8], _ stream: UnsafeMutablePointer<z_stream>) -> [UInt8] {
    let bound = Int(deflateBound(stream, UInt(bytes.count)))
    return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
      bytes.withUnsafeBufferPointer { input in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(bound)
        let status = deflate(stream, Z_FINISH)
        precondition(status == Z_STREAM_END, "zlib did not finish compressing: status \(status)")
      }
      count = bound - Int(stream.pointee.avail_out)
    }
  }

  /// The CRC-32 that gzip uses, of bytes that may follow others.
  package static func crc32(of bytes: some Collection<UInt8>, continuing sum: UInt32 = 0) -> UInt32 {
    let result = bytes.withContiguousStorageIfAvailable {
      UInt32(crc32_z(UInt(sum), $0.baseAddress, $0.count))
    }
    return result ?? crc32(of: Array(bytes), continuing: sum)
  }

  /// The number of lines in a gzip stream of whole members, of which no more than a piece is held.
  package static func lineCount(of bytes: [UInt8], file: String) throws(DataFileError) -> Int {
    var reader = GzipReader(bytes, file: file, limit: .max)
    return try reader.countLines()
  }
}

/// A window of 32 KiB; adding 16 asks zlib for gzip's header and trailer.
let gzipWindowBits: Int32 = 15 + 16

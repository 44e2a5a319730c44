import BanditNumerics

/// Safetensors with a checksum of everything in them, so that damage of any byte is seen.
extension Safetensors {
  private static let sealKey = "crc32"

  /// The bytes of the file with the CRC-32 of the same file without it among its words; tensors go by name.
  public var sealedBytes: [UInt8] {
    var contents = self
    contents.tensors.sort { $0.name < $1.name }
    contents.metadata[Self.sealKey] = contents.seal
    return contents.bytes
  }

  /// Reads the bytes of a file that was sealed.
  ///
  /// - Throws: `DataFileError` for bytes that are not such a file, or not those that were written.
  public init(sealedBytes bytes: [UInt8], file: String) throws(DataFileError) {
    self = try Safetensors(bytes: bytes, file: file)
    guard let seal = metadata.removeValue(forKey: Self.sealKey) else {
      throw DataFileError(file: file, reason: "has no checksum")
    }
    guard seal == self.seal else {
      throw DataFileError(file: file, reason: "is damaged: its checksum is not that of its contents")
    }
  }

  private var seal: String { String(Gzip.crc32(of: bytes), radix: 16) }
}

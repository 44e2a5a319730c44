/// The checksum of TensorBoard's records: CRC-32 with Castagnoli's polynomial, which zlib does not have.
enum CRC32C {
  private static let table = (0..<256 as Range<UInt32>).map { index in
    (0..<8).reduce(index) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0x82f6_3b78 : 0) }
  }

  /// The checksum (RFC 3720, appendix B.4).
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { value, byte in value >> 8 ^ table[Int((value ^ UInt32(byte)) & 0xff)] }
  }

  /// The checksum as records have it: turned and shifted, so that a checksum of checksums is no weak one.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xa282_ead8
  }
}

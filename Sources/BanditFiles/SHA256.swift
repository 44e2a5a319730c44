/// The SHA-256 of some bytes, which may come in pieces.
///
/// Source: FIPS 180-4, §6.2.
public struct SHA256 {
  /// The digest in hexadecimal, in lower case.
  public static func hexadecimal(of pieces: [UInt8]...) -> String {
    var hash = SHA256()
    for piece in pieces { hash.add(piece) }
    return hash.finish()
  }

  /// The digest of a file's contents, uncompressed if it is gzip, of which no more than a piece is in memory.
  package static func hexadecimal(ofFile path: String) throws(DataFileError) -> String {
    var hash = SHA256()
    try DataFileLines.forEachPiece(ofFile: path) { hash.add(Array($0)) }
    return hash.finish()
  }

  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// Bytes that fill no block yet.
  private var rest: [UInt8] = []
  private var length = 0

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]

  private mutating func add(_ bytes: [UInt8]) {
    length += bytes.count
    let missing = rest.isEmpty ? 0 : min(64 - rest.count, bytes.count)
    rest += bytes[..<missing]
    if rest.count == 64 {
      rest.withUnsafeBytes { mix($0) }
      rest = []
    }
    guard rest.isEmpty else { return }
    let whole = missing + (bytes.count - missing) / 64 * 64
    bytes.withUnsafeBytes { mix(UnsafeRawBufferPointer(rebasing: $0[missing..<whole])) }
    rest += bytes[whole...]
  }

  /// Pads the last bytes to one or two blocks that end with the message's length in bits.
  private mutating func finish() -> String {
    var tail = rest + [0x80]
    tail += [UInt8](repeating: 0, count: (120 - tail.count) % 64)
    for shift in stride(from: 56, through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: (length * 8) >> shift))
    }
    tail.withUnsafeBytes { mix($0) }
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }
    .joined()
  }

  /// Mixes whole blocks in.
  private mutating func mix(_ blocks: UnsafeRawBufferPointer) {
    // Data sets have tens of megabytes, so the arrays' checks are made once, not at every word.
    Self.constants.withUnsafeBufferPointer { constants in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
        for start in stride(from: 0, to: blocks.count, by: 64) {
          mix(UnsafeRawBufferPointer(rebasing: blocks[start..<(start + 64)]), schedule, constants)
        }
      }
    }
  }

  private mutating func mix(
    _ block: UnsafeRawBufferPointer, _ schedule: UnsafeMutableBufferPointer<UInt32>,
    _ constants: UnsafeBufferPointer<UInt32>
  ) {
    func turned(_ word: UInt32, _ bits: UInt32) -> UInt32 { word &>> bits | word &<< (32 &- bits) }
    for index in 0..<16 {
      schedule[index] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
    }
    for index in 16..<64 {
      let (old, recent) = (schedule[index - 15], schedule[index - 2])
      let first = turned(old, 7) ^ turned(old, 18) ^ old &>> 3
      let second = turned(recent, 17) ^ turned(recent, 19) ^ recent &>> 10
      schedule[index] = schedule[index - 16] &+ first &+ schedule[index - 7] &+ second
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let wide = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
      let added = h &+ wide &+ (e & f ^ ~e & g) &+ constants[index] &+ schedule[index]
      let turns = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
      (h, g, f, e) = (g, f, e, d &+ added)
      (d, c, b, a) = (c, b, a, added &+ turns &+ (a & b ^ a & c ^ b & c))
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
  }
}

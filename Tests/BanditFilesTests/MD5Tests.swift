import TestSupport
import Testing

@testable import BanditFiles

@Suite("MD5")
struct MD5Tests {
  @Test(
    "The digests of RFC 1321's test suite",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
      (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "d174ab98d277d9f5a5611c2c9f419d9f"
      ),
      (
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a"
      ),
    ])
  func suite(text: String, digest: String) {
    #expect(MD5.hexadecimal(of: text.bytes) == digest)
  }

  @Test("Every length around a block's end, as md5sum has it")
  func lengths() throws {
    var generator = SeededGenerator(state: 2)
    for length in [55, 56, 57, 63, 64, 65, 119, 120, 121, 1_000] {
      let bytes = generator.bytes(length)
      try withTemporaryDirectory { folder in
        try write(bytes, to: "\(folder)/bytes")
        let known = try run(["md5sum", "\(folder)/bytes"]).output.prefix(32)
        #expect(MD5.hexadecimal(of: bytes) == known)
      }
    }
  }
}

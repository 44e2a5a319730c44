import TestSupport
import Testing

@testable import BanditFiles

@Suite("SHA-256")
struct SHA256Tests {
  @Test("The standard's examples have the standard's digests")
  func vectors() {
    let examples = [
      "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq":
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      String(repeating: "a", count: 1_000_000):
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    ]
    for (text, digest) in examples { #expect(SHA256.hexadecimal(of: text.bytes) == digest) }
  }

  @Test(
    "Every length up to three blocks has the digest that sha256sum gives",
    .enabled(if: hasProgram("sha256sum")))
  func lengths() throws {
    var generator = SeededGenerator(state: 4)
    let messages = (0...192).map { generator.bytes($0) }
    try withTemporaryDirectory { directory in
      let paths = try messages.enumerated().map { index, bytes in
        let path = "\(directory)/\(index + 1_000)"
        try write(bytes, to: path)
        return path
      }
      let (output, status) = try run("sha256sum", paths)
      #expect(status == 0)
      let digests = String(decoding: output, as: UTF8.self).split(separator: "\n").map {
        String($0.prefix(64))
      }
      #expect(messages.map { SHA256.hexadecimal(of: $0) } == digests)
    }
  }
}

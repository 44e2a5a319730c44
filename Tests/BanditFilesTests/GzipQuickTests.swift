import TestSupport
import Testing

@testable import BanditFiles

@Suite("Quick gzip members")
struct GzipQuickTests {
  private func check(_ bytes: [UInt8]) throws {
    let member = Gzip.quickMember(of: bytes)
    #expect(try Gzip.decompress(member, file: "log.gz", limit: bytes.count) == bytes)
    // Of random bytes a code of nine bits is the worst there can be, beside a block's table.
    #expect(member.count <= bytes.count + bytes.count / 8 + 400)
  }

  @Test("Random bytes of every size come back, at the ends of blocks too")
  func random() throws {
    var generator = SeededGenerator(state: 1)
    for size in [0, 1, 2, 5, 6, 7, 273, 274, 275, 500, 32_766, 32_767, 32_768, 65_535, 70_000, 300_000] {
      try check(generator.bytes(size))
    }
  }

  @Test("Bytes that repeat, near and far, come back")
  func repetitions() throws {
    var generator = SeededGenerator(state: 2)
    for period in [1, 2, 5, 6, 7, 8, 250, 258, 259, 300, 32_760, 32_767, 32_768, 32_769, 33_000] {
      let piece = generator.bytes(period)
      try check((0..<100_000).map { piece[$0 % period] })
      var changed = (0..<100_000).map { piece[$0 % period] }
      for _ in 0..<200 { changed[Int.random(in: 0..<100_000, using: &generator)] &+= 1 }
      try check(changed)
    }
  }

  @Test("Bytes of which some are far rarer than others have codes of at most fifteen bits")
  func skewed() throws {
    var (now, before) = (1, 1)
    var bytes: [UInt8] = []
    for symbol in UInt8(0)..<24 {
      bytes += Array(repeating: symbol &* 7, count: now)
      (now, before) = (now + before, now)
    }
    var generator = SeededGenerator(state: 3)
    bytes.shuffle(using: &generator)
    for size in stride(from: 20_000, to: bytes.count, by: 9_001) { try check(Array(bytes[..<size])) }
  }

  @Test("Lines that resemble each other take little, and other programs read them")
  func lines() throws {
    var generator = SeededGenerator(state: 4)
    let words = (0..<40).map { "\"column-\($0)=value\"" }
    let text = (0..<2_000).map { step in
      let some = words.filter { _ in Bool.random(using: &generator) }
      return "{\"step\":\(step),\"active\":[\(some.joined(separator: ","))]}\n"
    }.joined().bytes
    let member = Gzip.quickMember(of: text)
    try check(text)
    #expect(member.count < text.count / 8)
    #expect(member == Gzip.quickMember(of: text))
    #expect(member[..<8] == Gzip.member(of: text)[..<8])
    guard hasProgram("zcat") else { return }
    try withTemporaryDirectory { directory in
      try write(member + Gzip.quickMember(of: [7]), to: "\(directory)/log.gz")
      let (output, status) = try run("zcat", ["\(directory)/log.gz"])
      #expect(status == 0 && output == text + [7])
    }
  }
}

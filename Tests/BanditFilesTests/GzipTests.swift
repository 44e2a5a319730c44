import TestSupport
import Testing

@testable import BanditFiles

@Suite("Gzip")
struct GzipTests {
  let text = String(repeating: "step,action,reward\n", count: 500).bytes

  private func reason(_ bytes: [UInt8], limit: Int = 1 << 20) -> String? {
    dataFileError { () throws(DataFileError) in
      _ = try Gzip.decompress(bytes, file: "log.gz", limit: limit)
    }?.description
  }

  @Test("What is compressed comes back, at every level and size", arguments: [0, 1, 6, 9])
  func roundTrip(level: Int) throws {
    var generator = SeededGenerator(state: 1)
    for size in [0, 1, 100, 65_535, 65_536, 65_537, 300_000] {
      let bytes = generator.bytes(size)
      let member = Gzip.member(of: bytes, level: level)
      #expect(try Gzip.decompress(member, file: "log.gz", limit: size) == bytes)
    }
  }

  @Test("Members one after another give their contents one after another")
  func members() throws {
    let stream = Gzip.member(of: text) + Gzip.member(of: []) + Gzip.member(of: "end".bytes)
    #expect(try Gzip.decompress(stream, file: "log.gz", limit: 1 << 20) == text + "end".bytes)
  }

  @Test("A member has no time and no name")
  func header() {
    let member = Gzip.member(of: text)
    #expect(member[0..<4] == [0x1f, 0x8b, 8, 0])
    #expect(member[4..<8].allSatisfy { $0 == 0 })
    #expect(member == Gzip.member(of: text))
  }

  @Test("Zero bytes may follow the last member")
  func padding() throws {
    let padded = Gzip.member(of: text) + [UInt8](repeating: 0, count: 512)
    #expect(try Gzip.decompress(padded, file: "log.gz", limit: 1 << 20) == text)
  }

  @Test("A truncated gzip is refused with its name and the reason")
  func truncated() {
    let member = Gzip.member(of: text)
    #expect(reason([]) == "log.gz: is cut short: it is empty")
    #expect(reason([0x1f]) == "log.gz: is cut short: it has one byte")
    #expect(
      reason(Array(member.dropLast())) == "log.gz: is cut short: gzip member 1, from byte 1, has no end")
    #expect(
      reason(member + member.prefix(10))
        == "log.gz: is cut short: gzip member 2, from byte \(member.count + 1), has no end")
  }

  @Test("What is not gzip is refused")
  func notGzip() {
    #expect(reason("e,x\n".bytes) == "log.gz: is not gzip: it does not begin with the bytes 1f 8b")
    #expect(reason([0]) == "log.gz: is not gzip: it does not begin with the bytes 1f 8b")
  }

  @Test("A wrong checksum, a wrong length and corrupt data are told apart")
  func corrupt() {
    let place = "log.gz: is corrupt in gzip member 1, from byte 1"
    let member = Gzip.member(of: text)
    var changed = member
    changed[member.count - 8] ^= 1
    #expect(reason(changed) == "\(place): the contents do not match their CRC-32")
    changed = member
    changed[member.count - 4] ^= 1
    #expect(reason(changed) == "\(place): the contents do not match their length")
    changed = member
    changed[10] |= 0b110
    #expect(reason(changed)?.hasPrefix("\(place), near byte") == true)
    #expect(reason(changed)?.hasSuffix("invalid block type") == true)
    changed = member
    changed[2] = 7
    #expect(reason(changed)?.hasSuffix("unknown compression method") == true)
  }

  @Test("Bytes after the last member are refused")
  func trailing() {
    let member = Gzip.member(of: text)
    let place = "that are not gzip after its last member, from byte \(member.count + 1)"
    #expect(reason(member + [0, 0, 7]) == "log.gz: has 3 bytes \(place)")
    #expect(reason(member + "e,x\n".bytes) == "log.gz: has 4 bytes \(place)")
  }

  @Test("Contents may have the limit's size and not a byte more, over all members together")
  func limit() {
    let member = Gzip.member(of: text)
    let refusal = "bytes allowed once uncompressed"
    #expect(reason(member, limit: text.count) == nil)
    #expect(
      reason(member, limit: text.count - 1)
        == "log.gz: holds more than the \(text.count - 1) \(refusal)")
    #expect(reason(member + member, limit: text.count)?.hasSuffix(refusal) == true)
    #expect(reason(Gzip.member(of: []), limit: 0) == nil)
  }

  @Test("A small file that would take 64 MiB is refused at the limit")
  func bomb() {
    let bomb = Gzip.member(of: [UInt8](repeating: 0, count: 1 << 26), level: 9)
    #expect(bomb.count < 100_000)
    #expect(
      reason(bomb, limit: 1 << 20) == "log.gz: holds more than the 1048576 bytes allowed once uncompressed")
  }

  @Test("A damaged file gives the right bytes or an error, never wrong bytes")
  func damage() throws {
    var letters = SeededGenerator(state: 1)
    let right = (0..<40_000).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0..<12, using: &letters) }
    let original = Gzip.member(of: right)
    for cut in stride(from: 0, to: original.count, by: original.count / 50) {
      #expect(reason(Array(original[..<cut]))?.hasPrefix("log.gz: is cut short") == true)
    }
    var generator = SeededGenerator(state: 2)
    var refused = 0
    for trial in 0..<200 {
      var changed = original
      // The header and the trailer are a tenth of a percent of the file, so they are aimed at.
      let place = trial < 18 ? (trial < 10 ? trial : original.count - 18 + trial) : nil
      let index = place ?? Int.random(in: 0..<original.count, using: &generator)
      changed[index] ^= UInt8.random(in: 1...255, using: &generator)
      do throws(DataFileError) {
        #expect(try Gzip.decompress(changed, file: "log.gz", limit: 1 << 20) == right)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 180)
  }

  @Test("Random bytes after gzip's first two never crash the reader")
  func noise() {
    var generator = SeededGenerator(state: 3)
    for size in 0..<300 {
      let noise: [UInt8] = [0x1f, 0x8b, 8, 0] + generator.bytes(size)
      #expect(reason(noise, limit: 1 << 16) != nil)
    }
  }
}

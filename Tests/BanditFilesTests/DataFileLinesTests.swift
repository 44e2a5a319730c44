import Foundation
import TestSupport
import Testing

@testable import BanditFiles

@Suite("Lines of files, read piece by piece")
struct DataFileLinesTests {
  private func lines(_ bytes: [UInt8], longest: Int = 1 << 20) throws -> (lines: [String], problem: String?) {
    try withTemporaryDirectory { folder in
      let path = folder + "/file"
      try write(bytes, to: path)
      var lines: [String] = []
      do throws(DataFileError) {
        try DataFileLines.forEach(ofFile: path, longest: longest) {
          lines.append(String(decoding: $0, as: UTF8.self))
        }
      } catch {
        return (lines, error.reason)
      }
      return (lines, nil)
    }
  }

  /// Lines that hardly compress, so that the compressed file has many pieces too.
  private func text(_ count: Int) -> [String] {
    var state: UInt64 = 3
    return (0..<count).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return "\(index),\(state),\(String(state &* 0x9e37_79b9_7f4a_7c15, radix: 36))"
    }
  }

  @Test("Plain and compressed files of many pieces and members have the same lines as the whole text")
  func pieces() throws {
    let expected = text(20_000)
    let bytes = Array((expected.joined(separator: "\n") + "\n").utf8)
    #expect(try lines(bytes).lines == expected)
    #expect(try lines(Gzip.member(of: bytes)).lines == expected)
    // Members end anywhere in a line and in a piece; a tape leaves zero bytes behind the last.
    let members = stride(from: 0, to: bytes.count, by: 7_001).flatMap { start in
      Gzip.member(of: Array(bytes[start..<min(start + 7_001, bytes.count)]))
    }
    #expect(members.count > 1 << 17)
    let read = try lines(members + [UInt8](repeating: 0, count: 200_000))
    #expect(read.lines == expected && read.problem == nil)
  }

  @Test("Lines end with a line feed, with a carriage return before it or not, and the last one need not")
  func ends() throws {
    #expect(try lines("a\r\n\nb".bytes).lines == ["a", "", "b"])
    #expect(try lines("a\n".bytes).lines == ["a"] && lines([]).lines == [])
    #expect(try lines(Gzip.member(of: "x\ny".bytes)).lines == ["x", "y"])
  }

  @Test("What is cut short, corrupt, too long or no gzip is an error after the lines before it")
  func broken() throws {
    let bytes = Array((text(20_000).joined(separator: "\n") + "\n").utf8)
    let whole = Gzip.member(of: bytes)
    let cut = try lines(Array(whole.dropLast(20)))
    #expect(cut.problem?.hasPrefix("is cut short: gzip member 1") == true && cut.lines.count > 10_000)
    var flipped = whole
    flipped[whole.count - 6] ^= 1
    #expect(try lines(flipped).problem?.contains("do not match their CRC-32") == true)
    #expect(
      try lines(whole + "rest".bytes).problem
        == "has 4 bytes that are not gzip after its last member, from byte \(whole.count + 1)")
    let long = try lines("ab\nabcdef\n".bytes, longest: 5)
    #expect(long.lines == ["ab"] && long.problem == "has more than the 5 bytes allowed in a line")
    #expect(try lines([UInt8](repeating: 65, count: 300_000), longest: 1_000).problem != nil)
  }

  @Test("What the body throws ends the reading, and a missing file is an error")
  func failures() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/file"
      try write("a\nb\nc\n".bytes, to: path)
      var count = 0
      let error = dataFileError { () throws(DataFileError) in
        try DataFileLines.forEach(ofFile: path, longest: 10) { (_) throws(DataFileError) in
          count += 1
          if count == 2 { throw DataFileError(file: path, reason: "enough") }
        }
      }
      #expect(error?.reason == "enough" && count == 2)
      let missing = dataFileError { () throws(DataFileError) in
        try DataFileLines.forEach(ofFile: folder + "/none", longest: 10) { _ in }
      }
      #expect(missing?.reason.contains("does not exist") == true)
    }
  }
}

import TestSupport
import Testing

@testable import BanditFiles

@Suite("IDX")
struct IDXTests {
  private let good: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]

  private func reason(_ bytes: [UInt8], limit: Int = 1000) -> String? {
    dataFileError { () throws(DataFileError) in
      _ = try IDX(parsing: bytes, file: "f", limit: limit)
    }?.reason
  }

  /// The reason for the same bytes in a gzip file.
  private func packedReason(_ bytes: [UInt8], limit: Int = 1000) throws -> String? {
    try withTemporaryDirectory { directory in
      try write(Gzip.member(of: bytes), to: "\(directory)/f.gz")
      return dataFileError { () throws(DataFileError) in
        _ = try IDX.read(atPath: "\(directory)/f.gz", limit: limit)
      }?.reason
    }
  }

  @Test("A plain and a gzip file give the same shape and bytes")
  func reading() throws {
    try withTemporaryDirectory { directory in
      try write(good, to: "\(directory)/plain")
      try write(Gzip.member(of: good), to: "\(directory)/packed")
      for name in ["plain", "packed"] {
        let array = try IDX.read(atPath: "\(directory)/\(name)", limit: good.count + 100)
        #expect(array.shape == [2, 3])
        #expect(array.bytes == [1, 2, 3, 4, 5, 6])
      }
    }
  }

  @Test("A file cut short anywhere is refused, plain and packed")
  func truncation() throws {
    for count in 0..<good.count {
      #expect(reason(Array(good[..<count]))?.hasPrefix("is cut short") == true)
      #expect(try packedReason(Array(good[..<count]))?.hasPrefix("is cut short") == true)
    }
    #expect(
      reason(Array(good.dropLast())) == "is cut short: it has 17 bytes, its header of 2 × 3 needs 18")
    #expect(reason([0, 0, 8, 1, 0, 0]) == "is cut short: it ends within its header")
    try withTemporaryDirectory { directory in
      let packed = Gzip.member(of: good)
      for count in 2..<packed.count {
        try write(Array(packed[..<count]), to: "\(directory)/f.gz")
        let error = dataFileError { () throws(DataFileError) in
          _ = try IDX.read(atPath: "\(directory)/f.gz")
        }
        #expect(error?.reason.hasPrefix("is cut short") == true)
      }
    }
  }

  @Test("Bytes behind the end are refused, plain and packed")
  func excess() throws {
    #expect(reason(good + [0]) == "has bytes behind its end: it has 19 bytes, its header of 2 × 3 needs 18")
    #expect(try packedReason(good + [0]) == "holds more than the 18 bytes allowed once uncompressed")
  }

  @Test("A bad beginning is refused with what it is")
  func magic() {
    #expect(
      reason([1, 2, 3, 4, 5, 6, 7, 8])
        == "is not IDX: it begins with the bytes 1 2 3 4, an IDX file of bytes with 0 0 8")
    #expect(
      reason([0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0])
        == "holds single-precision numbers; only an IDX file of unsigned bytes is read")
    #expect(reason([0, 0, 8, 0, 0, 0, 0, 0]) == "says it has 0 lengths; 1 to 4 are allowed")
    #expect(reason([0, 0, 8, 200, 0, 0, 0, 0]) == "says it has 200 lengths; 1 to 4 are allowed")
    #expect(reason([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 0]) == "is empty: its header says 2 × 0")
  }

  @Test("Absurd lengths are refused by the header alone, plain and packed")
  func absurdLengths() throws {
    let huge: [UInt8] = [0, 0, 8, 4] + [UInt8](repeating: 255, count: 16)
    let text = Array(repeating: "4294967295", count: 4).joined(separator: " × ")
    #expect(reason(huge) == "says it has \(text) bytes, more than the 1000 allowed")
    #expect(try packedReason(huge) == "says it has \(text) bytes, more than the 1000 allowed")
    // Contents of 64 MiB that compress to nothing are never inflated: the header tells.
    let bomb: [UInt8] = [0, 0, 8, 1, 4, 0, 0, 0] + [UInt8](repeating: 0, count: 1 << 26)
    #expect(
      try packedReason(bomb, limit: 1 << 20) == "says it has 67108864 bytes, more than the 1048576 allowed")
    #expect(reason(good, limit: 17) == "says it has 2 × 3 bytes, more than the 17 allowed")
    #expect(reason(good, limit: 18) == nil)
  }

  @Test("Random headers never crash the reader")
  func noise() throws {
    var generator = SeededGenerator(state: 5)
    for trial in 0..<300 {
      let bytes: [UInt8] = [0, 0, 8, UInt8(trial % 6)] + generator.bytes(trial % 40)
      #expect(reason(bytes) != nil)
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import BanditFiles

@Suite("Reading a data file")
struct DataFileReadingTests {
  private func reason(_ path: String, limit: Int = 1000) -> String? {
    dataFileError { () throws(DataFileError) in
      _ = try readDataFile(atPath: path, limit: limit)
    }?.description
  }

  @Test("A plain file and a gzip file give the same bytes, whatever their names")
  func plainAndGzip() throws {
    try withTemporaryDirectory { directory in
      try write("a,b\n".bytes, to: "\(directory)/plain.gz")
      try write(Gzip.member(of: "a,b\n".bytes), to: "\(directory)/packed.csv")
      try write([], to: "\(directory)/empty")
      #expect(try readDataFile(atPath: "\(directory)/plain.gz", limit: 4) == "a,b\n".bytes)
      #expect(try readDataFile(atPath: "\(directory)/packed.csv", limit: 100) == "a,b\n".bytes)
      #expect(try readDataFile(atPath: "\(directory)/empty", limit: 0).isEmpty)
    }
  }

  @Test("A missing file, a directory and a device are refused with what to do")
  func wrongKind() throws {
    try withTemporaryDirectory { directory in
      let missing = "\(directory)/none.csv"
      #expect(reason(missing) == "\(missing): does not exist; check the path")
      #expect(reason(directory) == "\(directory): is a directory; give the path of a file in it")
      #expect(reason("/dev/null") == "/dev/null: is not a regular file; copy what it gives to one first")
      try write([1], to: "\(directory)/file")
      #expect(reason("\(directory)/file/x")?.contains("a part of its path is a file") == true)
    }
  }

  @Test("A pipe nobody writes to is refused without waiting")
  func pipe() throws {
    try withTemporaryDirectory { directory in
      let path = "\(directory)/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      #expect(reason(path)?.contains("is not a regular file") == true)
    }
  }

  @Test("An unreadable file is refused with what to do")
  func unreadable() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryDirectory { directory in
        let path = "\(directory)/secret"
        try write([1], to: path)
        #expect(chmod(path, 0) == 0)
        let error = withoutRootRights {
          dataFileError { () throws(DataFileError) in _ = try readDataFile(atPath: path, limit: 1) }
        }
        #expect(error?.reason == "permission denied; change the permissions of the file or its directory")
      }
    }
  }

  @Test("The limit holds for the size on the disk and for the uncompressed size")
  func limits() throws {
    try withTemporaryDirectory { directory in
      let plain = "\(directory)/plain"
      try write([UInt8](repeating: 65, count: 101), to: plain)
      #expect(reason(plain, limit: 100) == "\(plain): has 101 bytes, more than the 100 allowed")
      let packed = "\(directory)/packed"
      try write(Gzip.member(of: [UInt8](repeating: 65, count: 101)), to: packed)
      #expect(
        reason(packed, limit: 100) == "\(packed): holds more than the 100 bytes allowed once uncompressed")
    }
  }
}

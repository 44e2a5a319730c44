import BanditNumerics
import Foundation
import Testing
import TestSupport

@testable import BanditFiles

@Suite("Files that are replaced or continued")
struct ReplacedFileTests {
  @Test("A file is replaced whole, over a piece that a kill has left too")
  func replacing() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/file"
      try write(Array(repeating: 1, count: 100), to: path + ".partial")
      for bytes in [[1, 2, 3], [4], []] as [[UInt8]] {
        try replaceFile(atPath: path, with: bytes)
        #expect(try contents(of: path) == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["file"])
      }
    }
  }

  @Test("A link that somebody planted gives way; what it leads to stays as it is", arguments: [true, false])
  func links(isSymbolic: Bool) throws {
    try withTemporaryDirectory { directory in
      let (victim, path) = (directory + "/victim", directory + "/file")
      try write([7, 7, 7], to: victim)
      func plant(_ place: String) throws {
        if isSymbolic {
          try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: victim)
        } else {
          try FileManager.default.linkItem(atPath: victim, toPath: place)
        }
      }
      try plant(path + ".partial")
      try replaceFile(atPath: path, with: [1])
      #expect(try contents(of: path) == [1])
      try plant(directory + "/part")
      var size = -1
      let descriptor = try POSIXFile.openToAppend(directory + "/part", size: &size)
      #expect(size == 0)
      #expect(POSIXFile.writeAll([2], to: descriptor, with: POSIXFile.systemWrite) == nil)
      #expect(POSIXFile.release(descriptor) == nil)
      #expect(try contents(of: victim) == [7, 7, 7] && contents(of: directory + "/part") == [2])
      // One's own part is continued.
      _ = POSIXFile.release(try POSIXFile.openToAppend(directory + "/part", size: &size))
      #expect(size == 1)
    }
  }

  @Test("What cannot be written whole leaves the file as it was, and no piece")
  func full() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/file"
      try replaceFile(atPath: path, with: [1, 2, 3])
      var calls = 0
      let error = dataFileError { () throws(DataFileError) in
        try replaceFile(
          atPath: path, with: Array(repeating: 9, count: 50),
          write: { descriptor, start, count in
            calls += 1
            if calls < 3 { return POSIXFile.systemWrite(descriptor, start, min(count, 10)) }
            errno = ENOSPC
            return -1
          })
      }
      #expect(error?.reason == "no space left on device; free some space and run again")
      #expect(try contents(of: path) == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["file"])
      let orphan = dataFileError { () throws(DataFileError) in
        try replaceFile(atPath: directory + "/none/file", with: [])
      }
      #expect(orphan != nil)
    }
  }

  @Test("A log continues from any of its lengths as if it had never been longer")
  func continuing() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/log.gz"
      let log = try GzipMemberFile(creating: path)
      try log.append([1, 2])
      let seal = log.seal
      try log.append([3])
      let whole = try contents(of: path)
      let busy = dataFileError { () throws(DataFileError) in
        _ = try GzipMemberFile(continuing: path, from: seal)
      }
      #expect(busy?.reason.contains("is being written by another process") == true)
      try log.close()
      let again = try GzipMemberFile(continuing: path, from: seal)
      try again.append([3])
      #expect(try contents(of: path) == whole && again.length == whole.count)
      try again.close()
      try GzipMemberFile(continuing: path, from: seal).close()
      #expect(try contents(of: path).count == seal.bytes)
      let short = dataFileError { () throws(DataFileError) in
        _ = try GzipMemberFile(continuing: path, from: FileSeal(bytes: whole.count + 1, crc32: nil))
      }
      #expect(short?.reason.contains("it is damaged") == true)
      let folder = dataFileError { () throws(DataFileError) in
        _ = try GzipMemberFile(continuing: directory, from: FileSeal(bytes: 0, crc32: nil))
      }
      #expect(folder != nil)
    }
  }

  @Test("A sealed file is read back, and refused when any byte of it differs")
  func sealed() throws {
    let contents = Safetensors(
      [
        NamedTensor(name: "b", shape: [2], values: [1, .nan]),
        NamedTensor(name: "a", shape: [1], elements: .uint64([7])),
      ], metadata: ["word": "x"])
    let bytes = contents.sealedBytes
    let read = try Safetensors(sealedBytes: bytes, file: "x")
    #expect(read.tensors.map(\.name) == ["a", "b"] && read.metadata == contents.metadata)
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 4
      let error = dataFileError { () throws(DataFileError) in
        _ = try Safetensors(sealedBytes: damaged, file: "x")
      }
      #expect(error != nil, "byte \(place)")
    }
    let unsealed = dataFileError { () throws(DataFileError) in
      _ = try Safetensors(sealedBytes: contents.bytes, file: "x")
    }
    #expect(unsealed?.reason == "has no checksum")
  }
}

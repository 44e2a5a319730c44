import Foundation
import TestSupport
import Testing

@testable import BanditFiles

@Suite("A log of gzip members")
struct GzipMemberFileTests {
  private let lines = (0..<20).map { "\($0),\($0 * $0)\n".bytes }

  private func read(_ path: String) throws -> [UInt8] {
    try Gzip.decompress(contents(of: path), file: path, limit: 1 << 20)
  }

  @Test(
    "What is appended is what is read, at every moment", arguments: [GzipMemberFile.Pace.thorough, .quick])
  func appends(pace: GzipMemberFile.Pace) throws {
    try withTemporaryDirectory { directory in
      let path = "\(directory)/log.csv.gz"
      let log = try GzipMemberFile(creating: path, pace: pace)
      var written: [UInt8] = []
      for line in lines {
        try log.append(line)
        written += line
        #expect(try read(path) == written)
        #expect(try contents(of: path).count == log.length)
      }
      try log.append([])
      #expect(try contents(of: path).count == log.length)
      try log.sync()
      try log.close()
      try log.close()
      let more = try GzipMemberFile(continuing: path, from: log.seal, pace: pace)
      try more.append(lines[0])
      try more.close()
      #expect(try read(path) == written + lines[0])
    }
  }

  @Test(
    "Other programs read the log while it is being written",
    arguments: [
      ("zcat", [] as [String]),
      ("python3", ["-c", "import gzip,sys; sys.stdout.write(gzip.open(sys.argv[1], 'rt').read())"]),
    ])
  func otherPrograms(program: String, arguments: [String]) throws {
    guard hasProgram(program) else { return }
    try withTemporaryDirectory { directory in
      let path = "\(directory)/log.csv.gz"
      let log = try GzipMemberFile(creating: path)
      for line in lines { try log.append(line) }
      let (output, status) = try run(program, arguments + [path])
      #expect(status == 0)
      #expect(output == Array(lines.joined()))
      try log.close()
    }
  }

  @Test("A log is not created over a file, in a directory that is missing, or under a file")
  func creation() throws {
    try withTemporaryDirectory { directory in
      func reason(_ path: String) -> String? {
        dataFileError { () throws(DataFileError) in _ = try GzipMemberFile(creating: path) }?.description
      }
      let path = "\(directory)/log.gz"
      try write([7], to: path)
      #expect(reason(path) == "\(path): exists already; remove it or choose another path")
      #expect(try contents(of: path) == [7])
      let orphan = "\(directory)/none/log.gz"
      #expect(
        reason(orphan) == "\(orphan): cannot be created: its directory does not exist; create it first")
      #expect(reason("\(path)/log.gz")?.contains("a part of its path is a file") == true)
    }
  }

  @Test("A log is not created in a directory that is not writable")
  func unwritable() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryDirectory { directory in
        #expect(chmod(directory, 0o555) == 0)
        let error = withoutRootRights {
          dataFileError { () throws(DataFileError) in
            _ = try GzipMemberFile(creating: "\(directory)/log.gz")
          }
        }
        #expect(error?.reason == "permission denied; change the permissions of the file or its directory")
      }
    }
  }

  @Test(
    "When the disk is full half-way through a member, the log is cut back and continues later",
    arguments: [GzipMemberFile.Pace.thorough, .quick])
  func fullDisk(pace: GzipMemberFile.Pace) throws {
    try withTemporaryDirectory { directory in
      let path = "\(directory)/log.gz"
      let disk = FakeDisk(room: 100)
      let log = try GzipMemberFile(creating: path, pace: pace, write: disk.write)
      try log.append(lines[0])
      let whole = log.length
      var generator = SeededGenerator(state: 6)
      let large = generator.bytes(1000)
      let error = dataFileError { () throws(DataFileError) in try log.append(large) }
      #expect(
        error?.description == """
          \(path): no space left on device; free some space and run again; \
          the log holds its first \(whole) bytes, all whole
          """)
      #expect(log.length == whole)
      #expect(try contents(of: path).count == whole)
      #expect(try read(path) == lines[0])
      disk.room = .max
      try log.append(large)
      #expect(try read(path) == lines[0] + large)
    }
  }

  @Test("Writes that are short or interrupted are completed")
  func shortWrites() throws {
    try withTemporaryDirectory { directory in
      let path = "\(directory)/log.gz"
      let log = try GzipMemberFile(creating: path, write: FakeDisk(room: .max, most: 3).write)
      for line in lines { try log.append(line) }
      #expect(try read(path) == Array(lines.joined()))
    }
  }

  #if canImport(Glibc)
    @Test("When the system's limit of a file's size is met, the log stays whole")
    func sizeLimit() async {
      await #expect(processExitsWith: .success) {
        signal(SIGXFSZ, SIG_IGN)
        try withTemporaryDirectory { directory in
          let path = "\(directory)/log.gz"
          let log = try GzipMemberFile(creating: path)
          var generator = SeededGenerator(state: 7)
          let small = generator.bytes(3000)
          try log.append(small)
          let large = generator.bytes(3000)
          let error = withFileSizeLimit(5000) {
            dataFileError { () throws(DataFileError) in try log.append(large) }
          }
          #expect(error?.reason.hasPrefix("larger than the system lets a file be") == true)
          #expect(try contents(of: path).count == log.length)
          #expect(try Gzip.decompress(contents(of: path), file: path, limit: 1 << 20) == small)
        }
      }
    }
  #endif
}

#if canImport(Glibc)
  /// Runs a body under a limit that holds for the whole process, so only in a process of its own.
  private func withFileSizeLimit<Result>(_ bytes: UInt, _ body: () -> Result) -> Result {
    let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    var former = rlimit()
    precondition(getrlimit(resource, &former) == 0)
    var limit = rlimit(rlim_cur: bytes, rlim_max: former.rlim_max)
    precondition(setrlimit(resource, &limit) == 0)
    defer { setrlimit(resource, &former) }
    return body()
  }
#endif

/// A disk with little room, which writes a few bytes at a time and is interrupted at every other call.
private final class FakeDisk {
  var room: Int
  private let most: Int
  private var calls = 0

  init(room: Int, most: Int = .max) {
    self.room = room
    self.most = most
  }

  func write(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    calls += 1
    guard calls.isMultiple(of: 2) else {
      errno = EINTR
      return -1
    }
    guard room > 0 else {
      errno = ENOSPC
      return -1
    }
    let written = Foundation.write(descriptor, start, min(count, room, most))
    room -= written
    return written
  }
}

import Foundation

package import BanditFiles

/// A generator with a fixed seed (SplitMix64), so that the random inputs of a test are the same in every run.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Bytes that do not compress.
  package mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}

package func write(_ bytes: [UInt8], to path: String) throws {
  try Foundation.Data(bytes).write(to: URL(filePath: path))
}

/// Whether a program is on the search path.
package func hasProgram(_ name: String) -> Bool {
  let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
  return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
}

/// What a program prints, and the status it ends with.
package func run(_ program: String, _ arguments: [String]) throws -> (output: [UInt8], status: Int32) {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = [program] + arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return ([UInt8](output), process.terminationStatus)
}

/// The error a body throws about a file, or none.
package func dataFileError(_ body: () throws(DataFileError) -> Void) -> DataFileError? {
  do {
    try body()
    return nil
  } catch {
    return error
  }
}

/// Runs a body without root's rights, which pass every permission.
///
/// Only in a process of its own: it changes the user of all threads.
package func withoutRootRights<Result>(_ body: () -> Result) -> Result {
  guard geteuid() == 0 else { return body() }
  let nobody: uid_t = 65_534
  precondition(seteuid(nobody) == 0, "root cannot become another user")
  defer { precondition(seteuid(0) == 0, "root cannot be root again") }
  return body()
}

extension String {
  package var bytes: [UInt8] { Array(utf8) }
}

/// The uncompressed text of a log.
package func logText(_ path: String) throws -> String {
  String(decoding: try Gzip.decompress(contents(of: path), file: path, limit: 1 << 28), as: UTF8.self)
}

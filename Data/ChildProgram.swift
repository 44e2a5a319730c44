package import BanditFiles
import Foundation

/// A program that is run to its end.
package struct ChildProgram {
  /// What became of it.
  package struct Ending {
    /// The exit status; 128 and more for a signal, as shells have it.
    package let status: Int32
    /// The last words on its standard error.
    package let words: String
  }

  /// Its path.
  let path: String

  /// The program of a name on the search path, or at a path.
  package init?(_ name: String) {
    let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let places = name.contains("/") ? [name] : search.split(separator: ":").map { "\($0)/\(name)" }
    guard let path = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      return nil
    }
    self.path = path
  }

  /// Runs the program; what it prints is handed over in pieces as it comes, until `take` has had enough of it.
  ///
  /// Its output comes through a pipe: when this process dies, the program does too.
  ///
  /// - Parameter folder: where it works; this process's own unless given.
  package func run(
    _ arguments: [String], in folder: String? = nil, take: (ArraySlice<UInt8>) -> Bool = { _ in true }
  ) throws(DataFileError) -> Ending {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    let output = Pipe()
    process.standardOutput = output
    // Complaints go to a file: they are read at the end only, and a pipe could fill up.
    let complaints = FileManager.default.temporaryDirectory.appending(
      path: "bandit-data-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: complaints) }
    do {
      try Data().write(to: complaints)
      process.standardError = try FileHandle(forWritingTo: complaints)
      try process.run()
    } catch {
      throw DataFileError(
        file: path,
        reason: "could not be started; check that it is a program, and that memory and files are left")
    }
    if !Self.pass(output.fileHandleForReading.fileDescriptor, to: take) {
      // The one signal that a program cannot have blocked.
      kill(process.processIdentifier, SIGKILL)
    }
    process.waitUntilExit()
    let words = (try? Data(contentsOf: complaints)) ?? Data()
    let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
    return Ending(
      status: process.terminationStatus + signal,
      words: String(decoding: words.suffix(2_000), as: UTF8.self).trimmingCharacters(
        in: .whitespacesAndNewlines))
  }

  /// Hands over all that comes from a descriptor, and tells whether all of it was taken.
  private static func pass(_ descriptor: Int32, to take: (ArraySlice<UInt8>) -> Bool) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        guard take(chunk[..<count]) else { return false }
      } else if count == 0 || errno != EINTR {
        return true
      }
    }
  }
}

import Foundation

/// What a program left: its output, its errors and the status it ended with.
package struct ProgramResult {
  package let output: String
  package let errors: String
  /// The exit status, or the number of the signal that ended it.
  package let status: Int32
  /// Whether it exited by itself.
  package let exited: Bool
}

/// A program that was started, in a directory of its own choice, with its streams in files.
package struct RunningProgram {
  private let process = Process()
  private let scratch: URL

  /// Starts a program found on the search path, or given by an absolute path.
  package init(_ words: [String], in directory: String) throws {
    scratch = FileManager.default.temporaryDirectory.appending(path: "bandit-streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = URL(filePath: directory)
    // Nothing of the terminal that the tests run in reaches the program.
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LANG": "C",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Self.handle(scratch.appending(path: "output"))
    process.standardError = try Self.handle(scratch.appending(path: "errors"))
    try Self.withoutBlockedSignals { try process.run() }
  }

  /// Runs a body on a thread that blocks no signals: a program inherits what its starter blocks, and the threads that
  /// tests run on block all that stops one.
  private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var former = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &former)
    defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
    try body()
  }

  /// The process.
  package var identifier: Int32 { process.processIdentifier }

  /// The processes that it has started and that live.
  package var children: [Int32] {
    let processes =
      (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
    return processes.filter { number in
      // The name, in parentheses, may have spaces; the state and the parent follow.
      let words =
        (try? text(of: "/proc/\(number)/stat"))?.split(separator: ")").last?.split(separator: " ") ?? []
      return words.count > 1 && words[0] != "Z" && Int32(words[1]) == identifier
    }
  }

  /// Sends the program a signal.
  package func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// What it has printed on its standard error so far.
  package var errors: String { get throws { try text(of: scratch.appending(path: "errors").path) } }

  /// Waits for the program's end.
  package func result() throws -> ProgramResult {
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: scratch) }
    return ProgramResult(
      output: try text(of: scratch.appending(path: "output").path),
      errors: try text(of: scratch.appending(path: "errors").path),
      status: process.terminationStatus, exited: process.terminationReason == .exit)
  }

  private static func handle(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }
}

/// Runs a program to its end.
package func run(_ words: [String], in directory: String = "/") throws -> ProgramResult {
  try RunningProgram(words, in: directory).result()
}

/// Whether a program is there and works.
package func hasProgram(_ name: String, arguments: [String] = ["--version"]) -> Bool {
  (try? run([name] + arguments))?.status == 0
}

/// Says on stdout why a part of a test is left out.
package func skip(_ reason: String) { print("skipped: \(reason)") }

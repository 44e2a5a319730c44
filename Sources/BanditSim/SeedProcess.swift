import Foundation
import Synchronization

/// A process of its own for one seed, so that whatever ends it ends nothing else.
///
/// It runs this program's executable, so that agents and environments of one's own are there too.
final class SeedProcess: Sendable {
  /// How a process ended without a word.
  struct Ending: Error, CustomStringConvertible {
    let description: String
  }

  private struct State {
    var process: Process?
    var signal: Int32?
  }

  private let job: SeedWorker.Job
  private let state = Mutex(State())

  init(_ job: SeedWorker.Job) { self.job = job }

  /// Asks the process to stop, as Ctrl-C does; one that is not started yet is asked when it is.
  func send(_ signal: Int32) {
    state.withLock { state in
      state.signal = signal
      if let process = state.process, process.isRunning { kill(process.processIdentifier, signal) }
    }
  }

  /// Runs the process to its end and gives its last message.
  ///
  /// - Parameters:
  ///   - report: is called with every message before the last.
  ///   - stray: is given every other line that the process printed.
  func run(report: (SeedWorker.Message) -> Void, stray: (String) -> Void) throws -> SeedWorker.Message {
    let (input, output) = (Pipe(), Pipe())
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = ["run", "--worker"]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    let job = try JSONEncoder().encode(job) + Data("\n".utf8)
    try process.run()
    // The process ends when this end of the pipe is closed, be it by this program's death.
    defer { try? input.fileHandleForWriting.close() }
    try input.fileHandleForWriting.write(contentsOf: job)
    state.withLock { state in
      state.process = process
      if let signal = state.signal { kill(process.processIdentifier, signal) }
    }
    var last: SeedWorker.Message?
    var words: [String] = []
    for line in Lines(output.fileHandleForReading) {
      guard let message = SeedWorker.Message(line: line) else {
        stray(line)
        words.append(line)
        continue
      }
      last = message
      report(message)
    }
    process.waitUntilExit()
    // What a process that has ended holds open counts against the limit on open files.
    state.withLock { $0.process = nil }
    try? output.fileHandleForReading.close()
    if let last, last.isEnd { return last }
    throw Ending(description: Self.ending(of: process, words: words))
  }

  #if os(Linux)
    private static let executable = URL(filePath: "/proc/self/exe")
  #else
    private static let executable = Bundle.main.executableURL
  #endif

  private static func ending(of process: Process, words: [String]) -> String {
    let number = process.terminationStatus
    let end =
      process.terminationReason == .exit
      ? "its process exited with \(number)"
      : "its process was ended by signal \(number) (\(String(cString: strsignal(number))))"
    let fault = words.first { $0.contains("Fatal error") } ?? words.last
    return end + (fault.map { ": \($0)" } ?? "") + "; --resume continues from its last checkpoint"
  }
}

extension SeedWorker.Message {
  /// Whether nothing follows.
  fileprivate var isEnd: Bool { if case .progress = self { false } else { true } }
}

/// The lines of a pipe, until it is closed.
private struct Lines: Sequence, IteratorProtocol {
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private var isOver = false

  init(_ handle: FileHandle) { self.handle = handle }

  mutating func next() -> String? {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeSubrange(...end) }
        return String(decoding: buffer[..<end], as: UTF8.self)
      }
      if isOver {
        defer { buffer = [] }
        return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
      }
      // `read` gives what is there; `readData` would wait for more.
      var piece = [UInt8](repeating: 0, count: 65_536)
      let count = read(handle.fileDescriptor, &piece, piece.count)
      if count > 0 { buffer += piece[..<count] } else if count == 0 || errno != EINTR { isOver = true }
    }
  }
}

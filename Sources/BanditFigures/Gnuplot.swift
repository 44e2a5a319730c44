import Dispatch
import Foundation

/// gnuplot, run as a program of its own.
struct Gnuplot {
  enum Failure: Error, Hashable {
    case missing
    case failed(String)
  }

  /// The folders to look for the program in, with colons between them.
  var searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""
  /// Seconds after which a picture is given up; the largest take one or two.
  var timeLimit = 120

  /// The picture that a script draws into the file named `picture`.
  ///
  /// Script, picture and complaints are files in a folder of their own, so that no pipe can fill up.
  func draw(_ script: String, format: FigureFormat) throws(Failure) -> Data {
    guard let program = path else { throw .missing }
    let folder = FileManager.default.temporaryDirectory.appending(path: "bandit-figure-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(script.utf8).write(to: folder.appending(path: "script"))
      try Data().write(to: folder.appending(path: "errors"))
      try run(program, in: folder)
      let picture = try Data(contentsOf: folder.appending(path: "picture"))
      guard picture.starts(with: format.magic) else { throw Failure.failed("it left no \(format.rawValue)") }
      return picture
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .failed(FigureError.reason(error))
    }
  }

  /// The program on the search path.
  private var path: String? {
    searchPath.split(separator: ":").map { $0 + "/gnuplot" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private func run(_ program: String, in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    // Without the user's own settings, which would change the picture.
    process.arguments = ["--default-settings", "script"]
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GNU") }
    environment["LC_ALL"] = "C.UTF-8"
    process.environment = environment
    let complaints = try FileHandle(forWritingTo: folder.appending(path: "errors"))
    defer { try? complaints.close() }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = complaints
    process.standardError = complaints
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if ended.wait(timeout: .now() + .seconds(timeLimit)) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      throw Failure.failed("it did not end within \(timeLimit) seconds")
    }
    guard process.terminationReason == .exit && process.terminationStatus == 0 else {
      let words = try String(decoding: Data(contentsOf: folder.appending(path: "errors")), as: UTF8.self)
      let last = words.split(separator: "\n").suffix(3).joined(separator: "; ").suffix(500)
      let way = process.terminationReason == .exit ? "it ended with status" : "it was stopped by signal"
      throw Failure.failed("\(way) \(process.terminationStatus): \(last)")
    }
  }
}

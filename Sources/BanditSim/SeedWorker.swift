import BanditCore
import BanditFiles
import BanditProcesses
import BanditSimulation
import Foundation

/// The other side of `SeedProcess`: plays one seed and tells of it on stdout, a line each.
struct SeedWorker {
  /// What a worker is given on stdin, as one line of JSON.
  struct Job: Codable, Sendable {
    let settings: RunSettings
    let folder: String
    let overwrite: Bool
    let resume: Bool
    /// The SHA-256 of the files that the environment is to read, by name.
    let data: [String: String]
    let checkpoints: CheckpointInterval
    let observers: [String]
    let threads: Int
    let commandLine: [String]
    let children: ChildLimits
  }

  /// What a worker says; lines of anything else on its streams are somebody else's.
  enum Message: Codable, Sendable {
    case progress(Run.Progress)
    case finished(RunSummary, wasFinished: Bool)
    case failed(String)
    /// Another process has the folder.
    case refused(String)

    /// What every line begins with: no text has it (RFC 7464).
    private static let mark = "\u{1e}"

    var line: String {
      get throws { Self.mark + String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }

    /// The message of a line; nil for other lines.
    init?(line: String) {
      guard line.hasPrefix(Self.mark),
        let message = try? JSONDecoder().decode(Message.self, from: Data(line.dropFirst().utf8))
      else { return nil }
      self = message
    }
  }

  /// Plays the seed that stdin names.
  static func run(_ catalogue: Catalogue) throws {
    Interruption.install()
    guard let line = readLine(), let job = try? JSONDecoder().decode(Job.self, from: Data(line.utf8)) else {
      throw ConfigurationError(
        key: "stdin", given: "", allowed: "a job, as a run of several seeds gives its processes")
    }
    endWithParent()
    let message: Message
    do {
      message = try play(job, catalogue)
    } catch let error as FolderInUseError {
      message = .refused("\(error)")
    } catch {
      message = .failed(error.sentence)
    }
    say(message)
  }

  private static func play(_ job: Job, _ catalogue: Catalogue) throws -> Message {
    ChildLimits.current = job.children
    ChildWords.send { try? Console.result($0) }
    let directory = try RunDirectory(
      creating: job.folder, overwrite: job.overwrite, resume: job.resume, others: catalogue.runFiles)
    var timer = ProgressTimer()
    let progress = ProgressObserver { if timer.isDue($0) { say(.progress($0)) } }
    let observers = try job.observers.map { try catalogue.observer(named: $0).init() }
    let simulation = try Simulation(job.settings, registry: catalogue.registry, threads: job.threads)
    try simulation.requireSameData(as: job.data, of: "--seeds")
    let run = Run(
      simulation,
      program: Program.nameAndVersion, commandLine: job.commandLine, checkpoints: job.checkpoints,
      observers: observers + [progress], note: { note in try? Console.result(note) })
    let outcome = try Interruption.withinSteps {
      try run.play(into: directory, shouldStop: { Interruption.isRequested })
    }
    return .finished(outcome.summary, wasFinished: outcome.wasFinished)
  }

  private static func say(_ message: Message) {
    // A parent that is gone has nobody to be told.
    if let line = try? message.line { try? Console.message(line) }
  }

  /// Ends this process as soon as stdin, which its parent holds open, is closed.
  private static func endWithParent() {
    let thread = Thread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count == 0 || (count < 0 && errno != EINTR) { _exit(1) }
      }
    }
    thread.start()
  }
}

/// When a parent gets progress: at the steps that it may show, and often enough for a line in place.
private struct ProgressTimer {
  private var last: ContinuousClock.Instant?

  mutating func isDue(_ progress: Run.Progress) -> Bool {
    let now = ContinuousClock.now
    guard ProgressDisplay.isPlainLine(progress) || last.map({ now - $0 >= .milliseconds(100) }) ?? true else {
      return false
    }
    last = now
    return true
  }
}

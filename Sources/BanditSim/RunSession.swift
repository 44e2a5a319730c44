import BanditCore
import BanditFiles
import BanditProcesses
import BanditSimulation
import Foundation
import Synchronization

/// What became of one seed.
enum RunResult: Sendable {
  case finished(RunSummary, RunDirectory, wasFinished: Bool)
  case failed(RunSettings, message: String)
  /// Not played, because another process has the folder.
  case refused(RunSettings, message: String)
  /// Stopped before it began.
  case skipped(RunSettings)

  /// Of what did not play: whose, and why.
  var failure: (settings: RunSettings, message: String)? {
    switch self {
    case .failed(let settings, let message), .refused(let settings, let message): (settings, message)
    case .finished, .skipped: nil
    }
  }

  var isRefused: Bool {
    if case .refused = self { true } else { false }
  }
}

extension RunResult {
  /// Plays a run in a process of its own, and waits for what becomes of it.
  ///
  /// - Parameters:
  ///   - report: is called with the progress.
  ///   - stray: is given every other line that the process printed.
  init(
    of process: SeedProcess, _ settings: RunSettings, _ directory: RunDirectory,
    report: (Run.Progress) -> Void, stray: (String) -> Void
  ) {
    do {
      let end = try process.run(
        report: { if case .progress(let progress) = $0 { report(progress) } }, stray: stray)
      switch end {
      case .finished(let summary, let wasFinished):
        self = .finished(summary, directory, wasFinished: wasFinished)
      case .failed(let message): self = .failed(settings, message: message)
      case .refused(let message): self = .refused(settings, message: message)
      case .progress: self = .failed(settings, message: "its process ended in the middle")
      }
    } catch {
      self = .failed(settings, message: error.sentence)
    }
  }
}

/// Plays one seed in this process, or several in processes of their own, some of them side by side: whatever happens to
/// one does not take the others.
struct RunSession {
  let jobs: Int
  /// Threads of each run.
  let threads: Int
  let checkpoints: CheckpointInterval
  let observers: [any RequestedObserver.Type]

  /// Plays the run in this process and returns what became of it.
  func play(_ simulation: Simulation, in directory: RunDirectory, display: ProgressDisplay) -> RunResult {
    Interruption.install()
    defer { display.finish() }
    let settings = simulation.settings
    do {
      let run = Run(
        simulation, program: Program.nameAndVersion, checkpoints: checkpoints,
        observers: observers.map { $0.init() } + [ProgressObserver { display.report($0, run: 0) }],
        note: { display.pass($0, run: 0) })
      let outcome = try Interruption.withinSteps {
        try run.play(into: directory, shouldStop: { Interruption.isRequested })
      }
      return .finished(outcome.summary, directory, wasFinished: outcome.wasFinished)
    } catch let error as FolderInUseError {
      return .refused(settings, message: "\(error)")
    } catch {
      return .failed(settings, message: error.sentence)
    }
  }

  /// Plays the runs in processes of their own and returns what became of them, in their order.
  ///
  /// - Parameter data: the SHA-256 of the files that every environment is to read, by name.
  func play(
    _ runs: [(RunSettings, RunDirectory)], data: [String: String], display: ProgressDisplay
  ) -> [RunResult] {
    Interruption.install()
    defer { display.finish() }
    return playInProcesses(runs, data: data, display: display)
  }

  private func playInProcesses(
    _ runs: [(RunSettings, RunDirectory)], data: [String: String], display: ProgressDisplay
  ) -> [RunResult] {
    let processes = runs.map { settings, directory in
      SeedProcess(
        SeedWorker.Job(
          settings: settings, folder: directory.path, overwrite: directory.overwrite,
          resume: directory.resume, data: data,
          checkpoints: checkpoints, observers: observers.map { $0.name }, threads: threads,
          commandLine: CommandLine.arguments, children: .current))
    }
    let results = Mutex<[Int: RunResult]>([:])
    let next = Atomic(0)
    let working = Atomic(jobs)
    for _ in 0..<jobs {
      // Threads of this program's own: those of a pool block the signals that a process is to be stopped by.
      let thread = Thread {
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < runs.count else { break }
          let result = play(runs[index], processes[index], index: index, display: display)
          results.withLock { $0[index] = result }
        }
        working.subtract(1, ordering: .releasing)
      }
      thread.start()
    }
    var isForwarded = false
    while working.load(ordering: .acquiring) > 0 {
      if Interruption.isRequested && !isForwarded {
        isForwarded = true
        // SIGTERM, which may come twice: a terminal may have told the processes already.
        for process in processes { process.send(SIGTERM) }
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
    return results.withLock { results in runs.indices.compactMap { results[$0] } }
  }

  private func play(
    _ run: (RunSettings, RunDirectory), _ process: SeedProcess, index: Int, display: ProgressDisplay
  ) -> RunResult {
    let (settings, directory) = run
    if Interruption.isRequested { return .skipped(settings) }
    return RunResult(
      of: process, settings, directory, report: { display.report($0, run: index) },
      stray: { display.pass($0, run: index) })
  }
}

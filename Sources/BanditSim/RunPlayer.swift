import BanditLaboratory
import BanditProcesses
import BanditSimulation
import Foundation
import Synchronization

/// Plays the runs of experiments in processes of their own, so that whatever ends one ends nothing else.
enum RunPlayer {
  /// Plays a run; see `Laboratory.Player`.
  static func play(
    _ settings: RunSettings, _ directory: RunDirectory, _ threads: Int, _ report: (Double) -> Void
  ) throws {
    if Interruption.isRequested { throw ExperimentInterrupted() }
    let result = result(of: settings, in: directory, threads, report)
    if let failure = result.failure {
      throw SeedProcess.Ending(description: "\(directory.path): \(failure.message)")
    }
    if case .finished(let summary, _, _) = result, summary.interrupted { throw ExperimentInterrupted() }
  }

  /// Plays a run of a sweep; see `SweepPlay.Player`.
  static func play(
    _ settings: RunSettings, _ folder: String, _ threads: Int, _ shouldStop: @escaping @Sendable () -> Bool,
    _ report: (Double) -> Void
  ) -> SweepPlay.End {
    do {
      let directory = try RunDirectory(
        creating: folder, overwrite: false, resume: true, others: Catalogue.current.runFiles)
      switch result(of: settings, in: directory, threads, shouldStop: shouldStop, report) {
      case .finished(let summary, _, _): return summary.interrupted ? .interrupted : .finished
      case .failed(_, let message): return shouldStop() ? .interrupted : .failed(message)
      case .refused(_, let message): return .refused(message)
      case .skipped: return .interrupted
      }
    } catch {
      return .failed(error.sentence)
    }
  }

  /// Plays a run in a process of its own, which is told to end as soon as `shouldStop` says so.
  private static func result(
    of settings: RunSettings, in directory: RunDirectory, _ threads: Int,
    shouldStop: @escaping @Sendable () -> Bool = { Interruption.isRequested }, _ report: (Double) -> Void
  ) -> RunResult {
    let process = SeedProcess(
      SeedWorker.Job(
        settings: settings, folder: directory.path, overwrite: directory.overwrite, resume: directory.resume,
        data: [:], checkpoints: .automatic, observers: [], threads: threads,
        commandLine: CommandLine.arguments, children: .current))
    let isOver = Atomic(false)
    let watch = Thread {
      while !isOver.load(ordering: .relaxed) {
        // SIGTERM, which may come twice: a terminal may have told the process already.
        if shouldStop() { return process.send(SIGTERM) }
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
    watch.start()
    defer { isOver.store(true, ordering: .relaxed) }
    return RunResult(
      of: process, settings, directory,
      report: { report(Double($0.record.step) / Double($0.steps)) },
      stray: { Console.note("\(directory.path): \($0)\n") })
  }
}

import BanditLaboratory
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
    let process = SeedProcess(
      SeedWorker.Job(
        settings: settings, folder: directory.path, overwrite: directory.overwrite, resume: directory.resume,
        data: [:], checkpoints: .automatic, observers: [], threads: threads,
        commandLine: CommandLine.arguments))
    let isOver = Atomic(false)
    let watch = Thread {
      while !isOver.load(ordering: .relaxed) {
        // SIGTERM, which may come twice: a terminal may have told the process already.
        if Interruption.isRequested { return process.send(SIGTERM) }
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
    watch.start()
    defer { isOver.store(true, ordering: .relaxed) }
    let result = RunResult(
      of: process, settings, directory,
      report: { report(Double($0.record.step) / Double($0.steps)) },
      stray: { Console.note("\(directory.path): \($0)\n") })
    if let failure = result.failure {
      throw SeedProcess.Ending(description: "\(directory.path): \(failure.message)")
    }
    if case .finished(let summary, _, _) = result, summary.interrupted { throw ExperimentInterrupted() }
  }
}

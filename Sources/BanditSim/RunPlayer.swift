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
    let end: SeedWorker.Message
    do {
      end = try process.run(
        report: { message in
          if case .progress(let progress) = message {
            report(Double(progress.record.step) / Double(progress.steps))
          }
        }, stray: { Console.note("\(directory.path): \($0)\n") })
    } catch let ending as SeedProcess.Ending {
      throw SeedProcess.Ending(description: "\(directory.path): \(ending)")
    }
    switch end {
    case .finished(let summary, _): if summary.interrupted { throw ExperimentInterrupted() }
    case .failed(let message), .refused(let message):
      throw SeedProcess.Ending(description: "\(directory.path): \(message)")
    case .progress:
      throw SeedProcess.Ending(description: "\(directory.path): its process ended in the middle")
    }
  }
}

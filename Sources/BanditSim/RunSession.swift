import BanditCore
import BanditExperiments
import Synchronization

/// What became of one seed.
enum RunResult: Sendable {
  case finished(RunSummary, RunDirectory)
  case failed(RunSettings, message: String)
  /// Stopped before it began.
  case skipped(RunSettings)

  var isFailure: Bool {
    if case .failed = self { true } else { false }
  }
}

/// Plays several seeds, some of them side by side; one that fails does not take the others.
struct RunSession {
  let registry: Registry
  let jobs: Int
  /// Threads of each run.
  let threads: Int

  /// Plays the runs and returns what became of them, in their order.
  func play(_ runs: [(RunSettings, RunDirectory)], display: ProgressDisplay) -> [RunResult] {
    Interruption.install()
    let results = Mutex<[Int: RunResult]>([:])
    SideBySide.run(runs.count, workers: jobs, threadsEach: threads) { index in
      let result = play(runs[index], index: index, display: display)
      results.withLock { $0[index] = result }
      return true
    }
    display.finish()
    return results.withLock { results in runs.indices.compactMap { results[$0] } }
  }

  private func play(_ run: (RunSettings, RunDirectory), index: Int, display: ProgressDisplay) -> RunResult {
    let (settings, directory) = run
    if Interruption.isRequested { return .skipped(settings) }
    do {
      let summary = try Run(settings, registry: registry, program: Program.nameAndVersion).play(
        into: directory, shouldStop: { Interruption.isRequested }, report: { display.report($0, run: index) })
      return .finished(summary, directory)
    } catch {
      return .failed(settings, message: "\(error)")
    }
  }
}

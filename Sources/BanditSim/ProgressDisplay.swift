import BanditCore
import BanditSimulation
import Foundation
import Synchronization

/// Progress on stderr: one line rewritten in place on a terminal, plain lines at steps 1, 2, 5, 10, …
/// and at every tenth of the way elsewhere.
final class ProgressDisplay: Sendable {
  private struct State {
    var latest: [Int: Run.Progress] = [:]
    var line = StatusLine()
  }

  private let runs: [RunSettings]
  private let isTerminal: Bool
  private let isQuiet: Bool
  private let state = Mutex(State())

  /// Whether runs are resumed from where they were stopped.
  private let resumes: Bool

  init(_ runs: [RunSettings], isQuiet: Bool, resumes: Bool) {
    self.runs = runs
    self.resumes = resumes
    self.isQuiet = isQuiet
    isTerminal = isatty(STDERR_FILENO) == 1
  }

  /// Notes how far a run is, and shows it when it is time to.
  func report(_ progress: Run.Progress, run: Int) {
    guard !isQuiet else { return }
    if resumes && progress.record.step == progress.resumedSteps + 1 {
      let steps = progress.resumedSteps
      pass(steps == 0 ? "starts from the beginning" : "resumes after step \(Format.grouped(steps))", run: run)
    }
    if isTerminal {
      draw(progress, run: run)
    } else if Self.isPlainLine(progress) {
      Console.note("\(Self.name(runs[run])): \(Self.text(progress))\n")
    }
  }

  /// Whether a step has a line of its own where there is no terminal.
  static func isPlainLine(_ progress: Run.Progress) -> Bool {
    let step = progress.record.step
    return RunTotals.isMilestone(step) || step % max(1, progress.steps / 10) == 0 || step == progress.steps
  }

  /// Passes on what a run's process printed.
  func pass(_ text: String, run: Int) {
    state.withLock { $0.line.clear() }
    Console.note("\(Self.name(runs[run])): \(text)\n")
  }

  /// Ends the line in place.
  func finish() {
    state.withLock { $0.line.clear() }
  }

  private func draw(_ progress: Run.Progress, run: Int) {
    state.withLock { state in
      state.latest[run] = progress
      let latest = state.latest
      state.line.show(urgent: progress.record.step >= progress.steps) {
        runs.count == 1
          ? "\(Self.name(runs[run])): \(Self.text(progress))" : Self.text(of: latest, among: runs.count)
      }
    }
  }

  private static func name(_ settings: RunSettings) -> String { "\(settings.agent) seed \(settings.seed)" }

  private static func text(_ progress: Run.Progress) -> String {
    let step = progress.record.step
    let seconds = max(progress.elapsed.inSeconds, 1e-9)
    let rate = Double(step - progress.resumedSteps) / seconds
    return "\(Format.grouped(step))/\(Format.grouped(progress.steps)) steps, "
      + "\(Format.rate(rate)) steps/s, "
      + (progress.record.hasRegret ?? true
        ? "expected regret \(Format.grouped(progress.record.cumulativeExpectedRegret)), " : "")
      + "\(Format.time(Double(progress.steps - step) / rate)) left"
  }

  /// All runs in one line: how many are done, the share played, and where the slowest is.
  private static func text(of latest: [Int: Run.Progress], among count: Int) -> String {
    let done = latest.values.count { $0.record.step == $0.steps }
    let share = latest.values.reduce(0) { $0 + Double($1.record.step) / Double($1.steps) } / Double(count)
    let elapsed = latest.values.map(\.elapsed.inSeconds).max() ?? 0
    return "\(done) of \(count) seeds done, \(Int(100 * share)) % of all steps, slowest seed at "
      + "\(Format.grouped(latest.values.map(\.record.step).min() ?? 0)) after \(Format.time(elapsed))"
  }
}

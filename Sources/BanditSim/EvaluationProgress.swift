import BanditCore
import BanditEvaluation
import Foundation
import Synchronization

/// How far an evaluation has read its log, on a terminal's line that is rewritten in place.
final class EvaluationProgress: Sendable {
  private struct State {
    var line = StatusLine()
    var readings = 1
  }

  private let isShown: Bool
  private let state = Mutex(State())

  init(isQuiet: Bool) {
    isShown = !isQuiet && isatty(STDERR_FILENO) == 1
    show { _ in "reading the log" }
  }

  /// A log is read once more, from its beginning.
  fileprivate func begin() { state.withLock { $0.readings += 1 } }

  /// A row of so many is at hand.
  fileprivate func report(row: Int, of count: Int) {
    guard row % 256 == 0 else { return }
    show { "row \(Format.grouped(row)) of \(Format.grouped(count)), reading \($0)" }
  }

  /// Wipes the line out.
  func finish() { state.withLock { $0.line.clear() } }

  private func show(_ text: (Int) -> String) {
    guard isShown else { return }
    state.withLock { state in
      let readings = state.readings
      state.line.show { text(readings) }
    }
  }
}

/// A log whose readers' progress is shown.
struct WatchedInteractions: InteractionSource {
  let log: LoggedInteractions
  let progress: EvaluationProgress

  var spec: TaskSpec { log.spec }
  var count: Int { log.count }
  var smallestPropensity: Double? { log.smallestPropensity }
  var path: String { log.path }
  var skipped: [SkipReason: Int] { log.skipped }
  var disorder: Int { log.disorder }

  func forEach(_ body: (LoggedInteraction) throws -> Void) throws {
    progress.begin()
    try log.forEach { interaction in
      progress.report(row: interaction.index, of: count)
      try body(interaction)
    }
  }
}

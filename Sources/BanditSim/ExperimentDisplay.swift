import BanditSimulation
import BanditLaboratory
import Foundation
import Synchronization

/// An experiment's progress on stderr: one line rewritten in place on a terminal; elsewhere a plain line when a part
/// is done, where there are not many, at every tenth of the way, and after 2, 4, 8, … seconds, so that the time left is
/// known early.
final class ExperimentDisplay: Sendable {
  private struct State {
    var line = StatusLine()
    var tenths = 0
    /// When a line is due whatever was done.
    var next = Duration.seconds(2)
  }

  private let start = ContinuousClock.now

  private let name: String
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let isQuiet: Bool
  private let state = Mutex(State())

  /// What a part is, in the plural.
  private let parts: String
  /// Of more parts than these, those that are done have no lines.
  private static let manyParts = 100

  init(_ name: String, parts: String = "parts", isQuiet: Bool) {
    self.name = name
    self.parts = parts
    self.isQuiet = isQuiet
  }

  /// Shows progress when it is time to.
  func report(_ progress: Laboratory.Progress) {
    guard !isQuiet else { return }
    let text = text(progress)
    state.withLock { state in
      if isTerminal {
        state.line.show { text }
        return
      }
      let tenths = Int(10 * progress.share)
      let elapsed = ContinuousClock.now - start
      let isDue = elapsed >= state.next && progress.share > 0
      let isNamed = progress.isPartDone && progress.parts <= Self.manyParts
      if isNamed || isDue || (tenths > state.tenths && progress.share < 1) {
        Console.note(text + "\n")
        while state.next <= elapsed { state.next *= 2 }
      }
      state.tenths = tenths
    }
  }

  /// Ends the line in place.
  func finish() {
    state.withLock { $0.line.clear() }
  }

  private func text(_ progress: Laboratory.Progress) -> String {
    let left = progress.secondsLeft.map { ", \(Format.time($0)) left" } ?? ""
    return "\(name): \(progress.part), \(progress.done) of \(progress.parts) \(parts) done, "
      + "\(Int(100 * progress.share)) %\(left)"
  }
}

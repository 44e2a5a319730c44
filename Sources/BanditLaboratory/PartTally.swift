import Synchronization

/// How far the parts of an experiment are.
package final class PartTally: Sendable {
  private struct State {
    var shares: [Double]
    var done = 0
    /// The work that is done.
    var finished = 0.0
  }

  private let names: [String]
  private let work: [Double]
  private let total: Double
  private let report: @Sendable (Laboratory.Progress) -> Void
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  package init(_ names: [String], work: [Double], report: @escaping @Sendable (Laboratory.Progress) -> Void) {
    self.names = names
    self.work = work
    total = work.reduce(0, +)
    self.report = report
    state = Mutex(State(shares: Array(repeating: 0, count: names.count)))
  }

  package func note(_ index: Int, share: Double) { tell(index, share: share) }

  package func finish(_ index: Int) { tell(index, share: 1, isDone: true) }

  private func tell(_ index: Int, share: Double, isDone: Bool = false) {
    let (share, done) = state.withLock { state in
      // Sums would take time with every part that there is.
      state.finished += (share - state.shares[index]) * work[index]
      state.shares[index] = share
      if isDone { state.done += 1 }
      let isOver = state.done == names.count
      return (isOver ? 1 : min(1, max(0, state.finished / total)), state.done)
    }
    report(
      Laboratory.Progress(
        part: names[index], isPartDone: isDone, done: done, parts: names.count, share: share,
        elapsed: ContinuousClock.now - start))
  }
}

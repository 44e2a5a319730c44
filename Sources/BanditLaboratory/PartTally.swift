import Synchronization

/// How far the parts of an experiment are.
package final class PartTally: Sendable {
  private struct State {
    var shares: [Double]
    var done = 0
  }

  private let names: [String]
  private let work: [Double]
  private let report: @Sendable (Laboratory.Progress) -> Void
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  package init(_ names: [String], work: [Double], report: @escaping @Sendable (Laboratory.Progress) -> Void) {
    self.names = names
    self.work = work
    self.report = report
    state = Mutex(State(shares: Array(repeating: 0, count: names.count)))
  }

  package func note(_ index: Int, share: Double) { tell(index) { $0.shares[index] = share } }

  package func finish(_ index: Int) {
    tell(index, isDone: true) {
      $0.shares[index] = 1
      $0.done += 1
    }
  }

  private func tell(_ index: Int, isDone: Bool = false, _ change: (inout State) -> Void) {
    let (share, done) = state.withLock { state in
      change(&state)
      let done = zip(state.shares, work).reduce(0) { $0 + $1.0 * $1.1 }
      return (done / work.reduce(0, +), state.done)
    }
    report(
      Laboratory.Progress(
        part: names[index], isPartDone: isDone, done: done, parts: names.count, share: share,
        elapsed: ContinuousClock.now - start))
  }
}

import Synchronization

/// How far the parts of an experiment are.
package final class PartTally: Sendable {
  private struct State {
    var shares: [Double]
    var done = 0
    /// The work that is done.
    var finished = 0.0
    /// What of it was found done.
    var found = 0.0
    var isBegun: [Bool]
  }

  private let names: [String]
  private let work: [Double]
  private let total: Double
  /// Whether parts may be done already, in part or whole.
  private let resumes: Bool
  private let report: @Sendable (Laboratory.Progress) -> Void
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  package init(
    _ names: [String], work: [Double], resumes: Bool = false,
    report: @escaping @Sendable (Laboratory.Progress) -> Void
  ) {
    self.names = names
    self.resumes = resumes
    self.work = work
    total = work.reduce(0, +)
    self.report = report
    state = Mutex(
      State(
        shares: Array(repeating: 0, count: names.count), isBegun: Array(repeating: false, count: names.count))
    )
  }

  package func note(_ index: Int, share: Double) { tell(index, share: share) }

  package func finish(_ index: Int) { tell(index, share: 1, isDone: true) }

  private func tell(_ index: Int, share: Double, isDone: Bool = false) {
    let (share, found, done) = state.withLock { state in
      // Sums would take time with every part that there is.
      state.finished += (share - state.shares[index]) * work[index]
      // A part that was resumed says first how far it is, one that was read back that it is done.
      if resumes, !state.isBegun[index] { state.found += share * work[index] }
      state.isBegun[index] = true
      state.shares[index] = share
      if isDone { state.done += 1 }
      let isOver = state.done == names.count
      return (isOver ? 1 : min(1, max(0, state.finished / total)), state.found / total, state.done)
    }
    report(
      Laboratory.Progress(
        part: names[index], isPartDone: isDone, done: done, parts: names.count, share: share, found: found,
        elapsed: ContinuousClock.now - start))
  }
}

import BanditFiles
package import BanditSimulation
import Foundation
import Synchronization

/// Plays what is missing of a sweep, some runs side by side, beside other processes that do the same.
package struct SweepPlay: Sendable {
  /// How a run that was played ended.
  package enum End: Sendable {
    case finished
    case failed(String)
    /// Another process has the run's folder.
    case refused(String)
    case interrupted
  }

  /// Plays a run to its end: it is given settings, folder and threads, is to end where `shouldStop` says so, and reports
  /// the share of the steps that are played.
  package typealias Player =
    @Sendable (
      _ settings: RunSettings, _ folder: String, _ threads: Int, _ shouldStop: @escaping @Sendable () -> Bool,
      _ report: (Double) -> Void
    ) -> End

  /// What came of a sweep's runs.
  package struct Outcome: Sendable {
    /// Runs that this process has finished.
    package var played = 0
    /// Runs that were finished before, or by others.
    package var before = 0
    /// Runs that failed here, with their reasons.
    package var failures: [(run: String, reason: String)] = []
  }

  private let folder: SweepFolder
  private let runs: [Sweep.Run]
  private let workers: Int
  private let threads: Int
  private let player: Player
  private let shouldStop: @Sendable () -> Bool
  private let tally: PartTally
  private let state = Shared()

  private final class Shared: Sendable {
    let outcome = Mutex(Outcome())
    let waiting = Mutex<[Int]>([])
    let claims = Mutex<[Int: (claim: ClaimFile, isLost: Bool)]>([:])
    let isOver = Atomic(false)
  }

  /// Readies the runs of a sweep, or some of them.
  ///
  /// - Parameters:
  ///   - jobs: how many are played side by side; fewer runs share their threads.
  ///   - player: plays one.
  ///   - shouldStop: whether the user asks to stop.
  ///   - report: is called with the progress.
  package init(
    _ runs: [Sweep.Run], in folder: SweepFolder, jobs: Int, player: @escaping Player,
    shouldStop: @escaping @Sendable () -> Bool, report: @escaping @Sendable (Laboratory.Progress) -> Void
  ) {
    self.folder = folder
    self.runs = runs
    workers = max(1, min(jobs, runs.count))
    threads = max(1, jobs / workers)
    self.player = player
    self.shouldStop = shouldStop
    tally = PartTally(runs.map(\.name), work: runs.map { Double($0.settings.steps) }, report: report)
  }

  /// Plays all that is missing; runs that other processes have are waited for, and taken over if these end.
  package func play() -> Outcome {
    beat()
    defer { state.isOver.store(true, ordering: .relaxed) }
    var indices = Array(runs.indices)
    while !indices.isEmpty && !shouldStop() {
      let round = indices
      SideBySide.run(round.count, workers: workers) { place in
        if shouldStop() { return false }
        play(round[place])
        return true
      }
      indices = state.waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting.sorted()
      }
      if !indices.isEmpty { pause(seconds: 1) }
    }
    tidy()
    return state.outcome.withLock { $0 }
  }

  /// Removes claims of processes that were killed after the last of their work.
  private func tidy() {
    for run in folder.claimed() {
      if let claim = try? ClaimFile.take(folder.claim(of: run), owner: Self.owner) { claim.release() }
    }
  }

  private func play(_ index: Int) {
    let run = runs[index]
    do {
      if isDone(index) { return }
      guard let claim = try ClaimFile.take(folder.claim(of: run.name), owner: Self.owner) else {
        return wait(for: index)
      }
      state.claims.withLock { $0[index] = (claim, false) }
      defer {
        state.claims.withLock { $0[index] = nil }
        claim.release()
      }
      // Another process may have finished it since.
      if isDone(index) { return }
      let end = player(
        run.settings, folder.folder(of: run.name), threads,
        { shouldStop() || state.claims.withLock { $0[index]?.isLost ?? true } },
        { tally.note(index, share: $0) })
      switch end {
      case .finished:
        folder.forgetFailure(of: run.name)
        state.outcome.withLock { $0.played += 1 }
        tally.finish(index)
      // Its process may be of one that was killed a moment ago, and about to end.
      case .refused: wait(for: index)
      case .interrupted: if !shouldStop() { wait(for: index) }
      case .failed(let reason): fail(index, reason)
      }
    } catch {
      fail(index, error.sentence)
    }
  }

  private func isDone(_ index: Int) -> Bool {
    guard folder.summary(of: runs[index].name, steps: runs[index].settings.steps) != nil else { return false }
    state.outcome.withLock { $0.before += 1 }
    tally.finish(index)
    return true
  }

  private func wait(for index: Int) { state.waiting.withLock { $0.append(index) } }

  private func fail(_ index: Int, _ reason: String) {
    folder.note(reason, of: runs[index].name)
    state.outcome.withLock { $0.failures.append((runs[index].name, reason)) }
  }

  /// Touches the claims of this process until it is done, and notes those that are not its own any more.
  private func beat() {
    let state = state
    let thread = Thread {
      var next = ContinuousClock.now
      while !state.isOver.load(ordering: .relaxed) {
        Thread.sleep(forTimeInterval: 0.2)
        guard ContinuousClock.now >= next else { continue }
        next = .now + .seconds(ClaimFile.beat)
        for (index, held) in state.claims.withLock({ $0 }) where !held.claim.touch() {
          state.claims.withLock { claims in
            if claims[index]?.claim === held.claim { claims[index]?.isLost = true }
          }
        }
      }
    }
    thread.start()
  }

  private func pause(seconds: Double) {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end && !shouldStop() { Thread.sleep(forTimeInterval: 0.02) }
  }

  /// Who plays, for people.
  private static let owner: String = {
    let environment = ProcessInfo.processInfo.environment
    let job = environment["SLURM_ARRAY_JOB_ID"].map { id in
      " as Slurm task \(id)_\(environment["SLURM_ARRAY_TASK_ID"] ?? "0")"
    }
    return
      "process \(ProcessInfo.processInfo.processIdentifier) on \(ProcessInfo.processInfo.hostName)\(job ?? "")"
  }()
}

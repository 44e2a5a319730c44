import ArgumentParser
import BanditLaboratory
import BanditSimulation
import Foundation

/// `bandit-sim sweep status`.
struct SweepStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tells how many runs of a sweep are done, running, failed and left.",
    discussion: """
      Everything is read from the sweep's folder, while the sweep is played too. Where runs were submitted to Slurm, \
      squeue is asked which of them wait; no accounting is needed.
      """)

  @Argument(help: "The folder of a sweep.")
  var folder: String

  @Flag(help: "Name every run that is not done, not only the first ten of a kind.")
  var all = false

  @Flag(help: "The status as one JSON document.")
  var json = false

  func run() throws {
    try reportingUsage {
      let status = try SweepStatus(OpenedSweep(in: folder))
      try Console.result(
        json ? String(decoding: RunDirectory.json(status), as: UTF8.self) : status.text(namesAll: all))
    }
  }
}

/// What every run of a sweep is at.
struct SweepStatus: Encodable {
  struct Failed: Encodable {
    let run: String
    let reason: String
    let host: String
    let at: String
  }

  struct Running: Encodable {
    let run: String
    /// The process that plays it.
    let player: String
  }

  /// A task of Slurm that is not in its queue any more, though runs of it are missing.
  struct Lost: Encodable {
    let job: String
    let task: Int
    /// What it exited with; nil where it could not note it.
    let exitCode: Int?

    enum CodingKeys: String, CodingKey {
      case job, task
      case exitCode = "exit_code"
    }
  }

  /// Where successive halving is.
  struct Halving: Encodable {
    /// The current rung, from 1.
    let rung: Int
    /// The steps of every rung.
    let steps: [Int]
    let stoppedRuns: Int

    enum CodingKeys: String, CodingKey {
      case rung, steps
      case stoppedRuns = "stopped_runs"
    }
  }

  private(set) var halving: Halving?
  private(set) var runs = 0
  private(set) var done = 0
  private(set) var running: [Running] = []
  private(set) var failed: [Failed] = []
  /// Runs whose task is in Slurm's queue.
  private(set) var queued: [String] = []
  private(set) var left: [String] = []
  private(set) var lost: [Lost] = []

  init(_ opened: OpenedSweep) throws {
    let (stage, folder) = (try opened.stage(), opened.folder)
    runs = stage.runs.count
    if stage.rungs.count > 1 {
      halving = Halving(rung: stage.rung + 1, steps: stage.rungs, stoppedRuns: stage.stopped.count)
    }
    let claimed = folder.claimed()
    let now = claimed.isEmpty ? 0 : try folder.now()
    for run in stage.runs {
      if claimed.contains(run.name), let player = folder.player(of: run.name, now: now) {
        running.append(Running(run: run.name, player: player))
        continue
      }
      switch folder.state(of: run.name, steps: run.settings.steps) {
      case .done: done += 1
      case .failed(let failure):
        failed.append(Failed(run: run.name, reason: failure.reason, host: failure.host, at: failure.at))
      case .left: left.append(run.name)
      }
    }
    let arrays = SlurmArray.all(in: folder).filter { $0.job != nil }
    if !arrays.isEmpty { try join(arrays) }
  }

  /// Takes what Slurm has in its queue from what is left or has failed.
  private mutating func join(_ arrays: [SlurmArray]) throws {
    let states: [SlurmQueue.Task: String]
    do { states = try SlurmQueue().states } catch {
      Console.note("Warning: what waits in Slurm's queue is not known: \(error)\n")
      return
    }
    var missing = Set(left + failed.map(\.run))
    var waiting: Set<String> = []
    // The latest array is the one that is to play a run.
    for array in arrays.reversed() where !missing.isEmpty {
      guard let job = array.job else { continue }
      for (task, runs) in try array.tasks().enumerated() {
        let own = runs.filter { missing.contains($0) }
        guard !own.isEmpty else { continue }
        missing.subtract(own)
        if states[SlurmQueue.Task(job: job, task: task)] != nil {
          waiting.formUnion(own)
        } else {
          lost.append(Lost(job: job, task: task, exitCode: array.exit(of: task)))
        }
      }
    }
    queued = (left + failed.map(\.run)).filter { waiting.contains($0) }
    left.removeAll { waiting.contains($0) }
    failed.removeAll { waiting.contains($0.run) }
  }

  func text(namesAll: Bool) -> String {
    func named(_ lines: [String]) -> [String] {
      let shown = namesAll ? lines : Array(lines.prefix(10))
      return shown.map { "  \($0)" }
        + (shown.count < lines.count ? ["  and \(lines.count - shown.count) more"] : [])
    }
    return
      ([
        "\(Format.grouped(runs)) runs: \(Format.grouped(done)) done, \(Format.grouped(running.count)) running, "
          + "\(Format.grouped(failed.count)) failed, \(Format.grouped(left.count)) left"
          + (halving.map {
            "; rung \($0.rung) of \($0.steps.count), to \(Format.grouped($0.steps[$0.rung - 1])) steps; "
              + "\(Format.grouped($0.stoppedRuns)) runs were stopped before"
          } ?? "")
          + (queued.isEmpty ? "" : ", \(Format.grouped(queued.count)) in Slurm's queue")
      ]
      + (running.isEmpty ? [] : ["running:"] + named(running.map { "\($0.run): \($0.player)" }))
      + (failed.isEmpty
        ? [] : ["failed:"] + named(failed.map { "\($0.run): \($0.reason) (\($0.host), \($0.at))" }))
      + (lost.isEmpty
        ? [] : ["tasks of Slurm that ended before all of their runs:"] + named(lost.map(Self.words)))
      + (left.isEmpty || !namesAll ? [] : ["left:"] + named(left))).joined(separator: "\n")
  }

  private static func words(_ task: Lost) -> String {
    "\(task.job)_\(task.task): "
      + (task.exitCode.map { "exit code \($0)" }
        ?? "no exit code: killed, cancelled, out of time or lost with its node")
  }
}

import BanditFiles
import BanditSimulation
import Foundation

/// What is to be played of a sweep now: all of it, or the current rung of successive halving.
///
/// Halving by 3 plays all settings to a part of the steps; of each environment the third with the least mean expected
/// regret over the seeds goes on, by resuming the same runs to three times the steps, and so on to the last step. A rung
/// is decided when all of its runs are done, and what was decided is kept in `halving.json`.
///
/// Source: Jamieson and Talwalkar (2016), Non-stochastic best arm identification and hyperparameter optimization.
package struct SweepStage: Sendable {
  /// The runs, with the steps that they are to have for now.
  package let runs: [Sweep.Run]
  /// The runs of settings that were stopped, with the steps that they have.
  package let stopped: [Sweep.Run]
  /// The steps of every rung; one where there is no halving.
  package let rungs: [Int]
  /// The index of the current rung.
  package let rung: Int

  /// Whether nothing follows this rung.
  package var isLast: Bool { rung == rungs.count - 1 }

  /// Finds the current rung of a sweep in its folder, and decides those before it.
  ///
  /// - Throws: `DataFileError` where logs cannot be read or a decision cannot be kept.
  package init(_ sweep: Sweep, in folder: SweepFolder) throws {
    guard let factor = sweep.halving else {
      (runs, stopped, rungs, rung) = (sweep.runs, [], [sweep.steps], 0)
      return
    }
    let tasks = Dictionary(grouping: sweep.settings.indices) { sweep.settings[$0].task }
    let rungs = Self.rungs(sweep.steps, factor: factor, settings: tasks.values.map(\.count).max() ?? 1)
    let path = folder.path + "/halving.json"
    let plan = Decisions(
      factor: factor, steps: rungs, settings: sweep.settings.map(\.folder),
      seeds: Set(sweep.runs.map(\.settings.seed)).sorted(), kept: [])
    var decisions =
      (try? readJSONFile(Decisions.self, atPath: path)).flatMap { $0.isOf(plan) ? $0 : nil } ?? plan
    var alive = Set(sweep.settings.indices)
    var stopped: [Sweep.Run] = []
    for (rung, steps) in rungs.enumerated() {
      let runs = sweep.runs.filter { alive.contains($0.setting) }.map { $0.with(steps: steps) }
      guard rung < rungs.count - 1 else {
        (self.runs, self.stopped, self.rungs, self.rung) = (runs, stopped, rungs, rung)
        return
      }
      if decisions.kept.count == rung {
        guard runs.allSatisfy({ folder.summary(of: $0.name, steps: steps) != nil }) else {
          (self.runs, self.stopped, self.rungs, self.rung) = (runs, stopped, rungs, rung)
          return
        }
        let means = try Self.means(runs, in: folder, at: steps)
        decisions.kept.append(
          tasks.values.flatMap { Self.best($0.filter(alive.contains), means, factor: factor) }.sorted())
        try replaceFile(atPath: path, with: Array(RunDirectory.json(decisions)) + [UInt8(ascii: "\n")])
      }
      let kept = Set(decisions.kept[rung])
      stopped += runs.filter { !kept.contains($0.setting) }
      alive.formIntersection(kept)
    }
    preconditionFailure("there is a last rung")
  }

  /// The steps that halving plays, as a share of those of all runs to their end; 1 where there is none.
  package static func share(of sweep: Sweep) -> Double {
    guard let factor = sweep.halving else { return 1 }
    let tasks = Dictionary(grouping: sweep.settings, by: \.task).mapValues { Double($0.count) }
    let rungs = rungs(sweep.steps, factor: factor, settings: Int(tasks.values.max() ?? 1))
    var played = 0.0
    for count in tasks.values {
      var (left, before) = (count, 0)
      for steps in rungs {
        played += left * Double(steps - before)
        (left, before) = ((left / Double(factor)).rounded(.up), steps)
      }
    }
    return played / (Double(sweep.settings.count) * Double(sweep.steps))
  }

  /// The steps of the rungs: the last has all, each before it a part, as many as leave one setting at the end.
  private static func rungs(_ steps: Int, factor: Int, settings: Int) -> [Int] {
    var rungs = [steps]
    var left = settings
    while left > 1 && rungs[0] / factor > 0 {
      left = (left + factor - 1) / factor
      rungs.insert(rungs[0] / factor, at: 0)
    }
    return rungs
  }

  /// The settings of the least mean regrets; the earlier one of equals.
  private static func best(_ settings: [Int], _ means: [Int: Double], factor: Int) -> [Int] {
    let ranked = settings.sorted { (means[$0] ?? .infinity, $0) < (means[$1] ?? .infinity, $1) }
    return Array(ranked.prefix((settings.count + factor - 1) / factor))
  }

  /// The mean expected regret of each setting at a step that all its runs have played.
  private static func means(_ runs: [Sweep.Run], in folder: SweepFolder, at step: Int) throws -> [Int: Double]
  {
    let values = try runs.map { run -> (Int, Double) in
      let path = folder.folder(of: run.name)
      if let summary = folder.summary(of: run.name, steps: step), summary.steps == step {
        let end = try RecordedRun(endOf: path, summary)
        if let value = end.value(RecordedRun.expectedRegret, at: step) { return (run.setting, value) }
      }
      let log = try RecordedRun(readingFrom: path, points: 1, others: [step])
      guard let value = log.value(RecordedRun.expectedRegret, at: step) else {
        throw DataFileError(file: log.path, reason: "has no step \(step) in its log")
      }
      return (run.setting, value)
    }
    return Dictionary(grouping: values) { $0.0 }.mapValues { $0.reduce(0) { $0 + $1.1 } / Double($0.count) }
  }

  /// `halving.json`: which settings went on after each rung, by their index.
  private struct Decisions: Codable {
    let factor: Int
    let steps: [Int]
    let settings: [String]
    let seeds: [UInt64]
    var kept: [[Int]]

    /// Whether the decisions are of the same sweep.
    func isOf(_ other: Decisions) -> Bool {
      (factor, steps, settings, seeds) == (other.factor, other.steps, other.settings, other.seeds)
        && kept.allSatisfy { $0.allSatisfy(settings.indices.contains) } && kept.count < steps.count
    }
  }
}

extension Sweep.Run {
  /// The run to another number of steps.
  fileprivate func with(steps: Int) -> Sweep.Run {
    var settings = settings
    settings.steps = steps
    return Sweep.Run(setting: setting, settings: settings, name: name)
  }
}

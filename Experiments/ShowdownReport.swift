import BanditFigures
import BanditLaboratory
import BanditNumerics
import BanditSimulation
import Foundation

/// What one run of the Showdown came to.
struct ShowdownRun: Sendable {
  let task: String
  let agent: String
  let seed: UInt64
  let steps: Int
  let expectedRegret: Double
  /// A uniformly random policy's expected regret over the same contexts.
  let uniformRegret: Double

  /// Expected regret in per cent of the uniform policy's.
  var percent: Double { 100 * expectedRegret / uniformRegret }
}

extension ShowdownRun {
  /// A finished run's numbers at its last step.
  init(task: String, agent: String, seed: UInt64, _ run: RecordedRun) {
    let steps = run.lastStep
    self.init(
      task: task, agent: agent, seed: seed, steps: steps,
      expectedRegret: run.value(RecordedRun.expectedRegret, at: steps) ?? .nan,
      uniformRegret: run.uniform(at: steps) ?? .nan)
  }
}

/// Tables and pictures of the Showdown.
struct ShowdownReport {
  private let runs: [String: [ShowdownRun]]
  private let all: [ShowdownRun]
  private let tasks: [String]
  private let agents: [String]
  private let missing: [String]

  init(_ runs: [ShowdownRun], tasks: [String], agents: [String], missing: [String]) {
    all = runs
    self.runs = Dictionary(grouping: runs) { Self.key($0.task, $0.agent) }
    (self.tasks, self.agents, self.missing) = (tasks, agents, missing)
  }

  private static func key(_ task: String, _ agent: String) -> String { "\(task)/\(agent)" }

  private func percents(_ task: String, _ agent: String) -> [Double] {
    (runs[Self.key(task, agent)] ?? []).map(\.percent)
  }

  private func mean(_ task: String, _ agent: String) -> Double {
    Spread(percents(task, agent))?.mean ?? .nan
  }

  private var friedman: FriedmanTest? {
    guard agents.count > 1 else { return nil }
    return FriedmanTest(tasks.map { task in agents.map { mean(task, $0) } })
  }

  /// The agents, that of the least mean rank first.
  private var order: [String] {
    guard let friedman else { return agents }
    return zip(agents, friedman.meanRanks).sorted { $0.1 < $1.1 }.map(\.0)
  }

  var tables: [ResultTable] {
    [
      table("mean") { values in
        let (mean, halfWidth) = StudentT.interval(of: values)
        return .interval(mean, halfWidth: halfWidth)
      }, table("median") { cell(Self.median($0)) }, rankTable, differenceTable,
    ]
  }

  private func table(_ name: String, _ summed: ([Double]) -> ResultCell) -> ResultTable {
    let note = missing.isEmpty ? "" : "; not at hand: \(missing.joined(separator: ", "))"
    let seeds = Set(agents.map { percents(tasks.first ?? "", $0).count }).sorted().map(String.init)
    let what =
      name == "mean"
      ? "mean, ± half of the 95 % interval over \(seeds.joined(separator: " or ")) seeds" : name
    return ResultTable(
      "Expected regret in per cent of a uniformly random policy's: \(what)\(note)",
      head: ["agent", "seeds"] + tasks,
      rows: order.map { agent in
        [.text(agent), .count(percents(tasks.first ?? "", agent).count)]
          + tasks.map { summed(percents($0, agent)) }
      }, unit: "%", labels: 2)
  }

  private var rankTable: ResultTable {
    guard let friedman else {
      return ResultTable("Ranks: a single agent has none", head: ["agent"], rows: [])
    }
    let ranks = Dictionary(uniqueKeysWithValues: zip(agents, friedman.meanRanks))
    let best = friedman.meanRanks.min() ?? 1
    return ResultTable(
      "Ranks over \(tasks.count) environments by mean regret. Friedman's test by permutations: p "
        + "\(cell(friedman.pValue)); critical difference of mean ranks (Nemenyi, 5 % for all pairs): "
        + "\(cell(friedman.criticalDifference))",
      head: ["agent", "mean rank", "told apart from the first"],
      rows: order.map { agent in
        let rank = ranks[agent] ?? .nan
        return [.text(agent), cell(rank), rank - best > friedman.criticalDifference ? "yes" : "no"]
      })
  }

  /// Every agent against the reference, seed by seed on each environment.
  private var differenceTable: ResultTable {
    let reference = ShowdownAgent.reference
    let rows = order.filter { $0 != reference }.map { agent -> [ResultCell] in
      let intervals = tasks.map { task -> (task: String, low: Double, high: Double) in
        let interval = StudentT.interval(of: differences(task, agent))
        return (task, interval.mean - interval.halfWidth, interval.mean + interval.halfWidth)
      }
      func names(_ holds: ((task: String, low: Double, high: Double)) -> Bool) -> ResultCell {
        let names = intervals.filter(holds).map(\.task)
        return names.isEmpty ? "none" : "\(names.count): \(names.joined(separator: ", "))"
      }
      return [
        .text(agent), names { $0.low > 0 }, names { $0.high < 0 }, names { $0.low <= 0 && $0.high >= 0 },
      ]
    }
    return ResultTable(
      "Against \(reference) (epsilon 0.01), by the 95 % interval of paired differences on each environment",
      head: ["agent", "more regret", "less regret", "not told apart"], rows: rows)
  }

  /// Differences in per cent of the uniform policy's regret, over the seeds that both have.
  private func differences(_ task: String, _ agent: String) -> [Double] {
    let others = runs[Self.key(task, ShowdownAgent.reference)] ?? []
    return (runs[Self.key(task, agent)] ?? []).compactMap { run in
      others.first { $0.seed == run.seed }.map { run.percent - $0.percent }
    }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// A row a run.
  var csv: String {
    let head = "environment,agent,seed,steps,expected_regret,uniform_expected_regret,percent_of_uniform"
    let rows = all.map { run in
      "\(run.task.csvField),\(run.agent.csvField),\(run.seed),\(run.steps),\(run.expectedRegret),"
        + "\(run.uniformRegret),\(run.percent)"
    }
    return ([head] + rows).joined(separator: "\n") + "\n"
  }
}

extension ShowdownReport {
  var figures: [ExperimentResult.NamedFigure] {
    (friedman.map { [.init("ranks", ranks($0))] } ?? []) + [.init("regret", regret)]
  }

  private func ticks(_ agents: [String]) -> [Axis.Tick] {
    agents.enumerated().map { Axis.Tick(Double(-$0), $1) }
  }

  /// Mean ranks, the least at the top, with a bar of the critical difference from the first.
  private func ranks(_ friedman: FriedmanTest) -> Figure {
    let ranks = Dictionary(uniqueKeysWithValues: zip(agents, friedman.meanRanks))
    let values = order.map { ranks[$0] ?? .nan }
    let places = order.indices.map { Double(-$0) }
    let best = values.first ?? 1
    let edge = best + friedman.criticalDifference
    return Figure(
      panels: [
        Panel(
          title: "ranks over \(tasks.count) environments", x: Axis("mean rank"),
          y: Axis(range: Double(1 - order.count) - 0.5...0.5, ticks: ticks(order)),
          series: [
            .points("mean rank", x: values, y: places, inLegend: false),
            .dashedLine(
              "farther than the critical difference from the first", x: [edge, edge],
              y: [places.last.map { $0 - 0.5 } ?? 0, 0.5]),
          ])
      ], panelSize: .init(width: 360, height: 60 + 16 * Double(order.count)))
  }

  /// A panel an environment, a dot and its interval an agent.
  private var regret: Figure {
    let numbers = order.indices.map { Axis.Tick(Double($0 + 1), String($0 + 1)) }
    let panels = tasks.prefix(20).map { task in
      Panel(
        title: task, x: Axis(ticks: numbers), y: Axis("% of uniform"),
        series: order.indices.map { dot($0, task) })
    }
    return Figure(panels: Array(panels), columns: 3)
  }

  /// The agent of an index in `order` on a task.
  private func dot(_ index: Int, _ task: String) -> Series {
    let (mean, halfWidth) = StudentT.interval(of: percents(task, order[index]))
    let half = halfWidth.isFinite ? halfWidth : 0
    return .points(
      "\(index + 1) \(order[index])", x: [Double(index + 1)], y: [mean], lower: [max(0, mean - half)],
      upper: [mean + half], color: .number(index))
  }
}

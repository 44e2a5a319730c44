import BanditCore
import BanditNumerics
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Comparisons of runs")
struct ComparisonTests {
  // In three steps the script's best rewards are 3, 0 and 5; action a falls short by 2, b by 4, c by 16, and a random
  // one by 22/3 on average.
  @Test("Regrets, shares of a random policy's, and lines of policies that learn nothing")
  func standings() throws {
    try withTemporaryDirectory { folder in
      let groups = try groups([
        record("reader", ["actions=0"], in: folder), record("reader", ["actions=2"], in: folder),
      ])
      let comparison = try compare(groups, at: [3], reference: nil)
      #expect(comparison.environment == "script" && comparison.reference == "reader actions=0")
      #expect(comparison.counterNames == ["thirds", "third_rate"])
      #expect(comparison.tables.map(\.step) == [3, 30])
      let standings = comparison.tables[1].standings
      #expect(standings.map(\.group) == ["reader actions=0", "reader actions=2"])
      #expect(standings.map(\.expectedRegret) == [20, 160] && standings[0].seeds == [0, 1, 2])
      #expect(standings.map(\.standardDeviation) == [0, 0] && standings.map(\.lower) == [20, 160])
      #expect(standings[1].counters == ["thirds": 30, "third_rate": 1])
      #expect(abs((standings[0].percentOfUniform ?? 0) - 100 * 20 / (220.0 / 3)) < 1e-9)
      #expect(standings[0].regret == 20 - 150)
      let lines = comparison.tables[1].calibration
      #expect(lines.map(\.name) == ["oracle", "uniform", "always a", "always b", "always c"])
      #expect(abs(lines[1].expectedRegret - 220.0 / 3) < 1e-9)
      #expect(lines.map(\.expectedRegret)[2...] == [20, 40, 160] && lines[0].expectedRegret == 0)
      // What always the same action comes to is in summaries, which are of the last step.
      #expect(comparison.tables[0].calibration.map(\.name) == ["oracle", "uniform"])
      #expect(comparison.runs.map(\.steps) == [Int](repeating: 30, count: 6))
      #expect(comparison.runs.allSatisfy { ($0.seconds ?? -1) >= 0 })
    }
  }

  @Test("The uniform line is what the uniform agent's own summary is measured by")
  func percentOfUniform() throws {
    try withTemporaryDirectory { folder in
      let words = ["epsilon=0.5"] + smallSettings
      let runs = try record("epsilon-greedy", words, environment: "mushroom", seeds: 4..<5, in: folder)
      let comparison = try compare(groups([runs]), at: [], reference: nil)
      let data = try Data(contents(of: runs[0].path + "/summary.json"))
      let summary = try JSONDecoder().decode(RunSummary.self, from: data)
      #expect(comparison.tables[0].standings[0].percentOfUniform == summary.percentOfUniform)
      let lines = comparison.tables[0].calibration
      #expect(lines.map(\.name) == ["oracle", "epsilon=0.5 alone", "uniform", "always eat", "always reject"])
      #expect(lines[1].expectedRegret == lines[2].expectedRegret / 2)
    }
  }

  @Test("Differences are taken seed by seed over the seeds that both have")
  func pairs() throws {
    try withTemporaryDirectory { folder in
      let groups = try groups([
        record("uniform", [], seeds: 0..<6, in: folder),
        record("reader", ["actions=0"], seeds: 2..<9, in: folder),
      ])
      let comparison = try compare(groups, at: [], reference: "reader")
      let difference = try #require(comparison.tables[0].differences.first)
      #expect(difference.group == "uniform" && difference.reference == "reader")
      #expect(difference.seeds == [2, 3, 4, 5])
      let values = groups[0].pairs(with: groups[1], at: 30).map { $0.value - $0.other }
      #expect(values == (2..<6).map { (groups[0].runs[$0][RecordedRun.expectedRegret]?.last ?? .nan) - 20 })
      #expect(difference.mean == values.reduce(0, +) / 4)
      #expect(
        difference.lessSeeds == values.count { $0 < 0 } && difference.moreSeeds == values.count { $0 > 0 })
      let interval = StudentT.interval(of: values)
      #expect(difference.lower == interval.mean - interval.halfWidth)
      #expect(difference.upper == interval.mean + interval.halfWidth)
      // The reader's regret does not vary.
      #expect(difference.correlation == nil && difference.bcaLower == nil)
      #expect(difference.verdict == .tooFewSeeds && difference.pValue == nil)
      let turned = try compare(groups, at: [], reference: "uniform")
      #expect(turned.tables[0].differences[0].mean == difference.mean.map { -$0 })
    }
  }

  @Test("The interval of a mean expected regret does not go below 0")
  func bounds() throws {
    try withTemporaryDirectory { folder in
      let runs = try record("uniform", [], environment: "mushroom", steps: 30, seeds: 0..<2, in: folder)
      let groups = try groups([runs])
      let steps = runs[0].steps
      let below = try #require(
        steps.first { step in
          let interval = StudentT.interval(
            of: runs.compactMap { $0.value(RecordedRun.expectedRegret, at: step) })
          return interval.mean - interval.halfWidth < 0
        })
      let tables = try compare(groups, at: [below], reference: nil).tables
      #expect(tables.first { $0.step == below }?.standings[0].lower == 0)
      #expect(groups[0].mean(of: RecordedRun.expectedRegret)?.lower.min() == 0)
    }
  }

  @Test("Runs are compared where the shortest ends")
  func lengths() throws {
    try withTemporaryDirectory { folder in
      let groups = try groups([
        record("reader", ["actions=0"], steps: 30, in: folder), record("uniform", [], steps: 95, in: folder),
      ])
      let comparison = try compare(groups, at: [], reference: nil)
      #expect(comparison.tables.map(\.step) == [30])
      #expect(comparison.tables[0].standings.map(\.seeds.count) == [3, 3])
    }
  }

  @Test("A run that stays at one action though others are better is found, another is not")
  func stuck() throws {
    try withTemporaryDirectory { folder in
      let explores = (0..<90).map { _ in "0,1,2" }.joined(separator: ",")
      let late = try record("reader", ["actions=\(explores),1"], steps: 271, seeds: 0..<1, in: folder)
      let always = try record("reader", ["actions=2"], steps: 300, seeds: 0..<1, in: folder)
      let oracle = try record("oracle", [], steps: 300, seeds: 0..<1, in: folder)
      #expect(late[0].stuckAction == nil && always[0].stuckAction == 2 && oracle[0].stuckAction == nil)
      let comparison = try compare(
        groups([always, oracle]), at: [30], reference: nil)
      #expect(comparison.runs.map(\.stuckAction) == ["c", nil])
    }
  }

  @Test("What cannot be compared is an error that says what is allowed")
  func mistakes() throws {
    try withTemporaryDirectory { folder in
      let scripts = try record("uniform", [], in: folder)
      func error(_ runs: [[RecordedRun]], at steps: [Int] = [], reference: String? = nil) throws -> String {
        let groups = try groups(runs)
        let error = #expect(throws: ConfigurationError.self) {
          try compare(groups, at: steps, reference: reference)
        }
        return error?.description ?? ""
      }
      #expect(try error([scripts], at: [31]).contains("--at: '31' is not allowed; allowed: 1 to 30"))
      #expect(try error([scripts], at: [0]).contains("allowed: 1 to 30"))
      #expect(try error([scripts], reference: "unifrm").contains("did you mean 'uniform'?"))
    }
  }

  @Test("Runs of an agent and an environment that the program does not have are compared by their logs alone")
  func foreign() throws {
    try withTemporaryDirectory { folder in
      let runs = try record("uniform", [], in: folder)
      let own = try compare(groups([runs]), at: [], reference: nil)
      let foreign = try compare(
        RunTask.tasks(of: runs, registry: Registry()).tasks[0].groups, at: [], reference: nil)
      #expect(foreign.tables[0].calibration == own.tables[0].calibration)
      #expect(foreign.tables[0].calibration.map(\.name).contains("always b"))
      #expect(foreign.tables[0].standings[0].percentOfUniform == own.tables[0].standings[0].percentOfUniform)
    }
  }

  @Test("Agents that learn nothing are no reference unless asked, and are not warned of as stuck")
  func roles() throws {
    try withTemporaryDirectory { folder in
      let groups = try groups([
        record("oracle", [], in: folder), record("fixed", ["action=a"], in: folder),
        record("reader", ["actions=2"], in: folder),
      ])
      #expect(groups.map(\.role) == [.calibration, .baseline, .contender])
      let comparison = try compare(groups, at: [], reference: nil)
      #expect(comparison.reference == "reader actions=2")
      #expect(
        comparison.runs.filter { $0.stuckAction != nil }.map(\.group)
          == Array(repeating: "reader actions=2", count: 3))
      #expect(try compare(groups, at: [], reference: "fixed action=a").reference == "fixed action=a")
      let error = #expect(throws: ConfigurationError.self) {
        try compare(groups, at: [], reference: "oracle")
      }
      #expect(error?.description.contains("an agent that is not told the truth") == true)
      let alone = try compare([groups[0]], at: [], reference: nil)
      #expect(alone.reference == nil && alone.tables[0].differences.isEmpty)
      let baselines = try compare(Array(groups[..<2]), at: [], reference: nil)
      #expect(baselines.reference == "fixed action=a")
    }
  }

  @Test("Across different free play there is no verdict unless asked, and what it would have cost is told")
  func freePlay() throws {
    try withTemporaryDirectory { folder in
      let small = smallSettings.filter { !$0.hasPrefix("prefill") }
      func runs(_ prefill: Int) throws -> [RecordedRun] {
        try record(
          "epsilon-greedy", small + ["prefill=\(prefill)"], environment: "mushroom", in: folder)
      }
      let groups = try groups([runs(0), runs(200)])
      let comparison = try compare(groups, at: [], reference: nil)
      #expect(comparison.tables[0].differences.map(\.verdict) == [.freePlayDiffers])
      let standings = comparison.tables[0].standings
      #expect(standings.map(\.prefillSteps) == [0, 200] && standings[0].prefillExpectedRegret == 0)
      // A random action costs 4.91 on average: (4,208 × 5 + 3,916 × 15) / 8,124 / 2.
      let cost = try #require(standings[1].prefillExpectedRegret)
      #expect(abs(cost / 200 - 4.91) < 1.2)
      let asked = try compare(groups, at: [], reference: nil, acrossFreePlay: true)
      #expect(asked.tables[0].differences[0].verdict != .freePlayDiffers)
    }
  }
}

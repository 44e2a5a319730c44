import BanditCore
import BanditNumerics
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

/// A comparison of groups, which are of one task.
private func compare(
  _ groups: [RunGroup], at steps: [Int], reference: String?, acrossFreePlay: Bool = false
) throws -> Comparison {
  let environment = groups[0].runs[0].settings.environment
  let task = RunTask(name: environment, environment: environment, groups: groups)
  return try #require(
    Comparison.all(of: [task], at: steps, reference: reference, acrossFreePlay: acrossFreePlay).first)
}

@Suite("Comparisons of runs")
struct ComparisonTests {
  /// Plays an agent for each seed and gives the runs, read at every tenth of their steps.
  private func record(
    _ agent: String, _ words: [String], environment: String = "script", steps: Int = 30,
    seeds: Range<UInt64> = 0..<3, in folder: String
  ) throws -> [RecordedRun] {
    try seeds.map { seed in
      let settings = try settings(agent, words, environment: environment, steps: steps, seed: seed)
      let path = "\(folder)/\(environment)-\(agent)\(words.hashValue)-\(steps)-\(seed)"
      try play(settings, into: path)
      return try RecordedRun(readingFrom: path, points: 10, others: [30])
    }
  }

  private func groups(_ runs: [[RecordedRun]]) throws -> [RunGroup] {
    try RunTask.tasks(of: runs.flatMap { $0 }, registry: registry).tasks.flatMap(\.groups)
  }

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

  @Test(
    "A verdict needs five seeds, a small p of the t test, and a small one of the sign-flip test or one sign",
    arguments: [
      ([10, 11, 12, 10, 11], .worse), ([-10, -11, -12, -10, -11], .better),
      ([-1, 2, 1, -2, 3], .notToldApart),
      // One sign, and yet nothing that the t test would not give.
      ([1, 5, 60, 2, 3], .notToldApart), ([3, 3, 3, 3, 3], .worse), ([0, 0, 0, 0, 0], .notToldApart),
      // The t test alone would be sure of these five and six: p 0.04 and 0.01.
      ([-0.1, 3, 4, 5, 4], .notToldApart), ([-0.1, 3, 4, 5, 4, 4], .notToldApart),
      ([10, 11, 12, 11], .tooFewSeeds), ([7], .tooFewSeeds), ([], .tooFewSeeds),
    ] as [([Double], PairedDifference.Verdict)])
  func verdicts(values: [Double], expected: PairedDifference.Verdict) {
    let difference = PairedDifference.judged([lone(values)])[0]
    #expect(difference.verdict == expected)
    #expect((difference.lower == nil) == (values.count < 2) && (difference.mean == nil) == values.isEmpty)
    #expect((difference.adjustedPValue == nil) == (values.count < 5))
    if difference.verdict == .better || difference.verdict == .worse {
      // What is printed as the interval leaves 0 out wherever there is a verdict.
      #expect((difference.lower ?? 0) * (difference.upper ?? 0) > 0)
    }
  }

  private func lone(_ values: [Double], isFair: Bool = true) -> PairedDifference {
    let pairs = values.enumerated().map { (seed: UInt64($0), value: $1, other: 0.0) }
    return PairedDifference("a", against: "b", pairs: pairs, isFair: isFair)
  }

  @Test(
    "Beside other differences of its table a difference needs a smaller p; those without a test do not count")
  func family() {
    // scipy.stats.ttest_1samp(values, 0).pvalue is 0.0296, that of all permutations 0.0254.
    let values = [142.0, -29, 313, 80, 5, -60, 200, 150, 90, 33]
    let alone = PairedDifference.judged([lone(values), lone([1, 2]), lone(values, isFair: false)])
    #expect(alone.map(\.verdict) == [.worse, .tooFewSeeds, .freePlayDiffers])
    #expect(alone[0].adjustedPValue == alone[0].pValue && alone[2].pValue == nil)
    let two = PairedDifference.judged([lone(values), lone(values.map { -$0 })])
    #expect(two.map(\.verdict) == [.notToldApart, .notToldApart])
    #expect(two[0].adjustedPValue == two[0].pValue.map { 2 * $0 })
    #expect(two[0].adjustedSignFlipPValue == 52 / 1024.0)
    // Ten seeds and more have the bootstrap's interval beside Student's.
    #expect((alone[0].bcaLower ?? 0) > 20 && (alone[0].bcaUpper ?? 0) < 180)
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

  @Test("A run of a version without a setting is one with the setting's default, and its time is read")
  func earlierVersions() throws {
    try withTemporaryDirectory { folder in
      let runs = try record(
        "epsilon-greedy", smallSettings, environment: "mushroom", seeds: 0..<2, in: folder)
      let manifest = runs[0].path + "/manifest.json"
      let lines = try text(of: manifest).split(separator: "\n").filter { !$0.contains("\"epsilonSteps\"") }
      try lines.joined(separator: "\n").write(toFile: manifest, atomically: true, encoding: .utf8)
      let summary = #"{"seconds": {"total": 12.5}}"#
      try summary.write(toFile: runs[0].path + "/summary.json", atomically: true, encoding: .utf8)
      let read = try RecordedRun(readingFrom: runs[0].path, points: 10)
      #expect(read.settings.agentSettings["epsilonSteps"] == nil && read.summary?.seconds == 12.5)
      #expect(try groups([[read, runs[1]]]).map(\.runs.count) == [2])
    }
  }

  @Test("Runs of an earlier version, which wrote lists as text, are of one group with those that write lists")
  func listsAsText() throws {
    try withTemporaryDirectory { folder in
      let runs = try record("reader", ["actions=0,1"], environment: "classification", in: folder)
      try writeListsAsText(inManifestOf: runs[0].path)
      let read = try RecordedRun(readingFrom: runs[0].path, points: 10, others: [30])
      #expect(read.settings.agentSettings["actions"] == .text("0,1"))
      #expect(read.settings.environmentSettings["columns"] == .text(""))
      let groups = try groups([[read], Array(runs[1...])])
      #expect(groups.map(\.runs.count) == [3])
      let comparison = try compare(groups, at: [], reference: nil)
      #expect(comparison.tables[0].calibration.map(\.name) == ["oracle", "uniform", "always e", "always p"])
    }
  }

  @Test("Runs of other environments, or settings of them, are tasks of their own, with a reference each")
  func tasks() throws {
    try withTemporaryDirectory { folder in
      func curve(noise: Double) throws -> [RecordedRun] {
        try (0..<2 as Range<UInt64>).map { seed in
          var settings = try settings("uniform", environment: "curve", steps: 30, seed: seed)
          settings.environmentSettings["noise"] = .number(noise)
          let path = "\(folder)/curve\(noise)-\(seed)"
          try play(settings, into: path)
          return try RecordedRun(readingFrom: path, points: 10, others: [30])
        }
      }
      let runs = try [
        record("uniform", [], in: folder), record("reader", ["actions=1"], in: folder),
        record("uniform", [], environment: "mushroom", in: folder),
        curve(noise: 0.1), curve(noise: 0.5),
      ].flatMap { $0 }
      let (tasks, twins) = try RunTask.tasks(of: runs + runs[..<2], registry: registry)
      #expect(
        tasks.map(\.name) == [
          "script", "mushroom", "curve noise=0.1", "curve noise=0.5",
        ])
      #expect(
        tasks.map { $0.groups.map(\.name) } == [
          ["uniform", "reader actions=1"], ["uniform"], ["uniform"], ["uniform"],
        ])
      #expect(twins.map(\.path) == runs[..<2].map(\.path) && twins.map(\.other) == twins.map(\.path))
      let comparisons = try Comparison.all(of: tasks, at: [], reference: nil)
      #expect(comparisons.map(\.task) == tasks.map(\.name))
      #expect(comparisons.map(\.environment) == ["script", "mushroom", "curve", "curve"])
      #expect(comparisons.map(\.reference) == ["reader actions=1", "uniform", "uniform", "uniform"])
      #expect(comparisons.map { $0.tables[0].differences.count } == [1, 0, 0, 0])
      // A reference that one task has alone leaves the others theirs.
      let named = try Comparison.all(of: tasks, at: [], reference: "reader actions=1")
      #expect(named.map(\.reference) == comparisons.map(\.reference))
    }
  }

  @Test(
    "Runs on other data are another task; those that do not know theirs join the ones that all have the same")
  func data() throws {
    try withTemporaryDirectory { folder in
      let runs = try record("uniform", [], environment: "curve", seeds: 0..<4, in: folder)
      func tasks(_ sums: [String?]) throws -> [RunTask] {
        let read = try zip(runs, sums).map { run, sum in
          let manifest = run.path + "/manifest.json"
          let object = try JSONSerialization.jsonObject(with: Data(contents(of: manifest)))
          var fields = try #require(object as? [String: Any])
          fields["data"] = sum.map { ["curve.csv": $0] }
          try JSONSerialization.data(withJSONObject: fields).write(to: URL(filePath: manifest))
          return try RecordedRun(readingFrom: run.path, points: 10)
        }
        return try RunTask.tasks(of: read, registry: registry).tasks
      }
      #expect(try tasks([nil, nil, nil, nil]).map(\.name) == ["curve"])
      #expect(try tasks(["abcdefghij", nil, "abcdefghij", nil]).map { $0.groups[0].runs.count } == [4])
      let three = try tasks(["abcdefghij", "1234567890", nil, "abcdefghij"])
      #expect(
        three.map(\.name) == [
          "curve data=curve.csv:abcdefgh", "curve data=curve.csv:12345678", "curve data=unknown",
        ])
      #expect(three.map { $0.groups[0].runs.map(\.settings.seed) } == [[0, 3], [1], [2]])
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

  @Test("A log of an earlier version, without propensities and contexts' values, is read with its summary")
  func earlierLogs() throws {
    try withTemporaryDirectory { folder in
      let runs = try record("uniform", [], environment: "mushroom", in: folder)
      let new = try compare(groups([runs]), at: [], reference: nil)
      for run in runs { try writeEarlierVersion(of: run.path) }
      let read = try runs.map { try RecordedRun(readingFrom: $0.path, points: 10, others: [30]) }
      #expect(read.allSatisfy { $0.about == nil && $0.counterNames == runs[0].counterNames })
      let old = try compare(groups([read]), at: [], reference: nil)
      let percents = [old, new].compactMap { $0.tables[0].standings[0].percentOfUniform }
      #expect(percents.count == 2 && abs(percents[0] - percents[1]) < 1e-9)
      #expect(old.tables[0].calibration.map(\.name) == ["oracle", "uniform"])
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

@Suite("Measurements of agents")
struct MeasurementTests {
  @Test("What an agent measures is a column of the log, and is compared where it is known")
  func column() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("squarecb", smallSettings + ["gamma=2"], steps: 25)
      try play(settings, into: folder)
      let lines = try logText(folder + "/regret.csv.gz").split(separator: "\n")
      #expect(lines[0].hasSuffix(",propensity,uniform_expected_reward,gamma"))
      #expect(lines[25].hasSuffix(",10"))
      let run = try RecordedRun(readingFrom: folder, points: 5)
      #expect(run.measurementNames == ["gamma"] && run.value("gamma", at: 25) == 10)
      let comparison = try compare(
        RunTask.tasks(of: [run], registry: registry).tasks[0].groups, at: [], reference: nil)
      #expect(comparison.measurementNames == ["gamma"])
      #expect(comparison.tables[0].standings[0].measurements == ["gamma": 10])
    }
  }
}

import BanditCore
import BanditNumerics
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Tasks and groups of runs")
struct RunTaskTests {
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
}

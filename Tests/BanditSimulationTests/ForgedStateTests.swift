import BanditCore
import BanditFiles
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("States that were forged")
struct ForgedStateTests {
  private static let most = Int.max

  /// Expects that a run is not resumed from a checkpoint whose checksum is right and of which a field is another.
  private func expectRefusal(
    of run: String, _ simulation: Simulation, _ state: String, _ path: [String], _ value: Any,
    naming field: String
  ) throws {
    let checkpoint = run + "/" + Checkpoint.file
    let whole = try contents(of: checkpoint)
    let log = try contents(of: run + "/regret.csv.gz")
    defer {
      try? write(whole, to: checkpoint)
      try? write(log, to: run + "/regret.csv.gz")
    }
    try forge(state, in: run) { $0 = setting($0, path, value) as? [String: Any] ?? [:] }
    let reason = problem { try resume(run, steps: 60, simulation: simulation) }
    #expect(reason?.contains(field) == true, "\(path) = \(value): \(reason ?? "taken")")
    #expect(reason?.hasPrefix(run) == true)
  }

  private func setting(_ tree: Any, _ path: [String], _ value: Any) -> Any {
    guard let first = path.first else { return value }
    let rest = Array(path.dropFirst())
    if var list = tree as? [Any], let index = Int(first) {
      list[index] = setting(list[index], rest, value)
      return list
    }
    var fields = tree as? [String: Any] ?? [:]
    if rest.isEmpty || fields[first] != nil { fields[first] = setting(fields[first] ?? [:], rest, value) }
    return fields
  }

  @Test("Times, counts and actions of a run are checked, and the error names the field")
  func run() throws {
    try withTemporaryDirectory { folder in
      let run = try playedRun(folder + "/x", steps: 60, until: 40)
      let simulation = try Simulation(settings("uniform", steps: 60), registry: registry)
      // A duration is two words, the upper with the sign.
      for time in [[Int.min, 0], [Int.max, 0], [-1, 0]] {
        for field in ["elapsed", "checkpoints"] {
          try expectRefusal(of: run, simulation, "run", [field], time, naming: field)
        }
        for field in ["acting", "training", "logging"] {
          try expectRefusal(of: run, simulation, "progress", ["totals", field], time, naming: field)
        }
      }
      for count in [-1, Self.most] {
        try expectRefusal(of: run, simulation, "run", ["steps"], count, naming: "steps")
        try expectRefusal(
          of: run, simulation, "progress", ["totals", "prefillSteps"], count, naming: "prefillSteps")
        try expectRefusal(
          of: run, simulation, "progress", ["totals", "record", "step"], count, naming: "step")
        try expectRefusal(
          of: run, simulation, "progress", ["totals", "record", "action"], count, naming: "record.action")
      }
      let generator = ["key": 1, "s0": 0, "s1": 0, "s2": 0, "s3": 0]
      for state in ["agent", "environment"] {
        try expectRefusal(of: run, simulation, state, [], generator, naming: "generator")
      }
    }
  }

  @Test("Rows that the log is to be continued with are those of the last steps")
  func pending() throws {
    try withTemporaryDirectory { folder in
      let run = try playedRun(folder + "/x", steps: 60, until: 3)
      let simulation = try Simulation(settings("uniform", steps: 60), registry: registry)
      let checkpoint = try Checkpoint(readingFrom: run + "/" + Checkpoint.file)
      let position = try checkpoint.state("observer-regret-log").decoded(as: RegretLog.State.self).position
      let lines = position.pending.split(separator: "\n").map(String.init)
      #expect(lines.count == 4)
      for other in [
        [], Array(lines.dropLast()), lines + [lines[3]], [lines[0], lines[1], lines[3], lines[3]],
        lines.dropLast() + [lines[3] + ",1"], lines.dropLast() + ["3,eaten" + lines[3].dropFirst(3)],
      ] {
        let text = other.map { $0 + "\n" }.joined()
        try expectRefusal(
          of: run, simulation, "observer-regret-log", ["position", "pending"], text, naming: "regret.csv.gz")
      }
      for rows in [2, -1, 1_000_000] {
        try expectRefusal(
          of: run, simulation, "observer-regret-log", ["position", "rows"], rows, naming: "regret.csv.gz")
      }
    }
  }

  @Test("Counts of agents' states are checked, and the error names the field")
  func agents() throws {
    let optimiser = ["training", "steps"]
    let rounds = [["training", "steps"], ["training", "diagnostics", "optimiserSteps"]]
    let cases: [(String, [String], [[String]])] = [
      ("linear-thompson", [], [["regressions", "0", "count"]]),
      ("linear-ucb", [], [["regressions", "1", "count"]]),
      ("bbb", smallSettings, rounds + [["network"] + optimiser]),
      (
        "epsilon-greedy", smallSettings,
        (rounds + [["network"] + optimiser]).map { ["learner"] + $0 } + [["steps"]]
      ),
      ("squarecb", smallSettings, [["steps"]]),
      ("neural-linear", smallSettings, [["stepsToRefit"], ["regressions", "0", "count"]]),
      ("ensemble", smallSettings + ["members=2"], rounds + [["members", "0", "network"] + optimiser]),
    ]
    try withTemporaryDirectory { folder in
      for (agent, words, fields) in cases {
        let run = try playedRun(folder + "/" + agent, agent: agent, words: words, steps: 60, until: 40)
        let simulation = try Simulation(settings(agent, words, steps: 60), registry: registry)
        for path in fields {
          for value in [-1, Self.most] {
            try expectRefusal(
              of: run, simulation, "agent", path, value, naming: path.last ?? "")
          }
        }
      }
    }
  }
}

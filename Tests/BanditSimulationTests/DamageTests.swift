import BanditCore
import BanditFiles
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Run folders that were damaged")
struct DamageTests {
  @Test("A byte of the log that is altered is seen when the run is resumed or read as finished")
  func alteredLog() throws {
    try withTemporaryDirectory { folder in
      let finished = try playedRun(folder + "/finished", steps: 2_100)
      let stopped = try playedRun(folder + "/stopped", steps: 2_100, until: 2_050)
      for (run, steps) in [(finished, 2_100), (finished, 2_200), (stopped, 2_100)] {
        let path = run + "/regret.csv.gz"
        let log = try contents(of: path)
        let simulation = try Simulation(settings("uniform", steps: steps), registry: registry)
        // What a checkpoint does not know yet is written again, so damage there is mended.
        let known = steps == 2_200 || run == stopped ? try checkpointLength(of: run) : log.count
        for place in stride(from: 0, to: known, by: 1_009) {
          var damaged = log
          damaged[place] ^= 0x10
          try write(damaged, to: path)
          let reason = problem { try resume(run, steps: steps, simulation: simulation) }
          #expect(reason?.hasPrefix(path + ": ") == true, "byte \(place): \(reason ?? "taken")")
          #expect(reason?.contains("--overwrite") == true && reason?.contains("a copy of it") == true)
          #expect(try contents(of: path) == damaged)
        }
        try write(log, to: path)
      }
      #expect(try resume(finished, steps: 2_100).wasFinished)
      #expect(try resume(stopped, steps: 2_100).summary.steps == 2_100)
    }
  }

  @Test("A finished run whose log is gone, cut short or longer is not believed")
  func missingLog() throws {
    try withTemporaryDirectory { folder in
      let run = try playedRun(folder + "/x", steps: 1_100)
      let path = run + "/regret.csv.gz"
      let log = try contents(of: path)
      for other in [nil, [], Array(log.dropLast()), log + [0], log + Gzip.member(of: Array("1,2\n".utf8))] {
        try FileManager.default.removeItem(atPath: path)
        if let other { try write(other, to: path) }
        let reason = problem { try resume(run, steps: 1_100) }
        #expect(reason?.hasPrefix(path) == true && reason?.contains("--overwrite") == true)
        if other == nil { try write(log, to: path) }
      }
      try FileManager.default.removeItem(atPath: path)
      #expect(problem { try resume(run, steps: 1_200) }?.contains("is gone") == true)
    }
  }

  @Test("A summary of which anything was altered is not believed; without it, --resume writes it again")
  func alteredSummary() throws {
    try withTemporaryDirectory { folder in
      let run = try playedRun(folder + "/x", steps: 600)
      let path = run + "/summary.json"
      let whole = try text(of: path)
      let expected = try JSONDecoder().decode(RunSummary.self, from: Data(whole.utf8))
      let characters = Array(whole)
      let simulation = try Simulation(settings("uniform", steps: 600), registry: registry)
      let digits = characters.indices.filter { characters[$0].isNumber }
      for place in digits.enumerated().filter({ $0.offset % 11 == 0 }).map(\.element) {
        var altered = characters
        altered[place] = altered[place] == "7" ? "2" : "7"
        // Far behind a point another digit can be the same number.
        let number = try? JSONDecoder().decode(RunSummary.self, from: Data(String(altered).utf8))
        guard number != expected else { continue }
        try write(String(altered), to: path)
        let reason = problem { try resume(run, steps: 600, simulation: simulation) }
        #expect(reason?.hasPrefix(path) == true, "character \(place)")
      }
      try write(whole.replacing("crc32\" : ", with: "crc33\" : "), to: path)
      #expect(problem { try resume(run, steps: 600, simulation: simulation) }?.hasPrefix(path) == true)
      try FileManager.default.removeItem(atPath: path)
      #expect(try !resume(run, steps: 600).wasFinished)
      let written = try JSONDecoder().decode(RunSummary.self, from: Data(contents(of: path)))
      #expect(written.cumulativeRegret == expected.cumulativeRegret && written.files == expected.files)
      // That of another seed is whole, and still another's.
      let other = try playedRun(folder + "/y", steps: 600, seed: 1)
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: other + "/summary.json", toPath: path)
      #expect(problem { try resume(run, steps: 600) }?.contains("is of another run") == true)
    }
  }

  @Test("An observer's file is guarded as the log is")
  func observers() throws {
    try withTemporaryDirectory { folder in
      let run = try playedRun(folder + "/x", steps: 1_100, observers: [JSONLines()])
      let path = run + "/steps.jsonl.gz"
      var bytes = try contents(of: path)
      bytes[500] ^= 1
      try write(bytes, to: path)
      for steps in [1_100, 1_200] {
        let reason = problem { try resume(run, steps: steps, observers: [JSONLines()]) }
        #expect(reason?.hasPrefix(path) == true, "\(reason ?? "taken")")
      }
    }
  }

  @Test("A run of an earlier version, without checksums, is resumed unless the log cannot be read")
  func earlierVersion() throws {
    try withTemporaryDirectory { folder in
      let whole = try playedRun(folder + "/whole", steps: 2_100)
      let run = try playedRun(folder + "/x", steps: 2_100, until: 2_050)
      try forge("observer-regret-log", in: run) { state in
        var position = state["position"] as? [String: Any] ?? [:]
        #expect(position.removeValue(forKey: "crc32") != nil)
        state["position"] = position
      }
      try forge("run", in: run) { #expect($0.removeValue(forKey: "data") != nil) }
      let path = run + "/regret.csv.gz"
      let log = try contents(of: path)
      var damaged = log
      damaged[300] ^= 1
      try write(damaged, to: path)
      #expect(problem { try resume(run, steps: 2_100) }?.hasPrefix(path) == true)
      try write(log, to: path)
      #expect(try resume(run, steps: 2_100).summary.steps == 2_100)
      #expect(try contents(of: path) == contents(of: whole + "/regret.csv.gz"))

      let summary = run + "/summary.json"
      var tree = try JSONDecoder().decode([String: SettingValue].self, from: Data(contents(of: summary)))
      #expect(tree.removeValue(forKey: "files") != nil && tree.removeValue(forKey: "crc32") != nil)
      try JSONEncoder().encode(tree).write(to: URL(filePath: summary))
      #expect(try resume(run, steps: 2_100).wasFinished)
      for other in [damaged, Array(log.prefix(try checkpointLength(of: run)))] {
        try write(other, to: path)
        #expect(problem { try resume(run, steps: 2_100) }?.hasPrefix(path) == true)
      }
    }
  }

  @Test(
    "A folder that is moved while its run is played is not made again, and the run is resumed where it is")
  func moved() throws {
    try withTemporaryDirectory { folder in
      let whole = try playedRun(folder + "/whole", steps: 2_100)
      for moment in [1, 700, 1_500, 2_100] {
        let (path, place) = ("\(folder)/x\(moment)", "\(folder)/y\(moment)")
        let reason = problem {
          try playedRun(path, steps: 2_100, every: .every(300)) { step in
            if step == moment { try? FileManager.default.moveItem(atPath: path, toPath: place) }
          }
        }
        #expect(reason?.contains("removed or moved") == true, "\(reason ?? "taken")")
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: place + "/summary.json"))
        #expect(try resume(place, steps: 2_100).summary.steps == 2_100)
        #expect(try contents(of: place + "/regret.csv.gz") == contents(of: whole + "/regret.csv.gz"))
      }
    }
  }

  @Test("A folder or a log that is removed while the run is played ends it with an error")
  func removed() throws {
    try withTemporaryDirectory { folder in
      for (name, file) in [("a", ""), ("b", "/regret.csv.gz"), ("c", "/steps.jsonl.gz")] {
        for every in [CheckpointInterval.every(50), .never] {
          let path = "\(folder)/\(name)\(every == .never)"
          let reason = problem {
            try playedRun(path, steps: 120, every: every, observers: [JSONLines()]) { step in
              if step == 70 { try? FileManager.default.removeItem(atPath: path + file) }
            }
          }
          #expect(reason?.contains("removed or moved") == true, "\(reason ?? "taken")")
          #expect(!FileManager.default.fileExists(atPath: path + "/summary.json"))
          if file.isEmpty { #expect(!FileManager.default.fileExists(atPath: path)) }
        }
      }
    }
  }

  private func checkpointLength(of run: String) throws -> Int {
    try Checkpoint(readingFrom: run + "/" + Checkpoint.file).state("observer-regret-log")
      .decoded(as: RegretLog.State.self).position.length
  }
}

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

/// Plays a run into a new folder and gives that folder.
@discardableResult
func playedRun(
  _ folder: String, agent: String = "uniform", words: [String] = [], steps: Int, seed: UInt64 = 0,
  until last: Int = .max, every: CheckpointInterval = .automatic, observers: [any RunObserver] = [],
  report: @escaping (Int) -> Void = { _ in }
) throws -> String {
  var step = 0
  let progress = ProgressObserver {
    step = $0.record.step
    report(step)
  }
  _ = try Run(
    Simulation(settings(agent, words, steps: steps, seed: seed), registry: registry), program: "tests",
    checkpoints: every, observers: observers + [progress]
  ).play(into: RunDirectory(creating: folder, overwrite: false), shouldStop: { step >= last })
  return folder
}

/// Resumes a run.
@discardableResult
func resume(
  _ folder: String, steps: Int, simulation: Simulation? = nil, observers: [any RunObserver] = []
) throws -> Run.Outcome {
  try Run(
    simulation ?? Simulation(settings("uniform", steps: steps), registry: registry), program: "tests",
    observers: observers
  ).play(into: RunDirectory(creating: folder, overwrite: false, resume: true), shouldStop: { false })
}

/// Changes the JSON of a state of a run's checkpoint, which gets the right checksum.
func forge(_ state: String, in run: String, _ change: (inout [String: Any]) -> Void) throws {
  let path = run + "/" + Checkpoint.file
  var contents = try Safetensors(sealedBytes: contents(of: path), file: path)
  let json = Data(try #require(contents.metadata[state]).utf8)
  var tree = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
  change(&tree)
  contents.metadata[state] = String(
    decoding: try JSONSerialization.data(withJSONObject: tree), as: UTF8.self)
  try write(contents.sealedBytes, to: path)
}

/// What is wrong, if something is.
func problem(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

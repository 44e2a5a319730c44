import BanditCore
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Resumed runs")
struct ResumeTests {
  /// Plays a run into a folder, or resumes it, until it has played `last` steps.
  @discardableResult
  private func play(
    _ settings: RunSettings, _ folder: String, resume: Bool = true, until last: Int = .max,
    every: CheckpointInterval = .automatic, report: @escaping (Run.Progress) -> Void = { _ in }
  ) throws -> Run.Outcome {
    let directory = try RunDirectory(creating: folder, overwrite: false, resume: resume)
    var step = 0
    let progress = ProgressObserver {
      step = $0.record.step
      report($0)
    }
    return try Run(
      Simulation(settings, registry: registry), program: "tests", checkpoints: every, observers: [progress]
    ).play(into: directory, shouldStop: { step >= last })
  }

  /// Expects the same log, to the byte, and the same totals.
  private func expectSame(_ folder: String, _ other: String, _ comment: String) throws {
    #expect(
      try contents(of: folder + "/regret.csv.gz") == contents(of: other + "/regret.csv.gz"), "\(comment)")
    let summaries = try [folder, other].map { path in
      var summary = try JSONDecoder().decode(
        RunSummary.self, from: Data(contents(of: path + "/summary.json")))
      summary.seconds = .init(acting: 0, training: 0, logging: 0, checkpoints: 0, total: 0)
      (summary.optimiserStepsPerSecond, summary.peakMemoryMebibytes) = (nil, nil)
      return try summary.sealed()
    }
    #expect(summaries[0] == summaries[1], "\(comment)")
  }

  private static let cases: [(String, [String])] = [
    ("bbb", smallSettings + ["thompson=independent", "bufferSize=700"]),
    ("ensemble", smallSettings + ["members=3", "bootstrap=0.5", "bufferSize=0", "trainEvery=3"]),
    ("epsilon-greedy", smallSettings + ["optimiser=sgd", "epsilonSteps=900", "sampling=replacement"]),
    ("bootstrap", smallSettings + ["members=2"]), ("dropout", smallSettings), ("boltzmann", smallSettings),
    ("neural-linear", smallSettings + ["refitEvery=13"]), ("linear-thompson", []), ("linear-ucb", []),
    ("uniform", []), ("fixed", []), ("oracle", []), ("tally", []),
  ]

  @Test("A run of an earlier version, which wrote lists as text, is resumed, unless a list is another")
  func listsAsText() throws {
    try withTemporaryDirectory { folder in
      func wanted(_ layers: String) throws -> RunSettings {
        try settings(
          "epsilon-greedy", smallSettings + ["hiddenLayers=\(layers)"], environment: "classification",
          steps: 20)
      }
      try play(wanted("8,4"), folder, resume: false)
      try writeListsAsText(inManifestOf: folder)
      try play(wanted("8,4"), folder)
      let error = #expect(throws: RunDirectoryError.self) { try play(wanted("4,8"), folder) }
      #expect(error?.reason.contains("--set hiddenLayers=8,4, now 4,8") == true)
    }
  }

  @Test("A run that is stopped again and again leaves the bytes of one that is not", arguments: cases)
  func stopped(agent: String, words: [String]) throws {
    try withTemporaryDirectory { folder in
      let settings = try settings(agent, words, steps: 1_300, seed: 3)
      try play(settings, folder + "/whole", resume: false)
      for last in [0, 1, 400, 999, 1_000, 1_001] {
        let outcome = try play(settings, folder + "/parts", until: last)
        #expect(outcome.summary.steps == last && outcome.summary.interrupted)
      }
      #expect(try !play(settings, folder + "/parts").summary.interrupted)
      try expectSame(folder + "/whole", folder + "/parts", agent)
    }
  }

  @Test("What is on the disk after any step is resumed to the same bytes", arguments: cases)
  func killed(agent: String, words: [String]) throws {
    try withTemporaryDirectory { folder in
      let settings = try settings(agent, words, steps: 1_250, seed: 4)
      let moments = [1, 6, 7, 8, 700, 1_000, 1_049, 1_249, 1_250]
      try play(settings, folder + "/whole", resume: false, every: .every(7)) { progress in
        guard moments.contains(progress.record.step) else { return }
        // A kill leaves what the disk has, and perhaps a piece of a file that was to replace another.
        let copy = "\(folder)/\(progress.record.step)"
        try? FileManager.default.copyItem(atPath: folder + "/whole", toPath: copy)
        try? Data("piece".utf8).write(to: URL(filePath: copy + "/manifest.json.partial"))
      }
      for moment in moments {
        let outcome = try play(settings, "\(folder)/\(moment)", every: .every(7))
        #expect(!outcome.wasFinished)
        try expectSame(folder + "/whole", "\(folder)/\(moment)", "\(agent), step \(moment)")
      }
    }
  }

  @Test("A finished run continues when it is given more steps, as if it had had them from the start")
  func moreSteps() throws {
    try withTemporaryDirectory { folder in
      let words = smallSettings
      try play(settings("bbb", words, steps: 1_100), folder + "/long", resume: false)
      let short = try settings("bbb", words, steps: 30)
      #expect(try !play(short, folder + "/grown").wasFinished)
      let before = try contents(of: folder + "/grown/checkpoint/state.safetensors")
      #expect(try play(short, folder + "/grown").wasFinished)
      #expect(try contents(of: folder + "/grown/checkpoint/state.safetensors") == before)
      #expect(try play(settings("bbb", words, steps: 1_100), folder + "/grown").summary.steps == 1_100)
      try expectSame(folder + "/long", folder + "/grown", "30, then 1,100 steps")
      #expect(try RecordedRun(readingFrom: folder + "/grown", points: 5).settings.steps == 1_100)
      #expect(
        problem { try play(short, folder + "/grown") }?.contains("has played 1100 steps already") == true)
    }
  }

  @Test("A run of an earlier version, which lacked a setting, is resumed under the setting's default alone")
  func laterSetting() throws {
    try withTemporaryDirectory { folder in
      func wanted(_ draws: Int) throws -> RunSettings {
        try settings("linear-thompson", ["propensityDraws=\(draws)"], steps: 40)
      }
      try play(wanted(0), folder, until: 20)
      let manifest = URL(filePath: folder + "/manifest.json")
      var words = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: manifest)) as? [String: Any])
      var run = try #require(words["run"] as? [String: Any])
      var given = try #require(run["settings"] as? [String: Any])
      #expect(given.removeValue(forKey: "propensityDraws") as? Int == 0)
      run["settings"] = given
      words["run"] = run
      try JSONSerialization.data(withJSONObject: words).write(to: manifest)
      #expect(problem { try play(wanted(3), folder) }?.contains("--set propensityDraws=0, now 3") == true)
      #expect(try play(wanted(0), folder).summary.steps == 40)
    }
  }

  @Test("Other settings are refused with every difference, and nothing is changed")
  func otherSettings() throws {
    try withTemporaryDirectory { folder in
      try play(settings("bbb", smallSettings, steps: 40), folder + "/x", until: 20)
      let before = try contents(of: folder + "/x/checkpoint/state.safetensors")
      let other = try settings("bbb", smallSettings + ["learningRate=0.5", "kl=mc"], steps: 40, seed: 9)
      let reason = problem { try play(other, folder + "/x") }
      #expect(
        reason?.contains("--seed 0, now 9; --set learningRate=0.001, now 0.5;") == true, "\(reason ?? "")")
      let uniform = problem { try play(settings("uniform", steps: 40), folder + "/x") }
      #expect(uniform?.contains("--agent bbb, now uniform; --set actionCoding=columns, now nothing") == true)
      let program = problem {
        let directory = try RunDirectory(creating: folder + "/x", overwrite: false, resume: true)
        _ = try Run(Simulation(other, registry: registry), program: "later").play(
          into: directory, shouldStop: { false })
      }
      #expect(program?.contains("program tests, now later") == true)
      #expect(try contents(of: folder + "/x/checkpoint/state.safetensors") == before)
    }
  }

  @Test("A checkpoint cut short, or with any byte changed, is a clear error")
  func damaged() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("epsilon-greedy", smallSettings + ["prefill=5"], steps: 40)
      try play(settings, folder + "/x", until: 20)
      let path = folder + "/x/checkpoint/state.safetensors"
      let whole = try contents(of: path)
      func expectProblem(_ bytes: [UInt8], _ comment: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
        let reason = problem { try play(settings, folder + "/x") }
        #expect(reason?.hasPrefix(path) == true && reason?.contains("--overwrite") == true, "\(comment)")
      }
      for count in stride(from: 0, to: whole.count, by: 997) {
        try expectProblem(Array(whole[..<count]), "\(count)")
      }
      for place in stride(from: 0, to: whole.count, by: 1_009) {
        var bytes = whole
        bytes[place] ^= 1
        try expectProblem(bytes, "byte \(place)")
      }
      try Data(whole).write(to: URL(filePath: path))
      try Data().write(to: URL(filePath: folder + "/x/regret.csv.gz"))
      #expect(try play(settings, folder + "/x").summary.steps == 40)
    }
  }

  @Test("A log that is shorter than its checkpoint says, and a missing manifest, are refused")
  func missingParts() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("uniform", steps: 2_500)
      try play(settings, folder + "/x", until: 2_000)
      let log = try contents(of: folder + "/x/regret.csv.gz")
      try Data(log.dropLast()).write(to: URL(filePath: folder + "/x/regret.csv.gz"))
      #expect(problem { try play(settings, folder + "/x") }?.contains("it is damaged") == true)
      try Data(log).write(to: URL(filePath: folder + "/x/regret.csv.gz"))
      try FileManager.default.removeItem(atPath: folder + "/x/manifest.json")
      #expect(problem { try play(settings, folder + "/x") }?.contains("manifest.json: is missing") == true)
    }
  }

  @Test("A run that another process is playing is left alone")
  func inUse() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("uniform", steps: 2_500)
      var reasons: [String?] = []
      try play(settings, folder + "/x", resume: false, every: .every(1_000)) { progress in
        guard [500, 1_500].contains(progress.record.step) else { return }
        reasons.append(problem { try play(settings, folder + "/x") })
      }
      #expect(reasons.count == 2)
      #expect(
        reasons.allSatisfy { $0?.contains("another process works in this folder") == true }, "\(reasons)")
      #expect(try logText(folder + "/x/regret.csv.gz").split(separator: "\n").count == 2_501)
    }
  }

  @Test("An agent that does not encode its state is named, and its run starts over with the same numbers")
  func unresumable() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("reader", ["actions=0,1,2"], environment: "script", steps: 50)
      #expect(
        try Simulation(settings, registry: registry).unresumable == [
          "agent 'reader'", "environment 'script'",
        ])
      try play(settings, folder + "/whole", resume: false)
      try play(settings, folder + "/x", until: 20, every: .every(1))
      #expect(!FileManager.default.fileExists(atPath: folder + "/x/checkpoint"))
      try play(settings, folder + "/x")
      try expectSame(folder + "/whole", folder + "/x", "reader")
    }
  }

  @Test("Checkpoints that are to come after every so many steps do, and none where none are wanted")
  func intervals() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("uniform", steps: 10)
      func steps(_ name: String, _ interval: CheckpointInterval) throws -> [Int?] {
        var found: [Int?] = []
        let path = "\(folder)/\(name)"
        try play(settings, path, resume: false, every: interval) { _ in
          found.append(try? BegunRun(Checkpoint(readingFrom: path + "/" + Checkpoint.file)).steps)
        }
        return found + [try? BegunRun(Checkpoint(readingFrom: path + "/" + Checkpoint.file)).steps]
      }
      #expect(try steps("three", .every(3)) == [nil, nil, nil, 3, 3, 3, 6, 6, 6, 9, 10])
      #expect(try steps("never", .never) == Array(repeating: nil, count: 11))
    }
  }
}

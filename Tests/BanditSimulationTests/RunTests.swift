import BanditCore
import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Runs")
struct RunTests {
  @Test("The same seed gives the same bytes, another seed others")
  func repeatable() throws {
    try withTemporaryDirectory { folder in
      let words = smallSettings + ["thompson=independent"]
      try play(settings("bbb", words, steps: 1_100, seed: 1), into: folder + "/a")
      try play(settings("bbb", words, steps: 1_100, seed: 1), into: folder + "/b")
      try play(settings("bbb", words, steps: 1_100, seed: 2), into: folder + "/c")
      let logs = ["a", "b", "c"].map { "\(folder)/\($0)/regret.csv.gz" }
      #expect(try contents(of: logs[0]) == contents(of: logs[1]))
      #expect(try logText(logs[0]) != logText(logs[2]))
    }
  }

  @Test("The manifest has all settings, and the summary the totals of the last row")
  func files() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("reader", ["actions=0,1,2,2"], environment: "script", steps: 6)
      let summary = try play(settings, into: folder)
      let decoder = JSONDecoder()
      let manifest = try decoder.decode(
        RunManifest.self, from: Data(contents(of: folder + "/manifest.json")))
      #expect(manifest.run == settings)
      #expect(manifest.origin.schemaVersion == 1 && manifest.origin.program == "tests")
      let read = try decoder.decode(RunSummary.self, from: Data(contents(of: folder + "/summary.json")))
      #expect(read == summary)
      #expect(summary.steps == 6 && !summary.interrupted)
      #expect(summary.cumulativeReward == 24 && summary.cumulativeRegret == -8)
      #expect(summary.cumulativeExpectedRegret == 22)
      #expect(summary.counters == ["thirds": 2, "third_rate": 0.5])
      #expect(summary.counterNames == ["thirds", "third_rate"])
      #expect(summary.milestones.map(\.step) == [1, 2, 5, 6])
      #expect(summary.optimiserSteps == 0 && summary.optimiserStepsPerSecond == nil)
    }
  }

  @Test("A learning agent's optimiser steps are counted")
  func optimiserSteps() throws {
    try withTemporaryDirectory { folder in
      let summary = try play(settings("ensemble", smallSettings + ["members=3"], steps: 20), into: folder)
      #expect(summary.optimiserSteps == 20 * 2 * 3)
    }
  }

  @Test("A run that fails keeps its rows and leaves no summary")
  func failing() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("reader", ["actions=0,0,7"], environment: "script", steps: 10)
      #expect(throws: AgentError.self) { try play(settings, into: folder) }
      #expect(try logText(folder + "/regret.csv.gz").split(separator: "\n").count == 3)
      #expect(!FileManager.default.fileExists(atPath: folder + "/summary.json"))
    }
  }
}

@Suite("Run folders")
struct RunDirectoryTests {
  private func problem(_ path: String, overwrite: Bool = false) -> String? {
    do {
      _ = try RunDirectory(creating: path, overwrite: overwrite)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "A folder with any file of a run is refused",
    arguments: ["manifest.json", "regret.csv.gz", "summary.json", "checkpoint/state.safetensors"])
  func refused(file: String) throws {
    try withTemporaryDirectory { folder in
      #expect(problem(folder) == nil)
      try FileManager.default.createDirectory(
        atPath: folder + "/checkpoint", withIntermediateDirectories: true)
      try write("mine", to: "\(folder)/\(file)")
      #expect(
        problem(folder)
          == "\(folder): holds a run already; --resume continues it, --overwrite replaces it, --out DIR takes another folder"
      )
      #expect(try text(of: "\(folder)/\(file)") == "mine")
    }
  }

  @Test("Overwriting replaces the run's files and no other, when the run begins")
  func overwriting() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("uniform", steps: 5)
      func play(overwrite: Bool) throws {
        _ = try Run(Simulation(settings, registry: registry), program: "tests").play(
          into: RunDirectory(creating: folder, overwrite: overwrite, others: ["steps.jsonl.gz"]),
          shouldStop: { false })
      }
      try play(overwrite: false)
      for file in ["notes.txt", "steps.jsonl.gz"] { try write("mine", to: "\(folder)/\(file)") }
      let directory = try RunDirectory(creating: folder, overwrite: true)
      try write("from before", to: directory.checkpointPath)
      try play(overwrite: true)
      #expect(try text(of: folder + "/notes.txt") == "mine")
      // A file of an observer that did not watch the run is somebody else's.
      #expect(try text(of: folder + "/steps.jsonl.gz") == "mine")
      #expect(try text(of: directory.checkpointPath) != "from before")
      #expect(try logText(directory.logPath).split(separator: "\n").count == 6)
    }
  }

  @Test(
    "Overwriting removes nothing that no run has written, and no folder",
    arguments: ["manifest.json", "summary.json", "manifest.json/", "regret.csv.gz/"])
  func foreign(file: String) throws {
    try withTemporaryDirectory { folder in
      let path = "\(folder)/\(file)"
      if file.hasSuffix("/") {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try write("{}", to: path + "mine")
      } else {
        try write("{\"name\": \"a web page\"}", to: path)
      }
      let before = try FileManager.default.subpathsOfDirectory(atPath: folder)
      let error = #expect(throws: RunDirectoryError.self) {
        try RunDirectory(creating: folder, overwrite: true).removeEarlierRun()
      }
      #expect(error?.description.contains("--out DIR takes another folder") == true)
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder) == before)
    }
  }

  @Test("A run whose manifest could not be written is begun again by resuming it")
  func begunAgain() throws {
    try withTemporaryDirectory { folder in
      let inTheWay = folder + "/manifest.json.partial"
      try FileManager.default.createDirectory(atPath: inTheWay, withIntermediateDirectories: true)
      let simulation = try Simulation(try settings("uniform", steps: 5), registry: registry)
      func play(resume: Bool) throws -> Run.Outcome {
        try Run(simulation, program: "tests").play(
          into: RunDirectory(creating: folder, overwrite: false, resume: resume), shouldStop: { false })
      }
      #expect(throws: (any Error).self) { try play(resume: false) }
      try FileManager.default.removeItem(atPath: inTheWay)
      #expect(try play(resume: true).summary.steps == 5)
      #expect(try logText(folder + "/regret.csv.gz").split(separator: "\n").count == 6)
    }
  }

  @Test("Folders are made where they are missing")
  func missing() throws {
    try withTemporaryDirectory { folder in
      #expect(problem(folder + "/a/b/c") == nil)
      #expect(FileManager.default.fileExists(atPath: folder + "/a/b/c"))
    }
  }

  @Test("A number that JSON does not have is told of by its place")
  func infinite() throws {
    try withTemporaryDirectory { folder in
      let directory = try RunDirectory(creating: folder, overwrite: false)
      let error = #expect(throws: RunDirectoryError.self) {
        try directory.write(["sums": [1, Double.infinity]], to: directory.summaryPath)
      }
      #expect(error?.description.contains("'sums.Index 1' is inf") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test("A file in the way, and an empty path, are refused with what to do")
  func inTheWay() throws {
    try withTemporaryDirectory { folder in
      let file = folder + "/file"
      try write("mine", to: file)
      for path in [file, file + "/below", file + "/further/below"] {
        #expect(
          problem(path) == "\(path): cannot be written: '\(file)' is a file; --out DIR takes another folder")
        #expect(problem(path, overwrite: true) == problem(path))
      }
      #expect(problem("") == "--out: names no folder")
    }
  }

  @Test("A folder that is not writable is refused before anything is played")
  func unwritable() async throws {
    // The folder is this process's, so that it can be removed: the other one gives root's rights up for good.
    let folder = FileManager.default.temporaryDirectory.appending(path: "bandit-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(chmod(folder, 0o555) == 0)
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      if getuid() == 0 { #expect(setreuid(65_534, 65_534) == 0) }
      for path in [folder, folder + "/below"] {
        do {
          _ = try RunDirectory(creating: path, overwrite: false)
          Issue.record("\(path) was taken")
        } catch {
          #expect("\(error)".contains("cannot be written"))
          #expect("\(error)".lowercased().contains("permission"))
        }
      }
    }
  }

  @Test("The default name has the environment, the agent and the seed")
  func defaultName() throws {
    func name(_ agent: String, _ assignments: [String] = [], environment: [String: SettingValue] = [:]) throws
      -> String
    {
      var settings = try settings(agent, assignments, steps: 1, seed: 3)
      settings.environmentSettings.merge(environment) { _, new in new }
      return RunDirectory.defaultName(settings, registry: registry)
    }
    #expect(try name("bbb") == "mushroom-bbb-seed3")
    #expect(try name("epsilon-greedy", ["epsilon=0.01"]) == "mushroom-epsilon-greedy-epsilon=0.01-seed3")
    #expect(
      try name("bbb", ["learningRate=1e-3", "batchSize=32"])
        == "mushroom-bbb-batchSize=32-learningRate=0.001-seed3")
    #expect(
      try name("bbb", ["learningRate=0.0001"], environment: ["encoding": .text("drop-first")])
        == "mushroom-encoding=drop-first-bbb-seed3")
    let paths = try ["a/b.csv", "a_b.csv", String(repeating: "x", count: 300)].map {
      try name("uniform", environment: ["file": .text($0)])
    }
    #expect(Set(paths).count == 3 && paths.allSatisfy { $0.count < 120 && !$0.contains("/") })
    #expect(paths[0].hasPrefix("mushroom-file=a_b.csv-") && paths[1] == "mushroom-file=a_b.csv-uniform-seed3")
  }
}

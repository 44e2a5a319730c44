import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Several seeds")
struct SeedsTests {
  private func folder(_ seed: Int) -> String {
    "mushroom-bbb-batchSize=8-hiddenLayers=8-minibatches=2-prefill=50-seed\(seed)"
  }
  private let words = ["--agent", "bbb", "--steps", "60", "--quiet"] + smallSettings

  @Test("Three seeds side by side give the logs of three runs")
  func sideBySide() throws {
    try withTemporaryDirectory { root in
      let together = try simulate(words + ["--seeds", "3", "--jobs", "2", "--out", "all"], in: root)
      #expect(together.status == 0)
      let spread = together.output.split(separator: "\n").last ?? ""
      #expect(spread.hasPrefix("expected regret over 3 seeds: mean ") && spread.contains(", 95 % interval "))
      #expect(try text(of: "\(root)/all/\(folder(1))/manifest.json").contains("\"--seeds\","))
      #expect(try names(in: root + "/all") == [folder(0), folder(1), folder(2)])
      var logs: Set<[UInt8]> = []
      for seed in 0..<3 {
        let single = try simulate(words + ["--seed", "\(seed)", "--out", "single\(seed)"], in: root)
        #expect(single.status == 0)
        let log = try contents(of: "\(root)/single\(seed)/regret.csv.gz")
        #expect(try contents(of: "\(root)/all/\(folder(seed))/regret.csv.gz") == log)
        logs.insert(log)
      }
      #expect(logs.count == 3)
    }
  }

  @Test("A job a core is -1, as a word of its own")
  func aJobACore() throws {
    try withTemporaryDirectory { root in
      let words = ["--agent", "uniform", "--steps", "5", "--quiet", "--seeds", "2", "--jobs", "-1"]
      let result = try simulate(words + ["--out", "all"], in: root)
      #expect(result.status == 0)
      let folders = try names(in: root + "/all")
      #expect(folders == ["mushroom-uniform-seed0", "mushroom-uniform-seed1"])
    }
  }

  @Test("A folder that is taken stops all seeds before the first step")
  func taken() throws {
    try withTemporaryDirectory { root in
      #expect(try simulate(words + ["--seed", "1", "--out", "all/\(folder(1))"], in: root).status == 0)
      let before = try contents(of: "\(root)/all/\(folder(1))/regret.csv.gz")
      let refused = try simulate(words + ["--seeds", "3", "--out", "all"], in: root)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("\(folder(1)): holds a run already"))
      #expect(try contents(of: "\(root)/all/\(folder(1))/regret.csv.gz") == before)
      for seed in [0, 2] {
        #expect(!FileManager.default.fileExists(atPath: "\(root)/all/\(folder(seed))/manifest.json"))
      }
    }
  }

  @Test("A folder that cannot be written stops all seeds before an earlier run is overwritten")
  func blocked() throws {
    try withTemporaryDirectory { root in
      #expect(try simulate(words + ["--seeds", "2", "--out", "all"], in: root).status == 0)
      let before = try contents(of: "\(root)/all/\(folder(0))/regret.csv.gz")
      try write("mine", to: "\(root)/all/\(folder(2))")
      let refused = try simulate(words + ["--seeds", "3", "--out", "all", "--overwrite"], in: root)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("\(folder(2))' is a file"))
      for file in ["manifest.json", "summary.json"] {
        #expect(FileManager.default.fileExists(atPath: "\(root)/all/\(folder(0))/\(file)"))
      }
      #expect(try contents(of: "\(root)/all/\(folder(0))/regret.csv.gz") == before)
      #expect(try text(of: "\(root)/all/\(folder(2))") == "mine")
    }
  }

  /// Waits until something is there.
  @discardableResult
  private func wait<Value>(for value: () -> Value?) throws -> Value {
    for _ in 0..<6_000 {
      if let value = value() { return value }
      Thread.sleep(forTimeInterval: 0.01)
    }
    throw CancellationError()
  }

  private let long = ["--agent", "uniform", "--steps", "60000", "--seeds", "3", "--jobs", "3", "--quiet"]

  @Test(
    "A seed whose process is killed is told of, the others finish, and --resume plays that one alone to its end"
  )
  func oneIsKilled() throws {
    try withTemporaryDirectory { root in
      let words = long + ["--checkpoint-every", "100"]
      let running = try start(words + ["--out", "all", "--json"], in: root)
      let checkpoints = (0..<3).map { "\(root)/all/mushroom-uniform-seed\($0)/checkpoint/state.safetensors" }
      try wait { checkpoints.allSatisfy(FileManager.default.fileExists) ? true : nil }
      kill(try #require(running.children.max()), SIGKILL)
      let result = try running.result()
      #expect(result.status == 1)
      #expect(
        result.errors.contains("its process was ended by signal 9") && result.errors.contains("--resume"))
      let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      #expect((document?["runs"] as? [Any])?.count == 2 && (document?["failed"] as? [Any])?.count == 1)
      let resumed = try simulate(
        words.filter { $0 != "--quiet" } + ["--out", "all", "--resume"], in: root)
      #expect(resumed.status == 0)
      let notes = resumed.errors.split(separator: "\n")
      #expect(notes.count { $0.hasSuffix("was finished before, nothing was played") } == 2)
      #expect(notes.count { $0.contains("resumes after step ") } == 1)
      #expect(try simulate(long + ["--out", "whole"], in: root).status == 0)
      for seed in 0..<3 {
        let log = "mushroom-uniform-seed\(seed)/regret.csv.gz"
        #expect(try contents(of: "\(root)/all/\(log)") == contents(of: "\(root)/whole/\(log)"))
      }
    }
  }

  @Test(
    "Ctrl-C reaches every seed, and a killed parent takes them all", arguments: [SIGINT, SIGHUP, SIGKILL])
  func stopping(signal: Int32) throws {
    try withTemporaryDirectory { root in
      let words = ["--agent", "uniform", "--steps", "1000000000", "--seeds", "3", "--jobs", "2", "--quiet"]
      let running = try start(words + ["--out", "all"], in: root)
      let logs = (0..<2).map { "\(root)/all/mushroom-uniform-seed\($0)/regret.csv.gz" }
      try wait { logs.allSatisfy(FileManager.default.fileExists) ? true : nil }
      let children = running.children
      #expect(children.count == 2)
      running.send(signal)
      // A scheduler may tell every process, and more than once.
      if signal == SIGHUP { for child in children + children { kill(child, SIGTERM) } }
      let result = try running.result()
      #expect(result.status == (signal == SIGKILL ? SIGKILL : 128 + signal))
      try wait { children.allSatisfy { kill($0, 0) != 0 } ? true : nil }
      guard signal != SIGKILL else { return }
      for seed in 0..<2 {
        let summary = try summary(of: "\(root)/all/mushroom-uniform-seed\(seed)")
        #expect(summary.interrupted)
        #expect(
          FileManager.default.fileExists(
            atPath: "\(root)/all/mushroom-uniform-seed\(seed)/checkpoint/state.safetensors"))
      }
    }
  }

  @Test("A seed that fails does not take the others, and the program exits with 1")
  func oneFails() throws {
    try withTemporaryDirectory { root in
      // A link to nowhere is no file of a run, but no log can be created over it.
      let run = "\(root)/all/\(folder(1))"
      try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: run + "/regret.csv.gz", withDestinationPath: "/nowhere")
      let result = try simulate(words + ["--seeds", "3", "--json", "--out", "all"], in: root)
      #expect(result.status == 1)
      #expect(result.errors.hasPrefix("Error: bbb seed 1: all/\(folder(1))/regret.csv.gz: exists already"))
      let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      #expect((document?["runs"] as? [[String: Any]])?.map { $0["seed"] as? Int } == [0, 2])
      #expect((document?["failed"] as? [[String: Any]])?.map { $0["seed"] as? Int } == [1])
      for seed in [0, 2] { #expect(try summary(of: "\(root)/all/\(folder(seed))").steps == 60) }
    }
  }
}

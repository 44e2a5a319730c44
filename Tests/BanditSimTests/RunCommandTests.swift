import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("The program's runs")
struct RunCommandTests {
  @Test("A run leaves its files and shows results on stdout, progress on stderr")
  func leavesFiles() throws {
    try withTemporaryDirectory { folder in
      let result = try simulate(["--agent", "uniform", "--steps", "1234"], in: folder)
      #expect(result.status == 0)
      let run = folder + "/runs/mushroom-uniform-seed0"
      #expect(try names(in: run) == ["checkpoint", "manifest.json", "regret.csv.gz", "summary.json"])
      #expect(try expectWholeRows(logText(run + "/regret.csv.gz")) == 1_234)
      #expect(try summary(of: run).steps == 1_234)
      #expect(result.output.hasPrefix("mushroom, uniform, seed 0: 1,234 steps in "))
      #expect(result.output.contains("log: runs/mushroom-uniform-seed0/regret.csv.gz\n"))
      #expect(!result.output.contains("left"))
      let progress = result.errors.split(separator: "\n")
      #expect(progress.first?.hasPrefix("uniform seed 0: 1/1,234 steps, ") == true)
      #expect(progress.last?.hasPrefix("uniform seed 0: 1,234/1,234 steps, ") == true)
      #expect(progress.allSatisfy { $0.hasSuffix(" left") })
    }
  }

  @Test("A second run into the same folder is refused with what to do, and --overwrite replaces the first")
  func overwrite() throws {
    try withTemporaryDirectory { folder in
      let words = ["--agent", "uniform", "--out", "x", "--quiet"]
      #expect(try simulate(words + ["--steps", "50"], in: folder).status == 0)
      let refused = try simulate(words + ["--steps", "60"], in: folder)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("--overwrite") && refused.errors.contains("--out"))
      #expect(try summary(of: folder + "/x").steps == 50)
      #expect(try simulate(words + ["--steps", "60", "--overwrite"], in: folder).status == 0)
      #expect(try summary(of: folder + "/x").steps == 60)
      #expect(try expectWholeRows(logText(folder + "/x/regret.csv.gz")) == 60)
    }
  }

  @Test("--json gives one JSON document on stdout and nothing else, --quiet leaves stderr empty")
  func json() throws {
    try withTemporaryDirectory { folder in
      let result = try simulate(
        ["--agent", "oracle", "--steps", "20", "--seeds", "2", "--json", "--quiet"], in: folder)
      #expect(result.status == 0 && result.errors == "")
      let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      let runs = try #require(document?["runs"] as? [[String: Any]])
      #expect(runs.map { $0["seed"] as? Int } == [0, 1])
      #expect(runs.allSatisfy { $0["steps"] as? Int == 20 && $0["agent"] as? String == "oracle" })
      #expect(document?["mean_cumulative_expected_regret"] as? Double == 0)
      #expect((document?["failed"] as? [Any])?.isEmpty == true)
    }
  }

  @Test("A manifest reproduces the log's bytes", arguments: [0, 18_446_744_073_709_551_615] as [UInt64])
  func manifest(seed: UInt64) throws {
    try withTemporaryDirectory { folder in
      let words = ["--agent", "bbb", "--steps", "120", "--seed", "\(seed)", "--preset", "paper", "--quiet"]
      #expect(try simulate(words + smallSettings + ["--out", "x"], in: folder).status == 0)
      let again = try simulate(["--config", "x/manifest.json", "--out", "y", "--quiet"], in: folder)
      #expect(again.status == 0)
      #expect(try contents(of: folder + "/x/regret.csv.gz") == contents(of: folder + "/y/regret.csv.gz"))
      #expect(try logText(folder + "/x/regret.csv.gz").split(separator: "\n").count == 121)
    }
  }

  @Test("The words win over the file")
  func configAndWords() throws {
    try withTemporaryDirectory { folder in
      try write(
        "{\"agent\":\"fixed\",\"steps\":30,\"settings\":{\"action\":\"eat\"}}", to: folder + "/c.json")
      let words = ["--config", "c.json", "--set", "action=reject", "--quiet", "--out", "x"]
      #expect(try simulate(words, in: folder).status == 0)
      let result = try summary(of: folder + "/x")
      #expect(result.steps == 30 && result.counters["eating_rate"] == 0)
    }
  }

  @Test("Ten times the steps take no more memory")
  func memory() throws {
    try withTemporaryDirectory { folder in
      let peaks = try [20_000, 200_000].map { steps in
        let words = ["--agent", "uniform", "--steps", "\(steps)", "--quiet", "--out", "\(steps)"]
        #expect(try simulate(words, in: folder).status == 0)
        return try #require(try summary(of: "\(folder)/\(steps)").peakMemoryMebibytes)
      }
      // Keeping a row's 13 numbers would take 18 MiB more.
      #expect(peaks[1] - peaks[0] < 4)
    }
  }
}

import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("The compare command")
struct CompareCommandTests {
  /// Plays 600 steps: three seeds of `uniform` and of `oracle`, one of `fixed`.
  private func play(in folder: String) throws {
    let length = ["--steps", "600", "--quiet"]
    for agent in ["uniform", "oracle"] {
      try simulate(["--agent", agent, "--seeds", "3"] + length, in: folder)
    }
    try simulate(["--agent", "fixed"] + length, in: folder)
  }

  @Test("A folder of runs becomes a table with lines to compare with, differences and verdicts")
  func whole() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let result = try simulate(["compare", "runs", "--at", "100"], in: folder)
      #expect(result.status == 0 && result.errors == "")
      let output = result.output
      #expect(output.contains("mushroom, after 100 steps") && output.contains("mushroom, after 600 steps"))
      let words = output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      let uniform = words.filter { $0.first == "uniform" }
      // In both tables: the group and the line; the oracle is compared with it, not it with the oracle.
      #expect(uniform.count == 4 && output.contains("less uniform"))
      #expect(words.contains { $0.starts(with: ["always", "reject"]) })
      #expect(
        words.contains { $0.first == "fixed" && $0.suffix(6) == ["too", "few", "seeds:", "1", "of", "5"] })
      #expect(
        words.contains { $0.first == "oracle" && $0.suffix(6) == ["too", "few", "seeds:", "3", "of", "5"] })
    }
  }

  @Test("JSON and CSV have the same numbers, and a picture has its data beside it")
  func forms() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let json = try simulate(["compare", "runs", "--json"], in: folder)
      let comparison = try JSONDecoder().decode(Comparison.self, from: Data(json.output.utf8))
      #expect(comparison.reference == "uniform" && comparison.runs.count == 7)
      let csv = try simulate(["compare", "runs", "--csv", "-o", "c.svg"], in: folder)
      let rows = csv.output.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      let column = try #require(rows[0].firstIndex(of: "expected_regret"))
      for (row, standing) in zip(rows.dropFirst(), comparison.tables[0].standings) {
        #expect(String(row[1]) == standing.group && Double(row[column]) == standing.expectedRegret)
      }
      #expect(rows.allSatisfy { $0.count == rows[0].count })
      #expect(csv.errors == "written: c.svg\nwritten: c.csv\n")
      // Both panels have the same groups in the same forms; the reference, at 0, has no interval and no single runs.
      let lines = try text(of: folder + "/c.csv").split(separator: "\n").dropFirst().map(String.init)
      func series(_ panel: String) -> Set<Substring> {
        Set(lines.filter { $0.hasPrefix(panel) }.compactMap { $0.split(separator: "\"").dropFirst().first })
      }
      let regrets = series("cumulative expected regret")
      #expect(
        regrets.isSuperset(of: [
          "oracle, 3 seeds", "oracle, 95 % interval", "oracle, seed 1", "fixed, seed 0",
        ]))
      let differences = series("expected regret less that of uniform")
      #expect(
        differences == regrets.filter { !$0.hasPrefix("uniform, 95") && !$0.hasPrefix("uniform, seed") })
    }
  }

  @Test("The numbers of a difference are the same in a table, in JSON and in CSV, and decide its verdict")
  func verdicts() throws {
    try withTemporaryDirectory { folder in
      for agent in ["uniform", "fixed"] {
        try simulate(["--agent", agent, "--seeds", "10", "--steps", "300", "--quiet"], in: folder)
      }
      let words = ["compare", "runs", "--against", "uniform"]
      let json = try simulate(words + ["--json"], in: folder).output
      let comparison = try JSONDecoder().decode(Comparison.self, from: Data(json.utf8))
      let difference = try #require(comparison.tables[0].differences.first)
      let p = try #require(difference.adjustedPValue)
      #expect(difference.seeds.count == 10 && difference.bcaLower != nil)
      let rows = try simulate(words + ["--csv"], in: folder).output.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      let row = try #require(rows.first { $0[1] == "fixed" })
      let expected: [String: Double?] = [
        "difference": difference.mean, "difference_lower": difference.lower,
        "difference_upper": difference.upper, "correlation": difference.correlation,
        "bca_lower": difference.bcaLower, "bca_upper": difference.bcaUpper, "adjusted_p": p,
        "sign_flip_p": difference.signFlipPValue,
        "adjusted_sign_flip_p": difference.adjustedSignFlipPValue,
      ]
      for (name, value) in expected {
        let column = try #require(rows[0].firstIndex(of: name))
        #expect(Double(row[column]) == value, "\(name)")
      }
      let table = try simulate(words, in: folder).output
      let line = try #require(table.split(separator: "\n").last { $0.hasPrefix("fixed") })
      #expect(line.contains(difference.verdict.rawValue))
      #expect(table.contains("bootstrap (BCa)") && table.contains("sign-flip p"))
      #expect(line.contains(p < 0.001 ? "<0.001" : String(format: "%.3f", p)))
    }
  }

  @Test(
    "Tasks have tables, documents, rows and panels of their own; a copy of a run is left out with a warning")
  func tasks() throws {
    try withTemporaryDirectory { folder in
      for environment in ["mushroom", "curve"] {
        for agent in ["uniform", "fixed"] {
          let words = ["--agent", agent, "--environment", environment, "--seeds", "2", "--steps", "60"]
          try simulate(words + ["--quiet", "--out", "all/\(environment)-\(agent)"], in: folder)
        }
      }
      let copy = "all/mushroom-uniform/mushroom-uniform-seed1"
      try FileManager.default.copyItem(atPath: "\(folder)/\(copy)", toPath: "\(folder)/copy")
      let result = try simulate(["compare", "all", "copy", "-o", "c.svg"], in: folder)
      #expect(result.status == 0)
      #expect(
        result.output.contains("mushroom, after 60 steps") && result.output.contains("curve, after 60 steps"))
      #expect(result.errors.contains("Warning: copy is left out: \(copy) has the same settings and seed"))
      let panels = try text(of: folder + "/c.csv").split(separator: "\n").dropFirst().map {
        $0.prefix { $0 != "," }
      }
      #expect(Set(panels) == ["curve", "curve: differences", "mushroom", "mushroom: differences"])
      let json = try simulate(["compare", "all", "--json"], in: folder).output
      let documents = try JSONDecoder().decode([Comparison].self, from: Data(json.utf8))
      #expect(documents.map(\.task) == ["curve", "mushroom"])
      let rows = try simulate(["compare", "all", "--csv"], in: folder).output.split(separator: "\n")
      #expect(rows[0].hasSuffix(",task") && rows.count { $0.hasSuffix(",curve") } > 2)
      #expect(rows.count { $0.hasSuffix(",mushroom") } > 2)
      let fields = rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
      #expect(Set(fields).count == 1)
    }
  }

  @Test("An agent that is told the truth is refused as the reference")
  func calibration() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let result = try simulate(["compare", "runs", "--against", "oracle"], in: folder)
      #expect(result.status == 64 && result.output == "")
      #expect(
        result.errors.contains("--against: 'oracle' is not allowed; allowed: an agent that is not told"))
    }
  }

  @Test("Of runs that have ended, manifests and summaries give the same table; curves need logs")
  func withoutLogs() throws {
    try withTemporaryDirectory { folder in
      try simulate(["--agent", "uniform", "--steps", "300", "--seeds", "2", "--quiet"], in: folder)
      try simulate(["--agent", "linear-ucb", "--steps", "300", "--seeds", "2", "--quiet"], in: folder)
      let whole = try simulate(["compare", "runs", "--csv"], in: folder)
      for run in try FileManager.default.contentsOfDirectory(atPath: folder + "/runs") {
        try FileManager.default.removeItem(atPath: folder + "/runs/\(run)/regret.csv.gz")
      }
      let bare = try simulate(["compare", "runs", "--csv"], in: folder)
      #expect(whole.status == 0 && bare.status == 0 && bare.output == whole.output)
      #expect(bare.errors.contains("4 runs have no log") && !whole.errors.contains("no log"))
      let earlier = try simulate(["compare", "runs", "--at", "100"], in: folder)
      #expect(earlier.status != 0 && earlier.errors.contains("regret.csv.gz: does not exist"))
    }
  }

  @Test("Groups that differ in many settings are named by preset")
  func presets() throws {
    try withTemporaryDirectory { folder in
      let words = ["--agent", "bbb", "--set", "prefill=8", "--steps", "5", "--quiet"]
      try simulate(words + ["--preset", "tuned"], in: folder)
      try simulate(words + ["--set", "minibatches=1"], in: folder)
      let result = try simulate(["compare", "runs", "--csv"], in: folder)
      let groups = result.output.split(separator: "\n").dropFirst().compactMap {
        $0.split(separator: ",").dropFirst().first
      }
      #expect(groups.prefix(2).sorted() == ["bbb minibatches=1 prefill=8", "bbb preset=tuned prefill=8"])
    }
  }

  @Test("A run that has not ended and one that is stuck are warned of")
  func warnings() throws {
    try withTemporaryDirectory { folder in
      // Ends after its first member of rows, as if killed.
      try simulate(["--agent", "uniform", "--steps", "1200", "--quiet"], in: folder)
      let manifest = folder + "/runs/mushroom-uniform-seed0/manifest.json"
      let longer = try text(of: manifest).replacing("\"steps\" : 1200", with: "\"steps\" : 9000")
      try longer.write(toFile: manifest, atomically: true, encoding: .utf8)
      try simulate(["--agent", "fixed", "--steps", "1500", "--quiet"], in: folder)
      let result = try simulate(["compare", "runs"], in: folder)
      #expect(result.status == 0 && result.output.contains("after 1,200 steps"))
      #expect(result.errors.contains("Warning: runs/mushroom-uniform-seed0 has 1,200 of its 9,000 steps"))
      #expect(result.errors.contains("Warning: compared at 1,200 steps, where the shortest run ends"))
      #expect(!result.errors.contains("stuck"))
    }
  }
}

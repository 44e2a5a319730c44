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
      // In both tables: the group, the line, the difference.
      #expect(uniform.count == 6 && uniform[5].last == "worse")
      #expect(words.contains { $0.starts(with: ["always", "reject"]) })
      #expect(
        words.contains { $0.first == "fixed" && $0.suffix(5) == ["told", "apart", "with", "1", "seed"] })
    }
  }

  @Test("JSON and CSV have the same numbers, and a picture has its data beside it")
  func forms() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let json = try simulate(["compare", "runs", "--json"], in: folder)
      let comparison = try JSONDecoder().decode(Comparison.self, from: Data(json.output.utf8))
      #expect(comparison.reference == "oracle" && comparison.runs.count == 7)
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
      #expect(try text(of: folder + "/c.csv").contains("expected regret less that of oracle"))
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

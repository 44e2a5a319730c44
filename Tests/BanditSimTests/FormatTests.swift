import BanditSimulation
import Foundation
import Testing
import TestSupport

/// Runs of 60 steps as each version left them; `Formats/README.md` says which.
@Suite("What earlier versions left")
struct FormatTests {
  private static let formats = repository + "/Tests/BanditSimTests/Formats"
  /// The settings of the runs; those of the first have the mean of two draws, the default then.
  private static func words(_ format: String) -> [String] {
    let settings = ["hiddenLayers=4", "minibatches=2", "batchSize=8", "bufferSize=32", "prefill=32"]
    return ["--agent", "bbb", "--seed", "3", "--quiet"]
      + (settings + (format == "1" ? ["actionSamples=2"] : [])).flatMap { ["--set", $0] }
  }
  private static let all = ["1", "2", "3", "4"]

  @Test("A run of every version is resumed: the rows it had stay, further ones follow", arguments: all)
  func resumed(format: String) throws {
    try withTemporaryDirectory { folder in
      let run = folder + "/run"
      try FileManager.default.copyItem(atPath: "\(Self.formats)/\(format)", toPath: run)
      let before = try logText(run + "/regret.csv.gz")
      #expect(expectWholeRows(before) == 60)
      let result = try simulate(
        Self.words(format) + ["--steps", "120", "--resume", "--out", "run"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let after = try logText(run + "/regret.csv.gz")
      #expect(after.hasPrefix(before) && expectWholeRows(after) == 120)
      #expect(try summary(of: run).steps == 120)
      let manifest = try text(of: run + "/manifest.json")
      #expect(manifest.contains("resumed_by") == (format != "4"))
      #expect(result.errors.contains("bandit-sim 0.1.0 played its first steps") == (format != "4"))
    }
  }

  @Test("A finished run of every version is believed and left as it is", arguments: all)
  func finished(format: String) throws {
    try withTemporaryDirectory { folder in
      try FileManager.default.copyItem(atPath: "\(Self.formats)/\(format)", toPath: folder + "/run")
      let result = try simulate(
        Self.words(format) + ["--steps", "60", "--resume", "--out", "run"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      for file in ["manifest.json", "regret.csv.gz"] {
        let earlier = try contents(of: "\(Self.formats)/\(format)/\(file)")
        #expect(try contents(of: "\(folder)/run/\(file)") == earlier)
      }
    }
  }

  @Test("A run of every version is compared, drawn, reported, exported and played again", arguments: all)
  func read(format: String) throws {
    try withTemporaryDirectory { folder in
      try FileManager.default.copyItem(atPath: "\(Self.formats)/\(format)", toPath: folder + "/run")
      for words in [
        ["compare", "run"], ["figure", "run", "-o", "run.svg"], ["report", "run", "-o", "run.html"],
        ["export", "run"], ["--config", "run/manifest.json", "--quiet", "--out", "again"],
      ] {
        let result = try simulate(words, in: folder)
        #expect(result.status == 0, "\(words): \(result.errors)")
      }
      #expect(try logText(folder + "/again/regret.csv.gz").split(separator: "\n").count == 61)
    }
  }

  @Test("The next version is another format's: this one has its fixture")
  func current() throws {
    try withTemporaryDirectory { folder in
      #expect(
        try simulate(Self.words("4") + ["--steps", "60", "--out", "run"], in: folder).status == 0)
      for file in ["manifest.json", "summary.json"] {
        let published = try keys("\(Self.formats)/4/\(file)")
        #expect(try keys("\(folder)/run/\(file)") == published)
      }
      let published = try header(Self.formats + "/4")
      #expect(try header(folder + "/run") == published)
    }
  }

  private func keys(_ path: String) throws -> Set<String> {
    let object = try JSONSerialization.jsonObject(with: Data(contents(of: path)))
    return Set(try #require(object as? [String: Any]).keys)
  }

  private func header(_ run: String) throws -> Substring? {
    try logText(run + "/regret.csv.gz").split(separator: "\n").first
  }
}

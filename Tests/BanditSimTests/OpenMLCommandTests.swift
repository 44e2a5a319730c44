import Foundation
import TestSupport
import Testing

@Suite(
  "OpenML's sets, fetched and played",
  .enabled(if: hasProgram("curl") && hasProgram("python3"), "needs curl and python3"))
struct OpenMLCommandTests {
  /// A server of the recorded answers, and how the program is called with a cache of its own.
  private func withServer(
    _ body: (_ server: MirrorServer, _ folder: String, _ simulate: ([String]) throws -> ProgramResult) throws
      -> Void
  ) throws {
    try withTemporaryDirectory { folder in
      let server = try MirrorServer(in: folder)
      defer { #expect(throws: Never.self) { try server.stop() } }
      try RecordedOpenML.serve([61, 40675, 42585], from: "\(folder)/files")
      let start = ["env", "XDG_CACHE_HOME=\(folder)/cache", "no_proxy=127.0.0.1", try program()]
      try body(server, folder) { try run(start + $0, in: folder) }
    }
  }

  @Test("Two sets come from a server, are played, and a run resumes to the same log")
  func playing() throws {
    try withServer { server, folder, simulate in
      for (id, said, note) in [
        (61, "openml:61: iris, 150 rows, 4 columns, classes by class, MD5 as published\n", nil),
        (
          42585, "openml:42585: penguins, 344 rows, 6 columns, classes by species, MD5 as published\n",
          "openml: column culmen_length_mm: 2 of 344 empty; the mean stands in, and a further column marks them\n"
        ),
      ] as [(Int, String, String?)] {
        let fetched = try simulate(["data", "fetch", "openml:\(id)", "--mirror", server.address("good")])
        #expect(fetched.status == 0 && fetched.output == said && fetched.errors == "")
        #expect(try simulate(["data", "verify", "openml:\(id)"]).output == said)
        let words = [
          "--agent", "linear-ucb", "--environment", "openml", "--env-set", "id=\(id)", "--env-set",
          "sampling=permutation",
        ]
        let played = try simulate(words + ["--steps", "120", "--out", "whole\(id)"])
        #expect(played.status == 0)
        if let note { #expect(played.errors.hasPrefix(note)) }
        let log = try logText("\(folder)/whole\(id)/regret.csv.gz")
        #expect(expectWholeRows(log) == 120)
        for steps in ["50", "120"] {
          let part = try simulate(words + ["--steps", steps, "--out", "part\(id)", "--resume", "--quiet"])
          #expect(part.status == 0)
        }
        #expect(try logText("\(folder)/part\(id)/regret.csv.gz") == log)
        let manifest = try text(of: "\(folder)/whole\(id)/manifest.json")
        #expect(
          manifest.contains("openml/\(id)/data.arff") || manifest.contains("openml\\/\(id)\\/data.arff"))
      }
      #expect(try server.requests().count == 6)
      // A set that has changed since does not resume a run.
      let path = "\(folder)/cache/bandit-sim/openml/61/set.json"
      try write(try text(of: path) + " ", to: path)
      let changed = try simulate([
        "--agent", "linear-ucb", "--environment", "openml", "--env-set", "sampling=permutation", "--steps",
        "200",
        "--out", "part61", "--resume",
      ])
      #expect(changed.status != 0 && changed.errors.contains("openml/61/set.json had the SHA-256"))
    }
  }

  @Test("A set that is no bandit, or not there, is told of with the status 1; nothing is kept")
  func refusals() throws {
    try withServer { server, folder, simulate in
      for (id, way, words) in [
        (40675, "good", "openml:40675: its status at OpenML is 'deactivated'; only active sets are used"),
        (61, "refuses", "412; OpenML answers so where it has no such set, or a private one"),
        (61, "login", "the server's answer is damaged, or not one of OpenML's"),
      ] {
        let result = try simulate(["data", "fetch", "openml:\(id)", "--mirror", server.address(way)])
        #expect(
          result.status == 1 && result.output == "" && result.errors.contains(words), "\(result.errors)")
        #expect(try names(in: "\(folder)/cache/bandit-sim/openml") == [".lock"])
      }
      let run = try simulate(["--agent", "uniform", "--environment", "openml", "--steps", "5"])
      #expect(run.status == 1 && run.errors.contains("run 'bandit-sim data fetch openml:61'"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/runs"))
    }
  }
}

import BanditFiles
import Foundation
import TestSupport
import Testing

@Suite(
  "Fetching the Showdown's data",
  .enabled(if: hasProgram("curl") && hasProgram("python3"), "needs curl, python3"))
struct ShowdownFetchTests {
  /// A server of some files, and a folder for the cache.
  private func withServer(
    _ files: [String: [UInt8]], _ body: (_ server: MirrorServer, _ cache: String) throws -> Void
  ) throws {
    try withTemporaryDirectory { folder in
      let server = try MirrorServer(in: folder)
      defer { #expect(throws: Never.self) { try server.stop() } }
      for (name, bytes) in files { try write(bytes, to: "\(folder)/files/\(name)") }
      try body(server, "\(folder)/cache")
    }
  }

  private func simulate(_ words: [String], cache: String) throws -> ProgramResult {
    try run(
      ["env", "-u", "BANDIT_SIM_DATA", "XDG_CACHE_HOME=\(cache)", "no_proxy=127.0.0.1", try program()] + words
    )
  }

  @Test(
    "The shuttle's flights are fetched, found and played",
    .enabled(if: FullShowdown.folder != nil, "\(FullShowdown.need)"))
  func statlog() throws {
    let packed = "\(try #require(FullShowdown.folder))/shuttle.trn.gz"
    let flights = try Gzip.decompress(contents(of: packed), file: packed, limit: 1 << 24)
    try withServer(["shuttle.trn": flights]) { server, cache in
      let result = try simulate(
        ["data", "fetch", "statlog", "--quiet", "--mirror", server.address("truncates")], cache: cache)
      #expect(
        result.output == "statlog: 1 file in \(cache)/bandit-sim/statlog, sizes and SHA-256 as expected\n")
      let played = try simulate(
        [
          "--agent", "uniform", "--environment", "statlog", "--steps", "50", "--quiet", "--out",
          "\(cache)/run",
        ], cache: cache)
      #expect(played.status == 0)
      #expect(expectWholeRows(try logText("\(cache)/run/regret.csv.gz")) == 50)
    }
    try withServer(["shuttle.trn": flights.reversed()]) { server, cache in
      let result = try simulate(
        ["data", "fetch", "statlog", "--quiet", "--mirror", server.address("good")], cache: cache)
      #expect(result.status == 1 && result.errors.contains("their SHA-256 differs"))
      #expect(!FileManager.default.fileExists(atPath: "\(cache)/bandit-sim/statlog/shuttle.trn"))
    }
  }

  @Test("An experiment leaves out data that are not there, and refuses damaged ones")
  func damaged() throws {
    try withTemporaryDirectory { cache in
      let words =
        ["experiment", "run", "showdown", "--quiet", "--set", "steps=2", "--seeds", "1"]
        + ["--set", "agents=uniform"]
      let without = try simulate(words + ["--out", cache + "/a"], cache: cache)
      #expect(without.status == 0)
      #expect(without.output.contains("census"))
      let broken = Array("caseid,dAge,dOccup\n1,2\n".utf8)
      try FileManager.default.createDirectory(
        atPath: cache + "/bandit-sim/census", withIntermediateDirectories: true)
      try write(broken, to: cache + "/bandit-sim/census/USCensus1990.data.txt")
      let damaged = try simulate(words + ["--out", cache + "/b"], cache: cache)
      #expect(damaged.status == 1)
      #expect(damaged.errors.contains("USCensus1990.data.txt, line 2: has 2 fields"))
    }
  }

  @Test("A file of which no sum is known is taken with the sum that the command told")
  func census() throws {
    let text = Array("caseid,dAge,dOccup\n1,2,3\n2,1,4\n".utf8)
    try withServer(["USCensus1990.data.txt": text]) { server, cache in
      let words = ["data", "fetch", "census", "--quiet", "--mirror", server.address("good")]
      let refused = try simulate(words, cache: cache)
      let sum = SHA256.hexadecimal(of: text)
      #expect(refused.status == 1 && refused.errors.contains("run again with --trust \(sum)"))
      let played = ["--agent", "uniform", "--environment", "census", "--steps", "9", "--out", "\(cache)/run"]
      #expect(try simulate(played, cache: cache).status == 1)
      let taken = try simulate(words + ["--trust", sum], cache: cache)
      #expect(taken.status == 0 && taken.output.contains("USCensus1990.data.txt has \(sum)"))
      #expect(try simulate(played, cache: cache).status == 0)
    }
  }
}

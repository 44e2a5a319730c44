import Foundation
import Testing
import TestSupport

@Suite(
  "The command data",
  .enabled(
    if: FullMNIST.folder != nil && hasProgram("curl") && hasProgram("python3"),
    "\(FullMNIST.need), and curl and python3"))
struct DataCommandTests {
  /// A server of MNIST's files, and a folder for the cache.
  private func withServer(_ body: (_ server: MirrorServer, _ cache: String) throws -> Void) throws {
    try withTemporaryDirectory { folder in
      let server = try MirrorServer(in: folder)
      defer { #expect(throws: Never.self) { try server.stop() } }
      let files = "\(try #require(FullMNIST.folder))/mnist"
      for name in try FileManager.default.contentsOfDirectory(atPath: files) where name.hasSuffix(".gz") {
        try FileManager.default.createSymbolicLink(
          atPath: "\(folder)/files/\(name)", withDestinationPath: "\(files)/\(name)")
      }
      try body(server, "\(folder)/cache")
    }
  }

  private func words(_ words: [String], cache: String) throws -> [String] {
    // No proxy of the machine stands between the program and this machine's server.
    ["env", "XDG_CACHE_HOME=\(cache)", "no_proxy=127.0.0.1", try program(), "data"] + words
  }

  @Test("MNIST is fetched with progress, then found, verified and played")
  func fetching() throws {
    try withServer { server, cache in
      let fetch = try words(["fetch", "mnist", "--mirror", server.address("good")], cache: cache)
      let first = try run(fetch)
      let found = "mnist: 4 files in \(cache)/bandit-sim/mnist, sizes and SHA-256 as expected\n"
      #expect(first.status == 0 && first.output == found)
      #expect(first.errors.contains("train-images-idx3-ubyte: "))
      #expect(first.errors.contains(" MB, 50 %\n"))
      let requests = try server.requests().count
      #expect(try run(fetch).output == found)
      #expect(try server.requests().count == requests)
      let verified = try run(words(["verify"], cache: cache))
      #expect(verified.status == 0 && verified.output.contains(found))
      let played = try run([
        "env", "XDG_CACHE_HOME=\(cache)", program(), "--agent", "uniform", "--environment", "mnist",
        "--steps", "50",
        "--out", "\(cache)/run", "--quiet",
      ])
      #expect(played.status == 0)
      #expect(expectWholeRows(try logText("\(cache)/run/regret.csv.gz")) == 50)
    }
  }

  @Test("A fetch that was killed continues where it ended")
  func killed() throws {
    try withServer { server, cache in
      let fetch = try words(
        ["fetch", "mnist", "--quiet", "--mirror", server.address("stalls")], cache: cache)
      let program = try RunningProgram(fetch, in: "/")
      let folder = "\(cache)/bandit-sim/mnist"
      func part() -> Int? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.first { $0.hasSuffix(".part") }.flatMap { try? contents(of: "\(folder)/\($0)").count }
      }
      // The server sends a third of the file and then nothing.
      for _ in 0..<1_000 where part() ?? 0 < 3_000_000 { Thread.sleep(forTimeInterval: 0.02) }
      program.send(SIGKILL)
      #expect(try !program.result().exited)
      let kept = try #require(part())
      #expect(kept >= 3_000_000)
      let rest = try run(fetch)
      #expect(rest.status == 0)
      #expect(
        try server.requests().prefix(2) == [
          "/stalls/train-images-idx3-ubyte.gz whole", "/stalls/train-images-idx3-ubyte.gz bytes=\(kept)-",
        ])
    }
  }

  @Test("Where nothing can be downloaded, every source's answer is told, and the status is 1")
  func nowhere() throws {
    try withServer { server, cache in
      let result = try run(
        words(["fetch", "fashion-mnist", "--mirror", server.address("missing")], cache: cache))
      // The Debian package may be on this machine.
      if FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist") {
        #expect(result.status == 0)
      } else {
        #expect(result.status == 1 && result.output == "")
        #expect(result.errors.contains("404"))
        #expect(result.errors.contains("set BANDIT_SIM_DATA to a folder that has the files"))
      }
    }
  }
}

import Foundation
import Testing
import TestSupport

@Suite("The command evaluate")
struct EvaluateCommandTests {
  /// The path of a log of uniform play.
  private func log(in folder: String, steps: Int) throws -> String {
    let played = try simulate(
      ["--agent", "uniform", "--steps", "\(steps)", "--log-interactions", "--quiet", "--out", "log"],
      in: folder)
    try #require(played.status == 0, "\(played.errors)")
    return "log/interactions.jsonl.gz"
  }

  @Test("A program of one's own is judged by its name, and told its settings")
  func program() throws {
    try withTemporaryDirectory { folder in
      let agent = try roundRobin(in: folder)
      let words = ["evaluate", try log(in: folder, steps: 2_000), "--json", "--quiet", "--policy"]
      let short = try simulate(words + [agent, "--set", "enough=1"], in: folder)
      let long = try simulate(
        words + ["exec", "--set", "program=./round_robin", "--set", "settings=enough=1"], in: folder)
      #expect(short.status == 0 && long.status == 0, "\(short.errors)\(long.errors)")
      #expect(
        short.output.replacing(agent, with: "exec") == long.output
          && short.output.contains("ips"))
      let missing = try simulate(words + ["exec:./none"], in: folder)
      #expect(missing.status == 64 && missing.errors.contains("./none"), "\(missing.errors)")
    }
  }

  @Test("Ctrl-C ends it at once, without half a table")
  func interrupted() throws {
    try withTemporaryDirectory { folder in
      let words = ["evaluate", try log(in: folder, steps: 2_000), "--policy", "bbb"]
      let running = try start(words + ["--set", "minibatches=10000"], in: folder)
      Thread.sleep(forTimeInterval: 0.5)
      running.send(SIGINT)
      let result = try running.result()
      #expect(!result.exited && result.status == SIGINT)
      #expect(result.output.isEmpty && result.errors.isEmpty, "\(result.output)\(result.errors)")
    }
  }
}

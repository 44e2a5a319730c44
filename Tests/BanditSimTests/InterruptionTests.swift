import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Runs that are stopped")
struct InterruptionTests {
  private let endless = ["--agent", "uniform", "--steps", "1000000000", "--quiet", "--out", "x"]

  /// Waits until a run has written members of its log.
  private func waitForLog(_ path: String, bytes: Int = 20_000) throws {
    for _ in 0..<12_000 {
      let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
      if let size, size >= bytes { return }
      Thread.sleep(forTimeInterval: 0.005)
    }
    throw CancellationError()
  }

  @Test(
    "Ctrl-C, a plain kill and a closed terminal end a run with a whole log and a summary, two kills as well",
    arguments: [[SIGINT], [SIGTERM], [SIGHUP], [SIGTERM, SIGTERM], [SIGHUP, SIGTERM], [SIGTERM, SIGINT]])
  func interrupted(signals: [Int32]) throws {
    try withTemporaryDirectory { folder in
      let running = try start(endless, in: folder)
      try waitForLog(folder + "/x/regret.csv.gz")
      for signal in signals { running.send(signal) }
      let result = try running.result()
      // Of signals that come in one instant the system delivers the one of the lower number first.
      #expect(result.exited && signals.map { 128 + $0 }.contains(result.status))
      #expect(result.output.contains("(interrupted)"))
      let summary = try summary(of: folder + "/x")
      #expect(summary.interrupted)
      #expect(try expectWholeRows(logText(folder + "/x/regret.csv.gz")) == summary.steps)
      #expect(summary.milestones.last?.step == summary.steps)
    }
  }

  @Test("A signal that a program was started to ignore stays ignored")
  func ignored() throws {
    try withTemporaryDirectory { folder in
      let words = ["bash", "-c", "trap '' HUP; exec \"$@\"", "bash", try program()] + endless
      let running = try RunningProgram(words, in: folder)
      try waitForLog(folder + "/x/regret.csv.gz")
      running.send(SIGHUP)
      Thread.sleep(forTimeInterval: 0.2)
      running.send(SIGTERM)
      #expect(try running.result().status == 128 + SIGTERM)
    }
  }

  @Test("A second Ctrl-C ends a run that does not come to its next step")
  func twice() throws {
    try withTemporaryDirectory { folder in
      for (index, first) in [SIGINT, SIGTERM].enumerated() {
        // Random play before the first step asks nobody whether to stop.
        let words = ["--agent", "epsilon-greedy", "--set", "prefill=10000000", "--set", "bufferSize=1"]
        let running = try start(words + ["--out", "\(index)"], in: folder)
        try waitForLog("\(folder)/\(index)/manifest.json", bytes: 0)
        Thread.sleep(forTimeInterval: 0.5)
        for signal in [first, SIGTERM, SIGINT] {
          running.send(signal)
          Thread.sleep(forTimeInterval: 0.05)
        }
        if first == SIGTERM { running.send(SIGINT) }
        let result = try running.result()
        #expect(!result.exited && result.status == SIGINT)
      }
    }
  }

  @Test(
    "A stop ends a step, and the random play before the first, that takes long; the run is resumed from before it",
    arguments: [
      "bbb --set minibatches=100000", "bbb --set actionSamples=100000",
      "epsilon-greedy --set minibatches=100000",
      "ensemble --set minibatches=100000 --set members=2", "epsilon-greedy --set prefill=10000000",
    ])
  func longStep(words: String) throws {
    try withTemporaryDirectory { folder in
      let words = ["--agent"] + words.split(separator: " ").map(String.init) + ["--quiet", "--out", "x"]
      let running = try start(
        words + (words.contains { $0.hasPrefix("prefill") } ? [] : ["--set", "prefill=100"]), in: folder)
      try waitForLog(folder + "/x/manifest.json", bytes: 1)
      running.send(SIGINT)
      let result = try running.result()
      #expect(result.exited && result.status == 130)
      let summary = try summary(of: folder + "/x")
      #expect(summary.interrupted && summary.steps < 10)
      #expect(try expectWholeRows(logText(folder + "/x/regret.csv.gz")) == summary.steps)
    }
  }

  /// Delays in seconds from a fixed seed.
  private func delays(_ count: Int) -> [Double] {
    var state: UInt64 = 2_026
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 0.01 + 0.09 * Double(state >> 33) / 0x1p31
    }
  }

  private static let wholeMembers = """
    import sys, zlib
    data = open(sys.argv[1], 'rb').read()
    while data:
        member = zlib.decompressobj(31)
        text = member.decompress(data)
        if not member.eof:
            break
        sys.stdout.write(text.decode())
        data = member.unused_data
    """

  private static let agents = [("bbb", 150), ("ensemble", 120), ("uniform", 20_000)]

  @Test("A run killed at any instants is resumed to the log of a run that was not", arguments: agents)
  func resumed(agent: String, steps: Int) throws {
    try withTemporaryDirectory { folder in
      let words =
        ["--agent", agent, "--steps", "\(steps)", "--quiet"] + (agent == "uniform" ? [] : smallSettings)
      let began = ContinuousClock.now
      #expect(try simulate(words + ["--out", "whole"], in: folder).status == 0)
      let time = (ContinuousClock.now - began) / .seconds(1)
      let resuming = words + ["--out", "killed", "--resume", "--checkpoint-every", "\(steps / 50)"]
      for delay in delays(5) {
        let running = try start(resuming, in: folder)
        Thread.sleep(forTimeInterval: 5 * delay * time)
        running.send(SIGKILL)
        _ = try running.result()
      }
      #expect(try simulate(resuming, in: folder).status == 0)
      let logs = ["whole", "killed"].map { "\(folder)/\($0)/regret.csv.gz" }
      #expect(try contents(of: logs[0]) == contents(of: logs[1]))
    }
  }

  @Test("After kill -9 at any instant, every finished member is whole rows in order")
  func killed() throws {
    let hasPython = hasProgram("python3")
    if !hasPython { skip("no python3 to read a torn log with") }
    try withTemporaryDirectory { folder in
      var most = 0
      for (index, delay) in delays(20).enumerated() {
        let words = ["--agent", "uniform", "--steps", "1000000000", "--quiet", "--out", "\(index)"]
        let running = try start(words, in: folder)
        let path = "\(folder)/\(index)/regret.csv.gz"
        // Half of the kills may come before the first flush; the others come after it, however slow the machine.
        if index.isMultiple(of: 2) { try waitForLog(path) }
        Thread.sleep(forTimeInterval: delay)
        running.send(SIGKILL)
        #expect(try !running.result().exited)
        guard FileManager.default.fileExists(atPath: path) else { continue }
        let zcat = try run(["zcat", path])
        // A kill inside the system's write may leave the start of one more member behind the whole ones.
        let whole = hasPython ? try run(["python3", "-c", Self.wholeMembers, path]).output : zcat.output
        let rows = expectWholeRows(whole)
        #expect(rows % 1_000 == 0)
        #expect(zcat.output.hasPrefix(whole))
        if zcat.status == 0 { #expect(zcat.output == whole) }
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/\(index)/summary.json"))
        most = max(most, rows)
      }
      #expect(most >= 1_000)
    }
  }
}

import BanditTraining
import BanditSimulation
import BanditLaboratory
import Foundation
import Testing
import TestSupport

@Suite("The program's experiments")
struct ExperimentCommandTests {
  private let small = [
    "hiddenLayers=8", "epochs=4", "trainingPoints=64", "testPoints=40", "scoreDraws=20", "bandDraws=20",
  ]
  .flatMap { ["--set", $0] }

  @Test("An experiment shows its tables on stdout, its progress on stderr, and leaves its files")
  func runs() throws {
    try withTemporaryDirectory { folder in
      let result = try simulate(
        ["experiment", "run", "regression-noise", "--seeds", "2"] + small, in: folder)
      #expect(result.status == 0)
      let path = folder + "/experiments/regression-noise"
      var expected = ["figures", "manifest.json", "results.md", "summary.json"]
      expected += ["0.01", "0.1", "1"].flatMap { noise in (0...1).map { "sigma-\(noise)-seed\($0)" } }
      #expect(try names(in: path) == expected.sorted())
      #expect(result.output.hasPrefix("Likelihood noise, 2 seed(s)\n"))
      #expect(result.output.hasSuffix("; files: experiments/regression-noise\n"))
      let progress = result.errors.split(separator: "\n")
      #expect(progress.contains { $0.contains("6 of 6 parts done, 100 %") })
      #expect(progress.allSatisfy { $0.hasPrefix("regression-noise: ") && $0.hasSuffix(" left") })
      #expect(try names(in: path + "/sigma-1-seed1").contains("model.safetensors"))
    }
  }

  @Test("A value of a sweep that is the default's is no further run, and has its row all the same")
  func sharedRuns() throws {
    try withTemporaryDirectory { folder in
      let settings = ["steps=20", "sigma1=0.5,1", "learningRates=1e-4"].flatMap { ["--set", $0] }
      let words = ["experiment", "run", "mushroom", "--quiet", "--json", "--out", "x"]
      let result = try simulate(words + settings, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let runs = try names(in: folder + "/x").filter { $0.hasSuffix("-seed0") }
      let agents = ["bbb", "bbb-priorSigma1-0.5", "epsilon-1", "epsilon-5", "greedy"]
      #expect(runs == agents.map { $0 + "-seed0" }.sorted())
      let rows = try JSONDecoder().decode(ExperimentSummary.self, from: Data(result.output.utf8)).tables[0]
        .rows
      #expect(rows.count == 7)
      #expect(rows[0].dropFirst() == rows[4].dropFirst() && rows[0].dropFirst() == rows[6].dropFirst())
    }
  }

  @Test("--json gives one JSON document and --quiet an empty stderr; --overwrite replaces an experiment")
  func json() throws {
    try withTemporaryDirectory { folder in
      let words = ["experiment", "run", "priors", "--scale", "quick", "--quiet", "--out", "x"]
      let result = try simulate(words + ["--json"], in: folder)
      #expect(result.status == 0 && result.errors == "")
      let summary = try JSONDecoder().decode(ExperimentSummary.self, from: Data(result.output.utf8))
      #expect(summary.experiment == "priors" && summary.tables.count == 1)
      let refused = try simulate(words, in: folder)
      #expect(refused.status == 1 && refused.errors.contains("--overwrite"))
      #expect(try simulate(words + ["--overwrite"], in: folder).status == 0)
    }
  }

  @Test("Without a terminal too, the time left is said long before the first tenth")
  func timeLeft() throws {
    try withTemporaryDirectory { folder in
      let running = try start(
        ["experiment", "run", "regression-noise", "--jobs", "1", "--out", "x"] + small
          + ["--set", "epochs=1000000"], in: folder)
      for _ in 0..<12_000 where try running.errors.isEmpty { Thread.sleep(forTimeInterval: 0.005) }
      running.send(SIGINT)
      let lines = try running.result().errors.split(separator: "\n")
      let first = try #require(lines.first)
      #expect(first.contains(/, 0 of 3 parts done, \d %, .* left$/))
      // The part that was broken off is not done.
      #expect(!lines.contains { $0.contains("1 of 3 parts done") })
    }
  }

  @Test("Ctrl-C ends an experiment with 130 and whole files")
  func interrupted() throws {
    try withTemporaryDirectory { folder in
      let running = try start(
        ["experiment", "run", "regression-noise", "--jobs", "1", "--quiet", "--out", "x"] + small
          + ["--set", "epochs=1000000"], in: folder)
      let log = folder + "/x/sigma-0.01-seed0/metrics.csv.gz"
      for _ in 0..<12_000 where ((try? contents(of: log))?.count ?? 0) < 1_000 {
        Thread.sleep(forTimeInterval: 0.005)
      }
      running.send(SIGINT)
      let result = try running.result()
      #expect(result.exited && result.status == 130)
      #expect(result.output == "" && result.errors.contains("interrupted"))
      let rows = try logText(log)
      #expect(rows.hasPrefix("epoch,") && rows.hasSuffix("\n"))
      let summary = try JSONDecoder().decode(
        FitSummary.self, from: Data(contents(of: folder + "/x/sigma-0.01-seed0/summary.json")))
      #expect(summary.end == .interrupted && summary.epochs == rows.split(separator: "\n").count - 1)
      #expect(try !names(in: folder + "/x").contains("summary.json"))
    }
  }

  /// Runs of a million steps, waited for until the first has written some of its log.
  private func playingShowdown(in folder: String) throws -> RunningProgram {
    let words = ["environments=mushroom", "agents=linear-thompson", "steps=1000000"]
    let running = try start(
      ["experiment", "run", "showdown", "--jobs", "1", "--quiet", "--out", "x"]
        + words.flatMap { ["--set", $0] }, in: folder)
    let log = folder + "/x/mushroom-epsilon-greedy-seed0/manifest.json"
    for _ in 0..<12_000 where !FileManager.default.fileExists(atPath: log) {
      Thread.sleep(forTimeInterval: 0.005)
    }
    return running
  }

  @Test("A run of an experiment that crashes is an error that names it")
  func crash() throws {
    try withTemporaryDirectory { folder in
      let running = try playingShowdown(in: folder)
      for child in running.children { kill(child, SIGKILL) }
      let result = try running.result()
      #expect(result.exited && result.status == 1)
      #expect(result.errors.contains("x/mushroom-epsilon-greedy-seed0: its process was ended by signal 9"))
      #expect(result.errors.contains("--resume continues"))
    }
  }

  @Test("A stop reaches the processes of an experiment's runs, which leave whole files")
  func stoppedRun() throws {
    try withTemporaryDirectory { folder in
      let running = try playingShowdown(in: folder)
      running.send(SIGTERM)
      let result = try running.result()
      #expect(result.exited && result.status == 128 + SIGTERM)
      #expect(try summary(of: folder + "/x/mushroom-epsilon-greedy-seed0").interrupted)
      #expect(try !names(in: folder + "/x").contains("summary.json"))
    }
  }
}

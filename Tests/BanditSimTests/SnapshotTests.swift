import Foundation
import Testing
import TestSupport

/// The program's words, compared byte by byte with the files in `Snapshots`.
///
/// `BANDIT_SIM_RECORD_SNAPSHOTS=1 swift test -c release --filter BanditSimTests` writes the files anew; read the
/// difference before committing it. `make docs` writes `list.txt`, the snapshot of names. A component that differs from
/// others in its words alone needs no snapshot of `describe`.
@Suite("Help and error texts")
struct SnapshotTests {
  private static let helps = [
    "help": ["--help"], "help-run": ["run", "--help"], "help-list": ["list", "--help"],
    "help-describe": ["describe", "--help"], "help-figure": ["figure", "--help"],
    "help-report": ["report", "--help"],
    "help-export": ["export", "--help"],
    "help-compare": ["compare", "--help"], "help-data": ["data", "--help"],
    "help-data-verify": ["data", "verify", "--help"], "version": ["--version"], "list": ["list"],
    "data": ["data"], "help-data-check": ["data", "check", "--help"],
    "data-verify": ["data", "verify", "mushroom"], "help-data-fetch": ["data", "fetch", "--help"],
    "help-sweep": ["sweep", "--help"], "help-sweep-plan": ["sweep", "plan", "--help"],
    "help-sweep-run": ["sweep", "run", "--help"], "help-sweep-status": ["sweep", "status", "--help"],
    "help-sweep-table": ["sweep", "table", "--help"], "help-sweep-commands": ["sweep", "commands", "--help"],
    "help-sweep-submit": ["sweep", "submit", "--help"],
    "help-data-contexts": ["data", "contexts", "--help"], "help-evaluate": ["evaluate", "--help"],
    "describe-wheel": ["describe", "wheel"], "describe-adult": ["describe", "adult"],
    "describe-drift": ["describe", "drift"], "describe-delay": ["describe", "delay"],
    "describe-bbb": ["describe", "bbb"],
    "describe-epsilon-greedy": ["describe", "epsilon-greedy"], "describe-ensemble": ["describe", "ensemble"],
    "describe-boltzmann": ["describe", "boltzmann"], "describe-bootstrap": ["describe", "bootstrap"],
    "describe-dropout": ["describe", "dropout"], "describe-neural-linear": ["describe", "neural-linear"],
    "describe-linear-thompson": ["describe", "linear-thompson"],
    "describe-linear-ucb": ["describe", "linear-ucb"],
    "describe-uniform": ["describe", "uniform"], "describe-fixed": ["describe", "fixed"],
    "help-experiment": ["experiment", "--help"], "help-experiment-run": ["experiment", "run", "--help"],
    "describe-regression": ["describe", "regression"],
    "describe-regression-noise": ["describe", "regression-noise"],
    "describe-regression-priors": ["describe", "regression-priors"],
    "describe-regression-lrt": ["describe", "regression-lrt"],
    "describe-regression-hmc": ["describe", "regression-hmc"], "describe-priors": ["describe", "priors"],
    "describe-mnist-weights": ["describe", "mnist-weights"],
    "describe-mnist-pruning": ["describe", "mnist-pruning"],
    "describe-mnist-calibration": ["describe", "mnist-calibration"],
    "describe-mnist-adversarial": ["describe", "mnist-adversarial"],
    "describe-mnist-ensemble": ["describe", "mnist-ensemble"],
    "describe-cubic": ["describe", "cubic"], "describe-spiral": ["describe", "spiral"],
    "describe-oracle": ["describe", "oracle"], "describe-mushroom": ["describe", "mushroom"],
    "describe-classification": ["describe", "classification"], "describe-mnist": ["describe", "mnist"],
    "describe-curve": ["describe", "curve"],
    "describe-exec": ["describe", "exec"], "help-check-agent": ["check-agent", "--help"],
    "describe-openml": ["describe", "openml"],
  ]

  /// Mistakes of usage: nothing is played, nothing is left, the exit code is 64.
  private static let usageErrors = [
    "no-agent": [], "unknown-agent": ["--agent", "bb"],
    "unknown-environment": ["--agent", "bbb", "--environment", "mush"],
    "unknown-setting": ["--agent", "bbb", "--set", "lerningRate=1"],
    "unknown-environment-setting": ["--agent", "bbb", "--env-set", "encodin=full"],
    "unknown-preset": ["--agent", "bbb", "--preset", "papr"],
    "no-presets": ["--agent", "uniform", "--preset", "paper"],
    "unknown-command": ["lst"], "unknown-kind": ["list", "agent"], "unknown-name": ["describe", "bbbb"],
    "bad-openml": ["data", "fetch", "openml:iris"],
    "unknown-data": ["data", "verify", "mushrooms"], "unknown-fetch": ["data", "fetch", "minst"],
    "no-fetch": ["data", "fetch"], "bad-mirror": ["data", "fetch", "mnist", "--mirror", "mirror.org"],
    "bad-trust": ["data", "fetch", "census", "--trust", "1234"],
    "bad-inner-setting": ["--agent", "uniform", "--environment", "drift", "--env-set", "ofSet=dleta=0.5"],
    "bad-costs": [
      "--agent", "uniform", "--environment", "classification", "--env-set", "costs=0,1/1",
    ],
    "bad-columns": [
      "--agent", "uniform", "--environment", "classification", "--env-set", "columns=odour",
    ],
    "bad-places": ["--agent", "uniform", "--environment", "curve", "--env-set", "places=1"],
    "no-program": ["--agent", "exec"], "missing-program": ["--agent", "exec:./none.py"],
    "bad-child-timeout": ["--agent", "exec:true", "--child-timeout", "0"],
    "unknown-option": ["--agent", "uniform", "--overwite"],
    "unknown-action": ["--agent", "fixed", "--set", "action=eatt"],
    "bad-boolean-choice": ["--agent", "bbb", "--set", "thompson=share"],
    "bad-integer": ["--agent", "bbb", "--set", "batchSize=many"],
    "bad-integers": ["--agent", "bbb", "--set", "hiddenLayers=100;100"],
    "bad-number": ["--agent", "bbb", "--set", "learningRate=nan"],
    "bad-range": ["--agent", "bbb", "--set", "learningRate=-1"],
    "bad-memory": ["--agent", "bbb", "--set", "batchSize=100000000000"],
    "bad-combination": ["--agent", "bbb", "--set", "kl=analytic"],
    "no-value": ["--agent", "bbb", "--set", "learningRate"],
    "bad-environment-value": ["--agent", "bbb", "--env-set", "encoding=ful"],
    "bad-steps": ["--agent", "uniform", "--steps", "0"],
    "bad-steps-text": ["--agent", "uniform", "--steps", "many"],
    "bad-seed": ["--agent", "uniform", "--seed=-1"], "bad-seeds": ["--agent", "uniform", "--seeds", "0"],
    "too-many-seeds": ["--agent", "uniform", "--seeds", "9223372036854775807"],
    "last-seed": ["--agent", "uniform", "--seed", "18446744073709551615", "--seeds", "2"],
    "negative-steps": ["--agent", "uniform", "--steps", "-5"],
    "bad-jobs": ["--agent", "uniform", "--jobs", "0"], "empty-folder": ["--agent", "uniform", "--out", ""],
    "truncated-config": ["--config", "truncated.json"], "unknown-config-key": ["--config", "key.json"],
    "unknown-experiment": ["experiment", "run", "regresion"], "no-experiment": ["experiment", "run"],
    "unknown-experiment-setting": ["experiment", "run", "regression", "--set", "epoch=3"],
    "unknown-experiment-preset": ["experiment", "run", "spiral", "--preset", "papr"],
    "no-experiment-presets": ["experiment", "run", "priors", "--preset", "paper"],
    "bad-experiment-range": ["experiment", "run", "regression", "--set", "members=0"],
    "no-models": ["experiment", "run", "mnist-pruning"],
    "unknown-mnist-model": ["experiment", "run", "mnist", "--set", "models=bnn-gausian"],
    "bad-scale": ["experiment", "run", "regression", "--scale", "quik"],
    "bad-config-type": ["--config", "type.json"],
    "export-no-run": ["export"], "export-bad-name": ["export", "old", "-o", "a.pt"],
    "bad-checkpoint-every": ["--agent", "uniform", "--checkpoint-every=-1"],
    "resume-and-overwrite": ["--agent", "uniform", "--resume", "--overwrite"],
    "figure-no-runs": ["figure"], "figure-no-run": ["figure", "old"], "figure-no-folder": ["figure", "none"],
    "figure-bad-format": ["figure", "old", "-o", "a.jpg"],
    "compare-no-run": ["compare", "old"], "compare-two-forms": ["compare", "old", "--json", "--csv"],
    "compare-bad-format": ["compare", "old", "-o", "a.jpg"],
    "sweep-no-file": ["sweep", "plan"], "sweep-bad-key": ["sweep", "plan", "key.json"],
    "sweep-no-out": ["sweep", "run", "key.json"], "sweep-no-folder": ["sweep", "status", "old"],
    "figure-bad-axis": ["figure", "old", "--axis", "cubic"],
    "format-alone": ["--agent", "uniform", "--format", "vw"],
    "evaluate-bad-estimator": ["evaluate", "log.vw", "--policy", "uniform", "--estimators", "isp"],
    "evaluate-bad-columns": ["evaluate", "log.vw", "--policy", "uniform", "--columns", "cost=c"],
    "evaluate-bad-rewards": ["evaluate", "log.vw", "--policy", "uniform", "--rewards", "1,0"],
    "evaluate-outside-rewards": ["evaluate", "log.vw", "--policy", "uniform", "--rewards", "-3,-2"],
    "evaluate-no-propensities": ["evaluate", "log.vw", "--policy", "uniform"],
    "evaluate-oracle": ["evaluate", "log.vw", "--policy", "oracle", "--estimators", "dm"],
  ]

  /// What is wrong with the world rather than with the words: the exit code is 1.
  private static let failures = [
    "missing-config": ["--config", "none.json"],
    "missing-table": ["--agent", "uniform", "--environment", "classification", "--env-set", "file=none.csv"],
    "one-class": [
      "--agent", "uniform", "--environment", "classification", "--env-set", "labelColumn=1", "--env-set",
      "file=one-class.csv",
    ], "folder-as-config": ["--config", "."],
    "file-in-the-way": ["--agent", "uniform", "--out", "key.json"],
    "experiment-in-the-way": ["experiment", "run", "priors", "--out", "old"],
    "export-missing": ["export", "old"],
    "resume-without-manifest": ["--agent", "uniform", "--out", "old", "--resume"],
    "run-in-the-way": ["--agent", "uniform", "--out", "old"],
    "evaluate-missing": ["evaluate", "none.vw", "--policy", "uniform"],
    "evaluate-no-log": ["evaluate", "key.json", "--policy", "uniform"],
  ]

  @Test("Help, lists and descriptions are as committed", arguments: helps.keys.sorted())
  func help(name: String) throws {
    let result = try simulate(try #require(Self.helps[name]))
    #expect(result.status == 0 && result.errors == "")
    try expectSnapshot(result.output, name)
  }

  @Test("The list of a kind is its section of the whole list")
  func sections() throws {
    let sections = try ["agents", "environments", "presets", "experiments", "data", "observers"].map { kind in
      let rows = try simulate(["list", kind]).output.split(separator: "\n")
      #expect(!rows.isEmpty)
      return "\(kind)\n" + rows.map { "  \($0)\n" }.joined()
    }
    #expect(try sections.joined(separator: "\n") == simulate(["list"]).output)
    // The experiments' own list has a head and times beside the names.
    func names(_ output: String) -> [Substring] {
      output.split(separator: "\n").compactMap { $0.split(separator: " ").first }
    }
    let own = try names(simulate(["experiment"]).output)
    #expect(try own.dropFirst().dropLast() == names(simulate(["list", "experiments"]).output)[...])
  }

  @Test(
    "A mistake of usage is explained, ends with 64 and leaves nothing", arguments: usageErrors.keys.sorted())
  func usageError(name: String) throws {
    try expectError(try #require(Self.usageErrors[name]), status: 64, snapshot: "error-\(name)")
  }

  @Test("A failure is explained, ends with 1 and leaves nothing", arguments: failures.keys.sorted())
  func failure(name: String) throws {
    try expectError(try #require(Self.failures[name]), status: 1, snapshot: "error-\(name)")
  }

  @Test("Every snapshot belongs to a test")
  func orphans() throws {
    let errors = Array(Self.usageErrors.keys) + Array(Self.failures.keys)
    let expected = Array(Self.helps.keys) + errors.map { "error-\($0)" }
    #expect(try names(in: Self.folder.path) == expected.map { "\($0).txt" }.sorted())
  }

  private func expectError(_ words: [String], status: Int32, snapshot: String) throws {
    try withTemporaryDirectory { folder in
      try write("{\"agent\": \"unif", to: folder + "/truncated.json")
      try write("{\"agnt\": \"uniform\"}", to: folder + "/key.json")
      try write("{\"agent\": \"uniform\", \"steps\": \"5\"}", to: folder + "/type.json")
      try FileManager.default.createDirectory(atPath: folder + "/old", withIntermediateDirectories: true)
      try write("{}", to: folder + "/old/summary.json")
      try write("class,x\na,1\na,2\n", to: folder + "/one-class.csv")
      try write("1:0 | a\n2:1 | b\n", to: folder + "/log.vw")
      let before = try names(in: folder)
      let result = try simulate(words, in: folder)
      #expect(result.exited && result.status == status)
      #expect(result.output == "")
      try expectSnapshot(withoutNames(result.errors), snapshot)
      #expect(try names(in: folder) == before)
    }
  }

  /// The text with each kind's names, where all of them stand, replaced by the kind: a new name changes one snapshot.
  private func withoutNames(_ text: String) throws -> String {
    guard text.contains("llowed: ") else { return text }
    return try ["agents", "environments", "experiments"].reduce(text) { text, kind in
      let rows = try simulate(["list", kind]).output.split(separator: "\n")
      let names = rows.compactMap { $0.split(separator: " ").first }.joined(separator: ", ")
      return text.replacing(names, with: "<\(kind)>")
    }
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Snapshots")

  private func expectSnapshot(_ output: String, _ name: String) throws {
    let path = Self.folder.appending(path: "\(name).txt").path
    if ProcessInfo.processInfo.environment["BANDIT_SIM_RECORD_SNAPSHOTS"] == "1" {
      try write(output, to: path)
    }
    #expect(try output == text(of: path), "\(name) differs")
  }
}

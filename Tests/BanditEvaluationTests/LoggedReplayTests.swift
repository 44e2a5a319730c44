import BanditAgents
import BanditCore
import BanditEnvironments
import BanditFiles
import BanditNumerics
import BanditSimulation
import BanditTesting
import Foundation
import Testing
import TestSupport

@testable import BanditEvaluation

@Suite("Replay of a log as an environment")
struct LoggedReplayTests {
  private static let registry = Registry(
    agents: BuiltInAgents.all, environments: BuiltInEnvironments.all + [LoggedReplay.self])

  private func settings(
    _ agent: String, _ environment: String, steps: Int, seed: UInt64 = 0,
    _ environmentSettings: [String: SettingValue] = [:]
  ) throws -> RunSettings {
    var request = RunRequest()
    (request.agent, request.environment, request.steps) = (agent, environment, steps)
    (request.seed, request.environmentSettings) = (seed, environmentSettings)
    return try request.resolved(in: Self.registry)
  }

  @discardableResult
  private func play(
    _ settings: RunSettings, _ folder: String, resume: Bool = false, until last: Int = .max
  ) throws -> RunSummary {
    var steps = 0
    return try Run(
      Simulation(settings, registry: Self.registry), program: "tests",
      observers: [InteractionLog<JSONInteractions>(), ProgressObserver { steps = $0.record.step }]
    ).play(
      into: RunDirectory(creating: folder, overwrite: false, resume: resume),
      shouldStop: { steps >= last }
    ).summary
  }

  private func logOfUniform(_ folder: String, _ environment: String, rows: Int, seed: UInt64 = 0) throws
    -> [String: SettingValue]
  {
    try play(settings("uniform", environment, steps: rows, seed: seed), folder)
    return ["file": .text("\(folder)/\(JSONInteractions.file)")]
  }

  @Test("A log keeps the laws of environments, as far as it knows")
  func laws() throws {
    try withTemporaryDirectory { folder in
      for (name, environment) in [("a", "mushroom"), ("b", "wheel")] {
        let file = try logOfUniform("\(folder)/\(name)", environment, rows: 800)
        var configuration = LoggedReplay.Configuration()
        configuration.file = file["file"]?.description ?? ""
        configuration.order = .shuffled
        #expect(EnvironmentLaws.violations(of: LoggedReplay.self, configuration: configuration) == [])
      }
    }
  }

  @Test("Replay of linear-thompson on uniform logs earns what it does online in as many steps")
  func online() throws {
    try withTemporaryDirectory { folder in
      let differences = try (0..<12).map { (seed: UInt64) -> Double in
        let file = try logOfUniform("\(folder)/log\(seed)", "linear", rows: 4_000, seed: seed)
        let replayed = try play(
          settings("linear-thompson", "logged", steps: 4_000, seed: seed, file), "\(folder)/replay\(seed)")
        #expect(replayed.hasRegret == false && abs(replayed.steps - 500) < 150)
        let online = try play(
          settings("linear-thompson", "linear", steps: replayed.steps, seed: seed), "\(folder)/online\(seed)")
        return (replayed.cumulativeReward - online.cumulativeReward) / Double(online.steps)
      }
      let (mean, halfWidth) = StudentT.interval(of: differences, probability: 0.999)
      #expect(abs(mean) <= halfWidth, "\(differences)")
      // Uniformly random actions earn 0 in the mean, an agent that learns more than 1.
      #expect(halfWidth < 0.3)
    }
  }

  @Test("A run ends with its log, leaves regrets empty and is resumed to the same bytes")
  func files() throws {
    try withTemporaryDirectory { folder in
      let file = try logOfUniform(folder + "/log", "mushroom", rows: 3_000)
      let settings = try settings("linear-thompson", "logged", steps: 3_000, file)
      let summary = try play(settings, folder + "/whole")
      #expect(summary.steps < 2_000 && summary.hasRegret == false && summary.uniformExpectedRegret == nil)
      let log = try logText(folder + "/whole/regret.csv.gz").split(separator: "\n")
      #expect(log.count == summary.steps + 1)
      let fields = log[1].split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields[2] == "" && fields[3] != "" && fields[4...7].allSatisfy(\.isEmpty))
      let counted = try #require(summary.counters["rows"])
      #expect(counted <= 3_000 && counted > 2_900)
      try play(settings, folder + "/x", until: 700)
      try play(settings, folder + "/x", resume: true)
      for name in ["regret.csv.gz", JSONInteractions.file] {
        #expect(try logText("\(folder)/x/\(name)") == logText("\(folder)/whole/\(name)"))
      }
      #expect(throws: ConfigurationError.self) {
        try RecordedRun(readingFrom: folder + "/whole", points: 10)
      }
      let manifest = try text(of: folder + "/whole/manifest.json")
      #expect(manifest.contains("\"has_regret\" : false"))
    }
  }

  @Test("Free play comes from the log, and what needs the truth is refused")
  func refused() throws {
    try withTemporaryDirectory { folder in
      let file = try logOfUniform(folder + "/log", "mushroom", rows: 300)
      var prefilled = try settings("linear-thompson", "logged", steps: 300, file)
      prefilled.agentSettings["prefill"] = .integer(50)
      #expect(try play(prefilled, folder + "/prefilled").prefillSteps == 50)
      #expect(throws: ConfigurationError.self) {
        try play(settings("oracle", "logged", steps: 10, file), folder + "/oracle")
      }
      #expect(throws: ConfigurationError.self) {
        try play(settings("uniform", "logged", steps: 10), folder + "/none")
      }
      let inner: [String: SettingValue] = [
        "of": .text("logged"), "ofSet": .text("file=\(file["file"]?.description ?? "")"),
      ]
      #expect(throws: ConfigurationError.self) {
        try play(settings("uniform", "delay", steps: 10, inner), folder + "/delay")
      }
      try play(settings("linear-thompson", "linear", steps: 50), folder + "/drawn")
      let drawn: [String: SettingValue] = ["file": .text("\(folder)/drawn/\(JSONInteractions.file)")]
      let error = #expect(throws: ConfigurationError.self) {
        try play(settings("uniform", "logged", steps: 10, drawn), folder + "/y")
      }
      #expect(error?.description.contains("propensityDraws") == true)
    }
  }
}

import BanditAgents
import BanditCore
import BanditEnvironments
import BanditNumerics
import BanditSimulation
import Foundation
import Testing
import TestSupport

@testable import BanditEvaluation

@Suite("Evaluation of policies by logs")
struct EvaluationTests {
  private static let registry = Registry(agents: BuiltInAgents.all, environments: BuiltInEnvironments.all)

  /// Plays an agent and gives the path of its log.
  private func log(
    _ agent: String, _ environment: String, steps: Int, _ folder: String, settings: [String] = []
  ) throws -> String {
    var request = RunRequest()
    (request.agent, request.environment, request.steps) = (agent, environment, steps)
    request.agentSettings = Dictionary(
      try settings.map { try Settings.assignment($0) }.map { ($0.key, $0.value) }
    ) { $1 }
    let simulation = try Simulation(request.resolved(in: Self.registry), registry: Self.registry)
    _ = try Run(simulation, program: "tests", observers: [InteractionLog<JSONInteractions>()]).play(
      into: RunDirectory(creating: folder, overwrite: false), shouldStop: { false })
    return "\(folder)/\(JSONInteractions.file)"
  }

  private func evaluate(
    _ log: LoggedInteractions, _ policy: String, _ settings: [String: SettingValue] = [:],
    plan: EvaluationPlan = EvaluationPlan()
  ) throws -> Evaluation {
    try Evaluation(of: log, plan: plan) {
      try AgentPolicy(
        named: policy, settings: settings, spec: log.spec, stream: RandomStream(seed: 1),
        registry: Self.registry)
    }
  }

  @Test("On uniform's log of mushrooms, fixed policies have their analytic values within their intervals")
  func mushrooms() throws {
    try withTemporaryDirectory { folder in
      let log = try LoggedInteractions(scanning: log("uniform", "mushroom", steps: 20_000, folder + "/run"))
      var plan = EvaluationPlan()
      plan.rewards = -35...5
      // 4,208 of 8,124 are edible; a poisonous one has (5 - 35)/2 in the mean.
      let eating = (4_208.0 * 5 - 3_916 * 15) / 8_124
      for (action, value) in [("eat", eating), ("reject", 0)] {
        let evaluation = try evaluate(log, "fixed", ["action": .text(action)], plan: plan)
        #expect(evaluation.estimates.map(\.estimator) == EvaluationPlan.estimatorNames)
        for estimate in evaluation.estimates where estimate.estimator != "clipped-ips" {
          for interval in [estimate.normal, estimate.bootstrap, estimate.bernstein, estimate.betting] {
            guard let interval else { continue }
            #expect(interval.lower <= value && value <= interval.upper, "\(estimate)")
          }
        }
        #expect(evaluation.learnedRows == 0 && evaluation.logged.rows == 20_000)
        let diagnostics = try #require(evaluation.diagnostics)
        #expect(diagnostics.largestWeight == 2 && abs(diagnostics.effectiveRows - 10_000) < 400)
      }
    }
  }

  @Test("An agent learns from the first rows and is judged by the others")
  func learning() throws {
    try withTemporaryDirectory { folder in
      let log = try LoggedInteractions(scanning: log("uniform", "linear", steps: 4_000, folder + "/run"))
      for policy in ["linear-ucb", "linear-thompson"] {
        let evaluation = try evaluate(log, policy)
        #expect(evaluation.learnedRows == 2_000 && evaluation.logged.rows == 2_000)
        let logged = try #require(evaluation.logged.value)
        for estimate in evaluation.estimates where estimate.estimator != "clipped-ips" {
          #expect(try #require(estimate.value) > logged + 0.5, "\(policy) \(estimate)")
        }
        // All that the two see is linear, so that the model is right.
        let byName = Dictionary(uniqueKeysWithValues: evaluation.estimates.map { ($0.estimator, $0) })
        let (dm, dr) = (try #require(byName["dm"]?.value), try #require(byName["dr"]?.value))
        #expect(abs(dm - dr) < 0.1)
        #expect(try #require(byName["dr"]?.standardError) < #require(byName["ips"]?.standardError))
      }
    }
  }

  @Test("A log without propensities is refused with the way out, but for the direct method")
  func noPropensities() throws {
    try withTemporaryDirectory { folder in
      let log = try LoggedInteractions(
        scanning: log("linear-thompson", "linear", steps: 500, folder + "/run"))
      let error = #expect(throws: ConfigurationError.self) { try evaluate(log, "uniform") }
      #expect(error?.description.contains("propensityDraws=100") == true)
      var plan = EvaluationPlan()
      plan.estimators = ["dm"]
      #expect(try evaluate(log, "uniform", plan: plan).estimates.count == 1)
      #expect(throws: ConfigurationError.self) { try evaluate(log, "oracle", plan: plan) }
      let drawn = try LoggedInteractions(
        scanning: self.log(
          "linear-thompson", "linear", steps: 500, folder + "/drawn", settings: ["propensityDraws=20"]))
      #expect(try evaluate(drawn, "uniform").estimates.count == 9)
    }
  }

  @Test("Weights that cannot be trusted are told in words")
  func warnings() throws {
    try withTemporaryDirectory { folder in
      let rows = (0..<400).map { row in
        let action = row % 20 == 0 ? 1 : 0
        let propensity = action == 0 ? 0.5 : 0.002
        return "{\"context\":[1],\"action\":\(action),\"propensity\":\(propensity),\"reward\":\(action)}"
      }
      try write(rows.joined(separator: "\n"), to: folder + "/log.jsonl")
      let log = try LoggedInteractions(scanning: folder + "/log.jsonl", actions: 3)
      let never = try evaluate(log, "fixed", ["action": .integer(2)])
      #expect(never.warnings.contains { $0.contains("never has, with probability 1") })
      let rare = try evaluate(log, "fixed", ["action": .integer(1)])
      for words in [
        "worth 20 rows", "standard errors from 1", "propensities seem wrong", "Replay matched 20",
      ] {
        #expect(rare.warnings.contains { $0.contains(words) }, "\(words): \(rare.warnings)")
      }
    }
  }

  @Test("A log that does not explore is no log of wrong propensities")
  func unexploring() throws {
    try withTemporaryDirectory { folder in
      let rows = (0..<400).map { row in
        "{\"context\":[\(row % 4)],\"action\":\(row % 4 == 0 ? 1 : 0),\"propensity\":1,\"reward\":1}"
      }
      try write(rows.joined(separator: "\n"), to: folder + "/log.jsonl")
      let warnings = try evaluate(LoggedInteractions(scanning: folder + "/log.jsonl"), "uniform").warnings
      let told = warnings.filter { $0.contains("contexts in which the log never takes it") }
      #expect(told.count == 1 && told[0].contains("'1' was logged 0.25 times"), "\(warnings)")
      #expect(!warnings.contains { $0.contains("seem wrong") })
    }
  }

  @Test("Rewards beyond the bounds that were given, and beyond what sums can hold, are no trap")
  func extremes() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/log.jsonl"
      func estimates(_ rewards: [String]) throws -> [Estimate] {
        let rows = (0..<200).map { row in
          "{\"context\":[\(row % 5)],\"action\":\(row % 2),\"propensity\":0.5,\"reward\":\(rewards[row % rewards.count])}"
        }
        try write(rows.joined(separator: "\n"), to: path)
        var plan = EvaluationPlan()
        plan.rewards = 0...1
        return try evaluate(LoggedInteractions(scanning: path), "uniform", plan: plan).estimates
      }
      let beyond = try estimates(["-35", "5", "0"])
      #expect(beyond.allSatisfy { $0.value != nil && $0.normal != nil })
      let ips = try #require(beyond.first { $0.estimator == "ips" })
      #expect(ips.bernstein == nil)
      for estimate in try estimates(["1e308", "-1e308", "1e308"]) {
        let interval = estimate.normal ?? estimate.bootstrap
        #expect(interval.map { $0.lower <= $0.upper } ?? true)
        #expect(estimate.value?.isFinite ?? true && estimate.standardError?.isFinite ?? true)
      }
    }
  }

  @Test("A table of probabilities is a policy, and has a row for each of the log's")
  func table() throws {
    try withTemporaryDirectory { folder in
      let log = try LoggedInteractions(scanning: log("uniform", "mushroom", steps: 300, folder + "/run"))
      func make(_ rows: [String]) throws -> TablePolicy {
        try write((["eat,reject"] + rows).joined(separator: "\n"), to: folder + "/policy.csv")
        return try TablePolicy(
          reading: folder + "/policy.csv", actionCount: 2, rows: log.count, stream: RandomStream(seed: 0))
      }
      let policy = try make(Array(repeating: "0,1", count: 300))
      let found = try Evaluation(of: log, plan: EvaluationPlan()) { policy }
      let expected = try evaluate(log, "fixed", ["action": .text("reject")])
      #expect(found.estimates.map(\.value) == expected.estimates.map(\.value))
      for rows in [["0,1"], Array(repeating: "0.5,0.6", count: 300), Array(repeating: "1", count: 300)] {
        #expect(throws: (any Error).self) { try make(rows) }
      }
    }
  }
}

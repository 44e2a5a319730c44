import ArgumentParser
import BanditCore
import BanditFigures
import BanditNumerics
import BanditSimulation

/// `bandit-sim data contexts`.
struct DataContextsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contexts",
    abstract: "Prints the contexts that a run meets, with the expected reward of each action, as CSV.",
    discussion: """
      A column for each feature, then one for each action; a row for each step of a run under that seed.

      Example:
        \(Program.name) data contexts wheel --env-set delta=0.5 --steps 1000 > wheel.csv
      """)

  @Argument(help: "The environment.")
  var environment: String

  @Option(
    name: .customLong("env-set"), help: ArgumentHelp("A setting of the environment.", valueName: "key=value"))
  var assignments: [String] = []

  @Option(help: "The seed.")
  var seed: UInt64 = 0

  @Option(help: "Steps.")
  var steps = 10

  func run() throws {
    try reportingUsage {
      try ConfigurationError.require(steps > 0, key: "--steps", given: steps, allowed: "1 or more")
      let values = try assignments.map { try Settings.assignment($0) }
      let environment = try Catalogue.current.registry.makeEnvironment(
        named: environment, settings: Dictionary(values.map { ($0.key, $0.value) }) { _, last in last },
        stream: RandomStream(seed: seed).child("environment"))
      try print(environment)
    }
  }

  private func print(_ environment: any Environment) throws {
    var environment = environment
    let spec = environment.spec
    let features = spec.featureNames ?? (1...spec.featureCount).map { "x\($0)" }
    try Console.result(
      (features + spec.actionNames.map { "expected \($0)" }).map(\.csvField).joined(separator: ","))
    var observation = Observation(spec)
    var lines: [String] = []
    for step in 1...steps {
      try environment.observe(into: &observation)
      var values = observation.features.map(\.description)
      if case .oneHot = spec.encoding {
        values = [String](repeating: "0", count: spec.featureCount)
        for index in observation.activeIndices { values[Int(index)] = "1" }
      }
      let audit = try environment.audit()
      lines.append((values + audit.expectedRewards.map(\.description)).joined(separator: ","))
      // An environment may move with the steps that are played.
      _ = try environment.step(0)
      if lines.count == 1_000 || step == steps {
        try Console.result(lines.joined(separator: "\n"))
        lines.removeAll(keepingCapacity: true)
      }
    }
  }
}

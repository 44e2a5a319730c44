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
    let runs = try laboratory.play(
      laboratory.seeds.map { seed in
        var request = RunRequest()
        (request.agent, request.environment) = (RoundRobin.name, ThreeArms.name)
        (request.steps, request.seed) = (steps, seed)
        return ("seed\(seed)", try request.resolved(in: laboratory.registry))
      })
    let regret = runs.compactMap { $0[RecordedRun.expectedRegret]?.last }
    let uniform = runs.compactMap { $0.uniform(at: $0.lastStep) }
    return ExperimentResult(tables: [
      ResultTable(
        "Expected regret after \(steps) steps, \(runs.count) seed(s)", head: ["agent", "expected regret"],
        rows: [
          [.text(RoundRobin.name), ResultTable.cell(regret)], ["random choice", ResultTable.cell(uniform)],
        ])
    ])
  }
}

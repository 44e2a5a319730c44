import BanditFiles
public import BanditCore
public import BanditLaboratory
import BanditSimulation

/// The Deep Bayesian Bandits Showdown, played again: every agent on every environment, many seeds.
public struct ShowdownExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Tasks; empty for all of the Showdown whose data are at hand.
    public var environments: [String] = []
    /// Agents; empty for all contenders.
    public var agents: [String] = []
    /// Steps of every run; 0 for each task's own.
    public var steps = 0
    /// The seeds of agents that train networks, the first of those of the experiment.
    public var deepSeeds = 3

    /// All at full length.
    public init() {}
  }

  /// `showdown`.
  public static let name = "showdown"
  /// 500 steps.
  public static let quick = ["steps=500"]
  /// The report's, or its own.
  public static let figures = ["ranks", "regret"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 65, full: 8100)
  /// The numbers of every run.
  public static let files = ["showdown.csv"]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "The Deep Bayesian Bandits Showdown: all agents on its environments, with intervals.",
    paper: "Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown, §5 and appendix",
    deviations: """
      Agents play in their preset 'standard', not in the original's settings, and epsilon-greedy with epsilon 0.01. \
      Regret is expected regret in per cent of a uniformly random policy's over the same contexts; the original \
      takes realised rewards. No agent is given rounds of free play.
      """,
    settings: [
      "environments":
        "tasks (mushroom, wheel-0.95, …) or any environment; empty: the Showdown's, where at hand",
      "agents": "agents by name; empty: all contenders. epsilon-greedy is always there, to compare with",
      "steps": "steps of every run; 0: as long as the original's, or one pass through a file",
      "deepSeeds": "seeds of agents that train networks, the first of the experiment's",
    ])

  private let configuration: Configuration

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    try ConfigurationError.require(
      configuration.steps >= 0, key: "steps", given: configuration.steps, allowed: "0 or more")
    try ConfigurationError.require(
      configuration.deepSeeds > 0, key: "deepSeeds", given: configuration.deepSeeds, allowed: "1 or more")
    self.configuration = configuration
  }

  /// Tries the data of tasks that were named, and the settings of every agent.
  public func check(in laboratory: Laboratory) throws {
    let registry = laboratory.registry
    let tasks = try known(registry)
    for agent in try agents(registry) {
      for task in tasks { _ = try agent.run(task, steps: steps(of: task), seed: 0, registry) }
    }
    if !configuration.environments.isEmpty { for task in tasks { try load(task, registry) } }
  }

  /// Plays all runs.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let registry = laboratory.registry
    let agents = try agents(registry)
    let (tasks, missing) = try tasks(registry)
    let cells = tasks.flatMap { task in
      agents.flatMap { agent in
        laboratory.seeds.prefix(agent.isDeep ? configuration.deepSeeds : .max).map { (task, agent, $0) }
      }
    }
    let runs = try laboratory.play(
      try cells.map { task, agent, seed in
        (
          "\(task.name)-\(agent.name)-seed\(seed)",
          try agent.run(task, steps: steps(of: task), seed: seed, registry)
        )
      }, points: 1)
    let results = zip(cells, runs).map { cell, run in
      ShowdownRun(task: cell.0.name, agent: cell.1.name, seed: cell.2, run)
    }
    let report = ShowdownReport(
      results, tasks: tasks.map(\.name), agents: agents.map(\.name), missing: missing)
    return ExperimentResult(
      tables: report.tables, figures: report.figures, files: ["showdown.csv": report.csv])
  }

  private func steps(of task: ShowdownTask) -> Int {
    configuration.steps > 0 ? configuration.steps : task.steps
  }

  private func agents(_ registry: Registry) throws -> [ShowdownAgent] {
    try ShowdownAgent.named(configuration.agents, registry)
  }

  /// The tasks by name, or all of the Showdown's whose environments there are.
  private func known(_ registry: Registry) throws -> [ShowdownTask] {
    guard configuration.environments.isEmpty else {
      return try ShowdownTask.named(configuration.environments, registry)
    }
    return ShowdownTask.all.filter { task in registry.environments.contains { $0.name == task.environment } }
  }

  /// The tasks to play; of those that were not asked for by name, the ones whose data are not there are left out.
  private func tasks(_ registry: Registry) throws -> (here: [ShowdownTask], missing: [String]) {
    let known = try known(registry)
    guard configuration.environments.isEmpty else { return (known, []) }
    let here = try known.filter { task in
      do {
        try load(task, registry)
        return true
      } catch let error as DataFileError where error.isMissing {
        return false
      }
    }
    return (here, known.filter { !here.contains($0) }.map(\.name))
  }

  /// Reads a task's data.
  private func load(_ task: ShowdownTask, _ registry: Registry) throws {
    let run = try ShowdownAgent.named([], registry)[0].run(task, steps: 1, seed: 0, registry)
    _ = try Simulation(run, registry: registry)
  }
}

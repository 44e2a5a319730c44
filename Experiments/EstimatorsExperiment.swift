public import BanditCore
public import BanditLaboratory
import BanditEvaluation
import BanditNumerics

/// How far off-policy estimators are from the truth, where the truth is known: many logs of environments whose expected
/// rewards an audit tells.
public struct EstimatorsExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Environments by name.
    public var environments = ["linear", "wheel", "logistic", "mushroom"]
    /// The shares of random play of the logging policies.
    public var exploration = [0.9, 0.5, 0.1]
    /// The share of random play of the policy that is judged.
    public var targetExploration = 0.1
    /// Rows of a log.
    public var rows = 1_000
    /// Logs of each environment and logging policy.
    public var logs = 100
    /// Steps of random play that each policy's regression learns from.
    public var practice = 1_000
    /// Contexts that the true value is the mean over.
    public var contexts = 100_000

    /// 100 logs of 1,000 rows.
    public init() {}
  }

  /// `estimators`.
  public static let name = "estimators"
  /// A few short logs.
  public static let quick = ["logs=10", "rows=300", "contexts=10000"]
  /// The report's, or its own.
  public static let figures = ["errors"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 2, full: 210)
  /// The numbers of every log.
  public static let files = ["estimates.csv"]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Off-policy estimators and their intervals beside the truth, on logs of known environments.",
    paper: """
      Saito et al. 2021, Open Bandit Dataset and Pipeline, §5 (the benchmark of estimators); Dudík et al. 2014, Doubly \
      Robust Policy Evaluation and Optimization, §4
      """,
    deviations: """
      Environments whose expected rewards are known take the place of classification data, so that the value is exact \
      but for the contexts it is averaged over. The policies are greedy in ridge regressions of steps of random play, \
      with a share of random actions.
      """,
    settings: [
      "environments": "environments by name, with their defaults",
      "exploration": "shares of random play of the logging policies, from near-uniform to near-greedy",
      "targetExploration": "share of random play of the policy that is judged",
      "rows": "rows of a log", "logs": "logs of each environment and logging policy, under every seed",
      "practice": "steps of random play that each policy's regression learns from",
      "contexts": "contexts that the true value is the mean over",
    ])

  private let configuration: Configuration

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    for (key, value) in [
      ("rows", configuration.rows), ("logs", configuration.logs), ("practice", configuration.practice),
      ("contexts", configuration.contexts),
    ] {
      try ConfigurationError.require(value > 1, key: key, given: value, allowed: "2 or more")
    }
    for share in configuration.exploration + [configuration.targetExploration] {
      try ConfigurationError.require(
        share > 0 && share <= 1, key: "exploration", given: share, allowed: "above 0 and at most 1")
    }
    try ConfigurationError.require(
      !configuration.environments.isEmpty && !configuration.exploration.isEmpty, key: "environments",
      given: "none", allowed: "one or more, with one or more shares of exploration")
    self.configuration = configuration
  }

  /// Makes every environment once.
  public func check(in laboratory: Laboratory) throws {
    for name in configuration.environments {
      _ = try EstimatorTask(name, configuration, seed: 0, laboratory.registry)
    }
  }

  /// Judges the policy by every log.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let registry = laboratory.registry
    let cells = configuration.environments.flatMap { name in laboratory.seeds.map { (name, $0) } }
    let tasks = try laboratory.sideBySide(cells.map { "truth-\($0)-seed\($1)" }) { index, _ in
      var task = try EstimatorTask(cells[index].0, configuration, seed: cells[index].1, registry)
      try task.findValue()
      return task
    }
    let parts = tasks.flatMap { task in configuration.exploration.map { (task, $0) } }
    let scores = try laboratory.sideBySide(
      parts.map { "\($0.name)-\(cell($1))-seed\($0.seed)" }
    ) { index, part in
      let (task, exploration) = parts[index]
      return try (0..<configuration.logs).flatMap { log in
        if laboratory.shouldStop() { throw ExperimentInterrupted() }
        part.report(Double(log) / Double(configuration.logs))
        return try task.scores(exploration: exploration, log: log)
      }
    }
    let report = EstimatorsReport(
      scores.flatMap { $0 }, environments: configuration.environments,
      exploration: configuration.exploration)
    return ExperimentResult(
      tables: report.tables, figures: report.figures, files: ["estimates.csv": report.csv])
  }
}

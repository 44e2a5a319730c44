import BanditAgentKit
public import BanditCore
public import BanditLaboratory

/// Why Bayes by Backprop pays less with fewer minibatches a step: what changes together, changed one by one.
public struct BBBMinibatchesExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Steps of a run.
    public var steps = 10_000
    /// Steps of random play before them, which count in no regret.
    public var prefill = 4_096
    /// Mushrooms that predictions are measured on.
    public var panel = 200
    /// Draws of the weights by which each is measured.
    public var draws = 20

    /// Where the difference shows.
    public init() {}
  }

  /// `bbb-minibatches`.
  public static let name = "bbb-minibatches"
  /// Some hundred steps.
  public static let quick = ["steps=500", "prefill=500", "panel=50"]
  /// The report's, or its own.
  public static let figures = ["regret", "width", "calibration", "exploring"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 13, full: 1800)
  /// The measurements of every run.
  public static let files = ["probes.csv"]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Why fewer minibatches a step make Bayes by Backprop better: KL, rate, memory, one by one.",
    paper: "Blundell et al. 2015, §5.3 (the bandit and its 64 minibatches); the report, §4.3",
    deviations: """
      Neither document varies the number of minibatches. The agent is `bbb` with one draw a step, built from the same \
      learner, but its random numbers are other ones than those of a run of `bbb`.
      """,
    settings: [
      "steps": "steps of a run", "prefill": "steps of random play before them, which count in no regret",
      "panel": "mushrooms that predictions are measured on",
      "draws": "draws of the weights by which each is measured",
    ])

  private let configuration: Configuration

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    for (key, value) in [
      ("steps", configuration.steps), ("panel", configuration.panel), ("draws", configuration.draws),
    ] {
      try ConfigurationError.require(value > 0, key: key, given: value, allowed: "1 or more")
    }
    try ConfigurationError.require(
      configuration.prefill >= 0, key: "prefill", given: configuration.prefill, allowed: "0 or more")
    self.configuration = configuration
  }

  /// Plays every variant under every seed.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let registry = laboratory.registry
    let runs = MinibatchVariant.all.flatMap { variant in laboratory.seeds.map { (variant, $0) } }
    let probes = try laboratory.sideBySide(
      runs.map { "\($0.folder)-seed\($1)" }, work: runs.map { Double($0.0.minibatches) }
    ) { index, part in
      let (variant, seed) = runs[index]
      var play = try MinibatchPlay(variant, configuration, seed: seed, registry)
      return try play.probes(shouldStop: laboratory.shouldStop) { part.report($0) }
    }
    let report = BBBMinibatchesReport(
      zip(runs, probes).map { .init(variant: $0.0.title, seed: $0.1, probes: $1) })
    return ExperimentResult(
      tables: [report.table], figures: report.figures, files: ["probes.csv": report.csv])
  }
}

/// What is changed about the report's agent.
struct MinibatchVariant: Sendable {
  let folder: String
  let title: String
  let minibatches: Int
  var klScale = 1.0
  var rateFactor = 1.0
  var remembersAll = false

  /// 64 and 8 minibatches, and each with what the other has as well: the KL paid on as many examples, the same way along
  /// the gradient, and a memory that nothing leaves.
  static let all = [
    MinibatchVariant(folder: "64", title: "64", minibatches: 64),
    MinibatchVariant(folder: "64-kl", title: "64, KL × 8", minibatches: 64, klScale: 8),
    MinibatchVariant(folder: "64-rate", title: "64, rate ÷ 8", minibatches: 64, rateFactor: 0.125),
    MinibatchVariant(folder: "64-all", title: "64, all remembered", minibatches: 64, remembersAll: true),
    MinibatchVariant(folder: "8", title: "8", minibatches: 8),
    MinibatchVariant(folder: "8-kl", title: "8, KL ÷ 8", minibatches: 8, klScale: 0.125),
    MinibatchVariant(folder: "8-rate", title: "8, rate × 8", minibatches: 8, rateFactor: 8),
    MinibatchVariant(folder: "8-all", title: "8, all remembered", minibatches: 8, remembersAll: true),
  ]

  /// The settings of the learner.
  var settings: PosteriorLearnerSettings {
    var settings = PosteriorLearnerSettings()
    settings.replay.minibatches = minibatches
    settings.replay.bufferSize = remembersAll ? 0 : settings.replay.bufferSize
    settings.posterior.klScale = klScale
    settings.optimisation.learningRate *= rateFactor
    return settings
  }
}

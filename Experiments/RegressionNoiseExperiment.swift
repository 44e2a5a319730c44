import BanditTraining
import BanditFiles
public import BanditLaboratory
public import BanditCore
import BanditFigures
import BanditLearning

/// The standard deviation of the likelihood on the toy regression.
public struct RegressionNoiseExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The likelihood's standard deviations.
    public var noises = [0.01, 0.1, 1]
    /// −ln σ of the Gaussian prior.
    public var gaussian = 0.0
    /// Data, networks, training.
    public var regression = RegressionSettings()

    /// The report's.
    public init() {}
  }

  /// `regression-noise`.
  public static let name = "regression-noise"
  /// Fewer epochs.
  public static let quick = RegressionSettings.quick
  /// The report's, or its own.
  public static let figures = ["figure-8", "figure-9"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 30, full: 180)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Toy regression: Bayesian networks under likelihoods of three widths: 0.01, 0.1 and 1.",
    paper: "The report, §4.1 and figures 8 and 9",
    deviations: """
      Figure 9 shows minus the ELBO of a whole epoch beside the last minibatch's cost, which is what the report \
      plots as its ELBO.
      """,
    settings: [
      "noises": "the likelihood's standard deviations (in place of noiseSigma)",
      "gaussian": "-ln sigma of the Gaussian prior",
    ].merging(RegressionSettings.help) { own, _ in own })

  private let settings: RegressionSettings
  private let noises: [Double]
  private let prior: WeightPrior

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    settings = try configuration.regression.validated()
    noises = configuration.noises
    try ConfigurationError.require(
      !noises.isEmpty && noises.allSatisfy { $0 > 0 }, key: "noises", given: noises,
      allowed: "numbers above 0 with commas between them")
    prior = try PriorSettings.gaussian(configuration.gaussian)
  }

  /// Trains a network for each likelihood.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let fits = laboratory.seeds.flatMap { seed in
      noises.map { noise in
        var own = settings
        own.noiseSigma = noise
        return own.bayesian(Self.name, "sigma-\(CSVLog.text(noise))", seed: seed, prior: prior)
      }
    }
    let trained = try laboratory.train(fits)
    let predictions = try laboratory.predict(trained.map { [$0] }, draws: settings.scoreDraws)
    let rows = noises.indices.map { index -> [ResultCell] in
      let all = stride(from: index, to: trained.count, by: noises.count)
      let scores = all.map { predictions[$0].score(sigma: noises[index]) }
      let bands = all.map { predictions[$0].bandWidths(draws: settings.bandDraws) }
      return [
        cell(noises[index]), cell(all.map { predictions[$0].rmseInRange }),
        cell(all.compactMap { trained[$0].records.last?.negativeELBO }),
        cell(all.map { trained[$0].meanOfLastEpochs(\.lastMinibatchCost) }),
      ] + PredictiveScore.cells(scores) + [cell(bands.map(\.inside)), cell(bands.map(\.outside))]
    }
    let table = ResultTable(
      "Likelihood noise, \(laboratory.seeds.count) seed(s)",
      head: [
        "sigma", "RMSE in range", "-ELBO, last epoch", "last minibatch's cost, mean of 100 epochs",
      ] + PredictiveScore.heads + ["band in range", "band outside"], rows: rows)
    let first = noises.indices.map { (name: "σ = \(CSVLog.text(noises[$0]))", model: trained[$0]) }
    return ExperimentResult(
      tables: [table],
      figures: [
        .init(
          "figure-8",
          Figure(
            panels: noises.indices.map {
              predictions[$0].bandPanel(first[$0].name, draws: settings.bandDraws)
            }, columns: noises.count)),
        .init(
          "figure-9",
          Figure(
            panels: [
              TrainingCurves.panel("whole epoch", y: "−ELBO, nats", first, scale: .log) { $0.negativeELBO },
              TrainingCurves.panel("last minibatch (the report's)", y: "cost, nats", first, range: -300...500)
              {
                $0.lastMinibatchCost
              },
            ], columns: 2)),
      ])
  }
}

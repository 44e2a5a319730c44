import BanditNumerics
import BanditFiles
public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditFigures
import BanditLearning

/// Gaussian and mixture priors of several widths on the toy regression.
public struct RegressionPriorsExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// −ln σ of Gaussian priors; empty for none.
    public var gaussians = [0.0, 1, 2]
    /// −ln σ₁ of mixture priors; empty for none.
    public var mixtures1 = [0.0, 1, 2]
    /// −ln σ₂ of mixture priors.
    public var mixtures2 = [6.0, 7, 8]
    /// The weight of a mixture's wide component.
    public var mixtureWeight = 0.5
    /// Passes over the training points under a mixture.
    public var mixtureEpochs = 25_000
    /// Data, networks, training.
    public var regression = RegressionSettings()

    /// The report's.
    public init() {}
  }

  /// `regression-priors`.
  public static let name = "regression-priors"
  /// Three Gaussians and two mixtures.
  public static let quick = RegressionSettings.quick + ["mixtures1=1", "mixtures2=6,7", "mixtureEpochs=600"]
  /// The report's, or its own.
  public static let figures = ["figure-12", "figure-13"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 80, full: 10_200)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Toy regression: three Gaussian and nine mixture priors; ELBO and RMSE by epoch, Tables 1 and 2.",
    paper: "The report, §4.1, tables 1 and 2, figures 12 and 13",
    deviations: """
      lppd is the report's equation 20. What its tables call lppd is the mean over weight samples of the \
      log-likelihood, here gibbs_ll, which is never greater. Figures show minus the ELBO of a whole epoch; the \
      report's is the last minibatch's cost, column last_minibatch_cost of metrics.csv.gz.
      """,
    settings: [
      "gaussians": "-ln sigma of Gaussian priors; empty for none",
      "mixtures1": "-ln sigma1 of mixture priors; empty for none",
      "mixtures2": "-ln sigma2 of mixture priors",
      "mixtureWeight": "weight of a mixture's wide component",
      "mixtureEpochs": "passes over the training points under a mixture prior",
    ].merging(RegressionSettings.help) { own, _ in own })

  /// A prior of the experiment.
  private struct Case {
    let folder: String
    let title: String
    let prior: WeightPrior
    let isMixture: Bool
    /// The report's number, a `gibbs_ll`.
    let reported: Double?
  }

  private let settings: RegressionSettings
  private let mixtureSettings: RegressionSettings
  private let cases: [Case]

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    settings = try configuration.regression.validated()
    mixtureSettings = try settings.with(epochs: configuration.mixtureEpochs, key: "mixtureEpochs")
    cases = try Self.cases(configuration)
    try ConfigurationError.require(
      !cases.isEmpty, key: "gaussians", given: configuration.gaussians, allowed: "at least one prior in all")
  }

  /// Trains a network for each prior.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let fits = cases.flatMap { entry in
      laboratory.seeds.map { seed in
        (entry.isMixture ? mixtureSettings : settings).bayesian(
          Self.name, entry.folder, seed: seed, prior: entry.prior)
      }
    }
    let trained = try laboratory.train(fits)
    let predictions = try laboratory.predict(trained.map { [$0] }, draws: settings.scoreDraws)
    let seeds = laboratory.seeds.count
    var tables: [ResultTable] = []
    var figures: [ExperimentResult.NamedFigure] = []
    for (isMixture, number) in [(false, 1), (true, 2)] {
      let chosen = cases.indices.filter { cases[$0].isMixture == isMixture }
      guard !chosen.isEmpty else { continue }
      let rows = chosen.map { index in
        row(
          cases[index], (0..<seeds).map { trained[index * seeds + $0] },
          (0..<seeds).map { predictions[index * seeds + $0] })
      }
      tables.append(
        ResultTable(
          "Table \(number): \(isMixture ? "mixture" : "single Gaussian") priors, \(seeds) seed(s)",
          head: Self.head,
          rows: rows))
      let models = chosen.map { (name: cases[$0].title, model: trained[$0 * seeds]) }
      figures.append(.init("figure-\(11 + number)", Figure(panels: curves(models), columns: 2)))
    }
    return ExperimentResult(tables: tables, figures: figures)
  }

  private static let head =
    ["prior"] + PredictiveScore.heads + [
      "report (gibbs_ll)", "RMSE in range", "RMSE", "-ELBO, last epoch", "KL",
      "last minibatch's cost, mean of 100 epochs",
    ]

  private func row(
    _ entry: Case, _ trained: [TrainedModel], _ predictions: [RegressionPrediction]
  ) -> [ResultCell] {
    let scores = predictions.map { $0.score(sigma: settings.noiseSigma) }
    return [.text(entry.title)] + PredictiveScore.cells(scores) + [
      cell(entry.reported), cell(predictions.map(\.rmseInRange)), cell(predictions.map(\.rmse)),
      cell(trained.compactMap { $0.records.last?.negativeELBO }),
      cell(trained.compactMap { $0.records.last?.complexityCost }),
      cell(trained.map { $0.meanOfLastEpochs(\.lastMinibatchCost) }),
    ]
  }

  private func curves(_ models: [(name: String, model: TrainedModel)]) -> [Panel] {
    [
      TrainingCurves.panel("cost of a whole epoch", y: "−ELBO, nats", models, scale: .log) {
        $0.negativeELBO
      },
      TrainingCurves.panel("error at the test points", y: "RMSE", models, range: 0...2) { $0.metrics.first },
    ]
  }

  private static func cases(_ configuration: Configuration) throws(ConfigurationError) -> [Case] {
    let reportedGaussians = [0.0: -120.34, 1.0: -16.21, 2.0: -9.69]
    let reportedMixtures: [[Double]: Double] = [
      [0, 6]: -32.40, [0, 7]: -412.87, [0, 8]: -184.17, [1, 6]: -3.21, [1, 7]: -22.46, [1, 8]: -21.29,
      [2, 6]: -21.58, [2, 7]: -16.77, [2, 8]: -16.20,
    ]
    var result: [Case] = []
    for value in configuration.gaussians {
      result.append(
        Case(
          folder: "gaussian-\(CSVLog.text(value))", title: "−ln σ = \(CSVLog.text(value))",
          prior: try PriorSettings.gaussian(value), isMixture: false, reported: reportedGaussians[value]))
    }
    for first in configuration.mixtures1 {
      for second in configuration.mixtures2 {
        result.append(
          Case(
            folder: "mixture-\(CSVLog.text(first))-\(CSVLog.text(second))",
            title: "−ln σ₁ = \(CSVLog.text(first)), −ln σ₂ = \(CSVLog.text(second))",
            prior: try PriorSettings.mixture(first, second, weight: configuration.mixtureWeight),
            isMixture: true, reported: reportedMixtures[[first, second]]))
      }
    }
    return result
  }
}

extension TrainedModel {
  /// The mean of a value over the last 100 epochs that have it.
  func meanOfLastEpochs(_ value: (EpochRecord) -> Double?) -> Double {
    Spread(records.suffix(100).compactMap(value))?.mean ?? .nan
  }
}

import BanditFiles
public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditFigures
import BanditLearning

/// The local reparameterisation trick and flipout beside weight sampling on the toy regression.
public struct RegressionLRTExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// −ln σ of Gaussian priors.
    public var gaussians = [0.0, 1]
    /// Draws of the gradient at fixed parameters, of a single sample each.
    public var gradientDraws = 200
    /// Epochs of each estimator for the time of an epoch.
    public var timedEpochs = 40
    /// Data, networks, training.
    public var regression = RegressionSettings()

    /// The report's, with the complexity cost in closed form.
    public init() { regression.kl = KLForm.analytic.rawValue }
  }

  /// `regression-lrt`.
  public static let name = "regression-lrt"
  /// One prior.
  public static let quick = RegressionSettings.quick + ["gaussians=1", "gradientDraws=50", "timedEpochs=10"]
  /// The report's, or its own.
  public static let figures = [
    "figure-14-gaussian-0", "figure-15-gaussian-0", "figure-14-gaussian-1", "figure-15-gaussian-1",
  ]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 50, full: 900)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Toy regression: local reparameterisation and flipout beside weight sampling: noise, time, fit.",
    paper:
      "Kingma, Salimans, Welling 2015; Wen et al. 2018 (flipout); the report, §4.1 and figures 14 and 15",
    deviations: """
      The report compares lppd of LRT under a Gaussian prior (-26.03) with that of a mixture without it (-3.21); here \
      priors are the same. It takes the variance of differences between consecutive costs, which has the progress of \
      training in it; here the gradient's variance at the same parameters stands beside it. The complexity \
      cost is computed in closed form, so that only the data cost's estimator differs. Predictions are of whole draws \
      of the weights, where the report's code perturbs each point by itself. One more run is trained: flipout.
      """,
    settings: [
      "gaussians": "-ln sigma of Gaussian priors",
      "gradientDraws": "draws of the gradient at fixed parameters",
      "timedEpochs": "epochs of each estimator for the time of an epoch",
    ].merging(RegressionSettings.help) { own, _ in own })

  static let estimators: [GradientEstimator] = [.weightSampling, .localReparameterisation, .flipout]
  private let titles = ["weight sampling", "local reparameterisation", "flipout"]

  private let configuration: Configuration
  private let settings: RegressionSettings
  /// −ln σ of the priors.
  private let logs: [Double]

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    self.configuration = configuration
    settings = try configuration.regression.validated()
    for (key, value) in [
      ("gradientDraws", configuration.gradientDraws), ("timedEpochs", configuration.timedEpochs),
    ] {
      try ConfigurationError.require(
        (2...100_000).contains(value), key: key, given: value, allowed: "2 to 100000")
    }
    logs = configuration.gaussians
    try ConfigurationError.require(
      !logs.isEmpty, key: "gaussians", given: logs, allowed: "at least one")
    for log in logs { _ = try PriorSettings.gaussian(log) }
  }

  /// Trains under every estimator, and measures their gradients and epochs.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let estimators = Self.estimators
    var fits: [FitSettings] = []
    for log in logs {
      let prior = try PriorSettings.gaussian(log)
      for seed in laboratory.seeds {
        for (estimator, folder) in zip(estimators, ["weights", "lrt", "flipout"]) {
          fits.append(
            settings.bayesian(
              Self.name, "\(folder)-gaussian-\(CSVLog.text(log))", seed: seed, prior: prior,
              estimator: estimator))
        }
      }
    }
    let trained = try laboratory.train(fits)
    let predictions = try laboratory.predict(trained.map { [$0] }, draws: settings.scoreDraws)
    let noise = try GradientNoise.measure(trained, draws: configuration.gradientDraws, in: laboratory)
    let times = try EpochTimes.measure(timed(fits), epochs: configuration.timedEpochs, in: laboratory)
    let perPrior = laboratory.seeds.count * estimators.count
    var tables: [ResultTable] = []
    var figures: [ExperimentResult.NamedFigure] = []
    for (index, log) in logs.enumerated() {
      let range = (index * perPrior)..<((index + 1) * perPrior)
      let label = "−ln σ = \(CSVLog.text(log)), \(laboratory.seeds.count) seed(s)"
      tables.append(
        trainingTable(label, Array(trained[range]), Array(predictions[range])))
      tables.append(noiseTable(label, Array(noise[range])))
      figures += self.figures(
        CSVLog.text(log), Array(trained[range]), Array(predictions[range]))
    }
    tables.append(timeTable(times))
    return ExperimentResult(tables: tables, figures: figures)
  }

  /// One training of each estimator, and local reparameterisation once more with a single sample a step.
  private func timed(_ fits: [FitSettings]) -> [FitSettings] {
    var single = fits[1]
    if case .bayesian(let prior, let kl, _, let estimator) = single.network.weights {
      single.network.weights = .bayesian(prior: prior, kl: kl, samples: 1, estimator: estimator)
    }
    return fits.prefix(Self.estimators.count) + [single]
  }

  /// Values of one estimator over seeds.
  private func of<T>(_ estimator: Int, _ all: [T]) -> [T] {
    stride(from: estimator, to: all.count, by: Self.estimators.count).map { all[$0] }
  }

  private func trainingTable(
    _ label: String, _ trained: [TrainedModel], _ predictions: [RegressionPrediction]
  ) -> ResultTable {
    ResultTable(
      "Training, \(label)",
      head: [
        "estimator", "variance of consecutive last-minibatch costs' differences", "the same, last half",
        "variance of consecutive -ELBO differences, last half", "-ELBO, last epoch", "RMSE in range",
      ] + PredictiveScore.heads,
      rows: titles.indices.map { index in
        let scores = of(index, predictions).map { $0.score(sigma: settings.noiseSigma) }
        let models = of(index, trained)
        return [
          .text(titles[index]), cell(models.map { $0.differenceVariance(from: 0, \.lastMinibatchCost) }),
          cell(models.map { $0.differenceVariance(from: 0.5, \.lastMinibatchCost) }),
          cell(models.map { $0.differenceVariance(from: 0.5, \.negativeELBO) }),
          cell(models.compactMap { $0.records.last?.negativeELBO }),
          cell(of(index, predictions).map(\.rmseInRange)),
        ] + PredictiveScore.cells(scores)
      })
  }

  private func noiseTable(_ label: String, _ noise: [[GradientNoise]]) -> ResultTable {
    // Each entry has the estimators in order, all at the parameters of one trained model.
    ResultTable(
      "Gradient variance of the data cost at the same parameters, one sample, \(label)",
      head: ["at the posterior of"]
        + titles.flatMap { ["\($0): by means", "by ρs"] } + ["LRT / weight sampling, by means", "by ρs"],
      rows: titles.indices.map { index in
        let own = of(index, noise)
        let ratios: [(GradientNoise) -> Double] = [\.byMean, \.byRho]
        return [.text(titles[index])]
          + titles.indices.flatMap { estimator in
            ratios.map { value in cell(own.map { value($0[estimator]) }) }
          } + ratios.map { value in cell(own.map { value($0[1]) / value($0[0]) }) }
      })
  }

  private func timeTable(_ times: [Double]) -> ResultTable {
    ResultTable(
      "Processor time of an epoch, median, one thread (the report: 317.8 ms and 211.7 ms on a GPU, 0.67)",
      head: ["estimator", "an epoch, ms", "of weight sampling"],
      rows: zip(titles + ["local reparameterisation, 1 sample a step"], times).map { title, time in
        [.text(title), cell(1_000 * time), cell(time / times[0])]
      })
  }

  private func figures(
    _ label: String, _ trained: [TrainedModel], _ predictions: [RegressionPrediction]
  ) -> [ExperimentResult.NamedFigure] {
    let first = titles.indices.map { (name: titles[$0], model: trained[$0]) }
    return [
      .init(
        "figure-14-gaussian-\(label)",
        Figure(
          panels: titles.indices.map {
            predictions[$0].bandPanel(titles[$0], draws: settings.bandDraws)
          }, columns: 3)),
      .init(
        "figure-15-gaussian-\(label)",
        Figure(
          panels: [
            TrainingCurves.panel("cost of a whole epoch", y: "−ELBO, nats", first, scale: .log) {
              $0.negativeELBO
            },
            TrainingCurves.panel("error at the test points", y: "RMSE", first, range: 0...2) {
              $0.metrics.first
            },
          ], columns: 2)),
    ]
  }
}

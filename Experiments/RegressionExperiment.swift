public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditFigures
import BanditLearning
import Foundation

/// 25 networks, 25 networks with dropout and two Bayesian networks on the toy regression.
public struct RegressionExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Networks of an ensemble.
    public var members = 25
    /// The share of hidden units that dropout leaves out.
    public var dropout = 0.5
    /// −ln σ of the Gaussian prior.
    public var gaussian = 1.0
    /// −ln σ₁ of the mixture prior.
    public var mixture1 = 1.0
    /// −ln σ₂ of the mixture prior.
    public var mixture2 = 6.0
    /// The weight of the mixture's wide component.
    public var mixtureWeight = 0.5
    /// Passes over the training points under the mixture.
    public var mixtureEpochs = 25_000
    /// Data, networks, training.
    public var regression = RegressionSettings()

    /// The report's.
    public init() {}
  }

  /// `regression`.
  public static let name = "regression"
  /// Six members.
  public static let quick = RegressionSettings.quick + ["members=6", "mixtureEpochs=600"]
  /// The report's, or its own.
  public static let figures = ["figure-1", "figure-7", "figure-10", "figure-11"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 55, full: 1_600)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Toy regression: 25 networks, 25 with dropout, Bayesian ones with Gaussian and mixture priors.",
    paper: "Blundell et al. 2015, §5.2 and figure 5; the report, §4.1 and figures 1, 7, 10 and 11",
    deviations: """
      MC dropout, a band of one dropout network's own masks, is shown beside the report's ensembles. Test points are \
      on [-0.2, 1.4], as in the report's program (its text says [-0.5, 1.5]).
      """,
    settings: [
      "members": "networks of an ensemble", "dropout": "share of hidden units that dropout leaves out",
      "gaussian": "-ln sigma of the Gaussian prior", "mixture1": "-ln sigma1 of the mixture prior",
      "mixture2": "-ln sigma2 of the mixture prior",
      "mixtureWeight": "weight of the mixture's wide component",
      "mixtureEpochs": "passes over the training points under the mixture prior",
    ].merging(RegressionSettings.help) { own, _ in own })

  private let configuration: Configuration
  private let settings: RegressionSettings
  private let mixtureSettings: RegressionSettings
  private let gaussian: WeightPrior
  private let mixture: WeightPrior

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    try ConfigurationError.require(
      (1...1_000).contains(configuration.members), key: "members", given: configuration.members,
      allowed: "1 to 1000")
    try ConfigurationError.require(
      (0..<1).contains(configuration.dropout), key: "dropout", given: configuration.dropout,
      allowed: "from 0 to below 1")
    self.configuration = configuration
    settings = try configuration.regression.validated()
    mixtureSettings = try settings.with(epochs: configuration.mixtureEpochs, key: "mixtureEpochs")
    gaussian = try PriorSettings.gaussian(configuration.gaussian)
    mixture = try PriorSettings.mixture(
      configuration.mixture1, configuration.mixture2, weight: configuration.mixtureWeight)
  }

  /// Trains all networks and shows their predictions.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let cases = Self.cases
    let trained = try laboratory.train(laboratory.seeds.flatMap(fits))
    var groups: [[TrainedModel]] = []
    for seed in laboratory.seeds {
      for name in cases {
        groups.append(trained.filter { $0.settings.seed == seed && $0.settings.name == name })
      }
      // One network alone, with its masks at prediction.
      groups.append(Array(groups[groups.count - cases.count + 1].prefix(1)))
    }
    let perSeed = cases.count + 1
    let predictions = try laboratory.predict(groups, draws: settings.scoreDraws) {
      $0 % perSeed == cases.count
    }
    let rows = (0..<perSeed).map { index in
      row(
        index, stride(from: index, to: predictions.count, by: perSeed).map { predictions[$0] })
    }
    let table = ResultTable(
      "Toy regression, \(laboratory.seeds.count) seed(s)",
      head: ["model", "RMSE in range", "RMSE"] + PredictiveScore.heads
        + ["report (gibbs_ll)", "band in range", "band outside"], rows: rows)
    return ExperimentResult(
      tables: [table], figures: figures(Array(predictions.prefix(perSeed))))
  }

  private static let cases = ["dnn", "dropout", "bnn-gaussian", "bnn-mixture"]
  private static let titles = [
    "networks", "networks with dropout", "Bayesian, Gaussian prior", "Bayesian, mixture prior",
    "MC dropout, one network",
  ]
  /// The report's numbers, of the networks that it scores.
  private static let reported = [nil, nil, -16.21, -3.21, nil]

  /// All trainings of a seed; the longest come first, so that no core waits for them at the end.
  private func fits(_ seed: UInt64) -> [FitSettings] {
    let cases = Self.cases
    return [
      mixtureSettings.bayesian(Self.name, cases[3], seed: seed, prior: mixture),
      settings.bayesian(Self.name, cases[2], seed: seed, prior: gaussian),
    ]
      + (0..<configuration.members).flatMap { member in
        [
          settings.point(Self.name, cases[0], seed: seed, member: member),
          settings.point(Self.name, cases[1], seed: seed, member: member, dropout: configuration.dropout),
        ]
      }
  }

  private func row(_ index: Int, _ predictions: [RegressionPrediction]) -> [ResultCell] {
    let scores = predictions.map { $0.score(sigma: settings.noiseSigma) }
    let bands = predictions.map { $0.bandWidths(draws: settings.bandDraws) }
    return [.text(Self.titles[index]), cell(predictions.map(\.rmseInRange)), cell(predictions.map(\.rmse))]
      + PredictiveScore.cells(scores)
      + [cell(Self.reported[index]), cell(bands.map(\.inside)), cell(bands.map(\.outside))]
  }

  private func figures(_ predictions: [RegressionPrediction]) -> [ExperimentResult.NamedFigure] {
    let titles = Self.titles
    let draws = settings.bandDraws
    let panels = predictions.enumerated().map { $1.bandPanel(titles[$0], draws: draws) }
    return [
      .init("figure-1", Figure(panels: [panels[0]])),
      .init("figure-7", Figure(panels: [panels[0], panels[1], panels[4]], columns: 3)),
      .init(
        "figure-10",
        Figure(panels: [2, 3].map { predictions[$0].curvePanel(titles[$0], curves: 10) }, columns: 2)),
      .init("figure-11", Figure(panels: [panels[2], panels[3]], columns: 2)),
    ]
  }
}

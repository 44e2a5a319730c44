public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditFigures
import BanditLearning

/// Bayesian networks, point networks and dropout on MNIST: test errors and learning curves.
public struct MNISTExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The kinds of networks.
    public var models = MNISTModel.allCases
    /// Units of each of the two hidden layers.
    public var units = [400, 800, 1_200]
    /// Draws of the weights for test errors.
    public var testDraws = 50
    /// Data, priors, training.
    public var training = MNISTSettings()

    /// The report's.
    public init() {}
  }

  /// `mnist`.
  public static let name = "mnist"
  /// Two networks, a few epochs.
  public static let quick = [
    "models=bnn-gaussian,dnn", "units=400", "epochs=5", "learningRate=1e-3", "evaluateEvery=1",
    "testDraws=10",
  ]
  /// The report's, or its own.
  public static let figures = ["figure-18"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 18, full: 39000)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "MNIST: Bayesian networks, point networks and dropout of three sizes; test errors by epoch.",
    paper: "Blundell et al. 2015, §5.1 and table 1; the report, §4.2, table 3 and figure 18",
    deviations: """
      10,000 training images validate and are not trained on; the report trains on all 60,000 and watches the test \
      images (validation=0). All 10,000 test images count and the last minibatch is trained on; the report drops what \
      does not fill a minibatch of 128 on both sides. Under klWeight=blundell Adam follows the complexity cost far more \
      slowly than under klWeight=uniform, which reaches a wider posterior and a greater error. A network with a \
      Laplace prior is trained too.
      """,
    settings: [
      "models": "kinds of networks",
      "units": "units of each of the two hidden layers", "testDraws": "draws of the weights for test errors",
    ].merging(MNISTSettings.help) { own, _ in own })

  /// The report's images.
  public static let presets = [
    Preset(
      name: "paper", summary: "all 60,000 images train, in whole minibatches, as in the report's program",
      settings: ["validation=0", "dropLast=true"])
  ]

  private struct Case {
    let model: MNISTModel
    let units: Int
    var title: String { "\(model.title), \(units)" }
  }

  private let cases: [Case]
  private let settings: MNISTSettings
  private let draws: Int

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    let models = configuration.models
    try ConfigurationError.require(
      !models.isEmpty, key: "models", given: "", allowed: "at least one kind of network")
    try ConfigurationError.require(
      !configuration.units.isEmpty && configuration.units.allSatisfy { (1...4_096).contains($0) },
      key: "units", given: configuration.units,
      allowed: "sizes of 1 to 4096")
    try ConfigurationError.require(
      (1...10_000).contains(configuration.testDraws), key: "testDraws", given: configuration.testDraws,
      allowed: "1 to 10000")
    settings = try configuration.training.validated()
    cases = models.flatMap { model in configuration.units.map { Case(model: model, units: $0) } }
    draws = configuration.testDraws
  }

  /// Reads the images.
  public func check(in laboratory: Laboratory) throws { _ = try laboratory.images.examples(settings.task) }

  /// Trains all networks and scores them on the test images.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let fits = try cases.flatMap { entry in
      try laboratory.seeds.map { try settings.fit(Self.name, entry.model, units: entry.units, seed: $0) }
    }
    let trained = try laboratory.train(fits)
    let data = try laboratory.images.examples(settings.task)
    let scores = try laboratory.sideBySide(fits.map { "\($0.folder) test" }) { index, _ in
      var model = trained[index].model
      var batch = fits[index].minibatch
      return model.score(data.test, draws: fits[index].network.draws(draws), batch: &batch)
    }
    let seeds = laboratory.seeds.count
    let rows = cases.indices.map { index in
      let own = (index * seeds)..<((index + 1) * seeds)
      return row(cases[index], own.map { trained[$0] }, own.map { scores[$0] })
    }
    let table = ResultTable(
      "Table 3: errors on MNIST in percent, \(seeds) seed(s), \(draws) draws of the weights", head: Self.head,
      rows: rows)
    let first = cases.indices.map { (name: cases[$0].title, model: trained[$0 * seeds]) }
    return ExperimentResult(
      tables: [table], figures: [.init("figure-18", Figure(panels: curves(first), columns: 2))])
  }

  private static let head = [
    "model", "units", "parameters", "test error, %", "report, %", "Blundell, %", "test NLL", "Brier",
    "validation error, %",
  ]

  private func row(_ entry: Case, _ trained: [TrainedModel], _ scores: [ClassScore]) -> [ResultCell] {
    let published = entry.model.published(units: entry.units)
    let validation = trained.compactMap { model in
      settings.validation > 0 ? model.records.last?.metrics.first.map { 100 * $0 } : nil
    }
    return [
      .text(entry.model.title), .count(entry.units), .count(trained[0].settings.network.parameterCount),
      cell(scores.map { 100 * (1 - $0.accuracy) }), cell(published?.report), cell(published?.blundell),
      cell(scores.map(\.negativeLogLikelihood)), cell(scores.map(\.brierScore)), cell(validation),
    ]
  }

  private func curves(_ models: [(name: String, model: TrainedModel)]) -> [Panel] {
    let test = settings.validation > 0 ? 2 : 0
    return [
      TrainingCurves.panel("test images", y: "error, %", models, range: 1...4) {
        $0.metrics.isEmpty ? nil : 100 * $0.metrics[test]
      },
      TrainingCurves.panel("test images", y: "NLL, nats", models, range: 0...0.3) {
        $0.metrics.isEmpty ? nil : $0.metrics[test + 1]
      },
    ]
  }
}

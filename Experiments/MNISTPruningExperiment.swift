public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditFiles
import BanditFigures
import Foundation

/// What is left of Bayesian networks' accuracy without the weights of the lowest signal-to-noise ratios.
public struct MNISTPruningExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Shares of all weights to prune.
    public var shares = [0, 0.25, 0.5, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 1]
    /// Which images.
    public var images = MeasuredImages.test
    /// The networks.
    public var saved = SavedModelSettings()

    /// The report's and Blundell's shares.
    public init() {}
  }

  /// `mnist-pruning`.
  public static let name = "mnist-pruning"
  /// Fewer shares and draws.
  public static let quick = ["shares=0,0.5,0.75,0.95", "draws=10"]
  /// The report's, or its own.
  public static let figures = ["figure-20", "figure-21"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 2, full: 40)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "MNIST: test error of Bayesian networks without the weights of low signal-to-noise ratio.",
    paper: "Blundell et al. 2015, §5.1, figures 3 and 4, table 2; the report, §4.2, figures 20 and 21",
    deviations: """
      Pruned weights are zero in every draw. All test images count. The networks are those of the experiment mnist, \
      which is to be run before.
      """,
    settings: [
      "shares": "shares of all weights to prune, lowest ratios first",
      "images": "images to predict: test, or validation to choose by",
    ].merging(SavedModelSettings.help) { own, _ in own })

  private let shares: [Double]
  private let images: MeasuredImages
  private let saved: SavedModelSettings

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    shares = configuration.shares
    try ConfigurationError.require(
      !shares.isEmpty && shares.allSatisfy { (0...1).contains($0) }, key: "shares",
      given: shares,
      allowed: "numbers from 0 to 1 with commas between them")
    images = configuration.images
    saved = try configuration.saved.validated()
  }

  /// What pruning one network came to.
  private struct Outcome: Sendable {
    /// By share, in percent.
    var errors: [Double] = []
    /// By share and layer.
    var layers: [[Double]] = []
    /// Decibels of each layer's weights.
    var decibels: [[Double]] = []
  }

  /// Reads the networks and the images.
  public func check(in laboratory: Laboratory) throws {
    for model in try models(laboratory) { _ = try model.images(images, in: laboratory.images) }
  }

  private func models(_ laboratory: Laboratory) throws -> [SavedModel] {
    let models = try SavedModel.read(saved.models, seeds: laboratory.seeds)
    let bayesian = models.filter { $0.model is BayesianModel }
    try ConfigurationError.require(
      !bayesian.isEmpty, key: "models", given: saved.models,
      allowed: "folders with a Bayesian network among them")
    return bayesian
  }

  /// Prunes all Bayesian networks.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let models = try models(laboratory)
    let outcomes = try laboratory.sideBySide(models.map { "\($0.settings.folder) pruned" }) { index, part in
      try outcome(models[index], laboratory, part.report)
    }
    let cases = models.cases
    var start = 0
    var rows: [[ResultCell]] = []
    var layerRows: [[ResultCell]] = []
    for entry in cases {
      let own = outcomes[start..<(start + entry.count)]
      start += entry.count
      rows.append(
        [.text(entry[0].title)] + shares.indices.map { share in cell(own.map { $0.errors[share] }) })
      for layer in own.first?.layers.first?.indices ?? 0..<0 {
        layerRows.append(
          ["\(entry[0].title), layer \(layer + 1)"]
            + shares.indices.map { share in cell(own.map { 100 * $0.layers[share][layer] }) })
      }
    }
    let head = ["model"] + shares.map { "\(CSVLog.text(100 * $0)) %" }
    let title = "pruned, \(laboratory.seeds.count) seed(s), \(saved.draws) draws of the weights"
    return ExperimentResult(
      tables: [
        ResultTable(
          "Error on \(images) images in percent by share of weights \(title)", head: head,
          rows: rows + published, unit: "%"),
        ResultTable(
          "Figure 21: percent of each layer's weights \(title)", head: head, rows: layerRows, unit: "%"),
      ],
      figures: figures(models, outcomes))
  }

  private func outcome(
    _ saved: SavedModel, _ laboratory: Laboratory, _ report: (Double) -> Void
  ) throws -> Outcome {
    guard let model = saved.model as? BayesianModel else { preconditionFailure("only posteriors are pruned") }
    let images = try saved.images(images, in: laboratory.images)
    let pruning = WeightPruning(model)
    var batch = saved.settings.minibatch
    var result = Outcome()
    for (index, share) in shares.enumerated() {
      if laboratory.shouldStop() { throw ExperimentInterrupted() }
      let threshold = pruning.threshold(share)
      var pruned: any SupervisedModel = pruning.pruned(below: threshold)
      result.errors.append(
        100 * (1 - pruned.score(images, draws: self.saved.draws, batch: &batch).accuracy))
      result.layers.append(pruning.shares(below: threshold))
      report(Double(index + 1) / Double(shares.count))
    }
    result.decibels = pruning.ratios.map { $0.map { 10 * log10(Double(max($0, 1e-12))) } }
    return result
  }

  /// The published errors by share, as rows of the table.
  private var published: [[ResultCell]] {
    let rows: [(String, [Double: Double])] = [
      ("report, Gaussian prior, 400, 600 epochs", [0: 1.4, 0.5: 1.4, 0.75: 1.4, 0.9: 2.3, 0.95: 11.1]),
      ("report, Gaussian prior, 1200, 600 epochs", [0: 1.3, 0.5: 1.3, 0.75: 1.2, 0.9: 1.3, 0.95: 1.9]),
      ("Blundell, mixture prior, 1200", [0: 1.24, 0.5: 1.24, 0.75: 1.24, 0.95: 1.29, 0.98: 1.39]),
    ]
    return rows.map { title, errors in [.text(title)] + shares.map { cell(errors[$0]) } }
  }

  private func figures(_ models: [SavedModel], _ outcomes: [Outcome]) -> [ExperimentResult.NamedFigure] {
    let percent = shares.map { 100 * $0 }
    let accuracy = models.indices.map { index in
      Series.line(
        models[index].name, x: percent, y: outcomes[index].errors.map { 100 - $0 }, color: .number(index))
    }
    let pruned = Axis("weights pruned, %", range: 0...100)
    let first = outcomes[0]
    func perLayer(_ series: (_ name: String, _ layer: Int) -> Series) -> [Series] {
      first.decibels.indices.map { series("layer \($0 + 1)", $0) }
    }
    let layers = perLayer { name, layer in
      .line(name, x: percent, y: first.layers.map { 100 * $0[layer] }, color: .number(layer))
    }
    let ratios = perLayer { name, layer in
      .histogram(name, values: first.decibels[layer], bins: 80, range: -30...20, color: .number(layer))
    }
    return [
      .init(
        "figure-20",
        Figure(
          panels: [
            Panel(
              title: "all", x: pruned, y: Axis("\(images) accuracy, %", range: 0...100), series: accuracy),
            Panel(
              title: "the upper end", x: pruned, y: Axis("\(images) accuracy, %", range: 95...99),
              series: accuracy
            ),
          ], columns: 2)),
      .init(
        "figure-21",
        Figure(
          title: models[0].name,
          panels: [
            Panel(x: pruned, y: Axis("of the layer, %", range: 0...100), series: layers),
            Panel(x: Axis("signal-to-noise ratio, dB"), y: Axis("density"), series: ratios),
          ], columns: 2)),
    ]
  }
}

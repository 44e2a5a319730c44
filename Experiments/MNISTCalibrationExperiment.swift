public import BanditLaboratory
import BanditSimulation
import BanditTraining
public import BanditCore
import BanditData
import BanditFigures
import Foundation

/// How far the probabilities that networks give to digits can be trusted.
public struct MNISTCalibrationExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Intervals of probability in the reliability curves.
    public var bins = 10
    /// Intervals of probability for the expected calibration error.
    public var errorBins = 15
    /// Which images.
    public var images = MeasuredImages.test
    /// The networks.
    public var saved = SavedModelSettings()

    /// The report's bins.
    public init() {}
  }

  /// `mnist-calibration`.
  public static let name = "mnist-calibration"
  /// Fewer draws.
  public static let quick = ["draws=10"]
  /// The report's, or its own.
  public static let figures = ["figure-19"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 1, full: 8)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "MNIST: reliability curves, calibration errors, NLL and Brier scores of trained networks.",
    paper: "The report, §4.2 and figure 19; Guo et al. 2017, equation 3",
    deviations: """
      The report bins the probabilities of all ten classes and leaves those of 1 out of its figure; here they are in \
      the last bin, and the report's version of that bin stands in the table. The expected calibration error takes \
      the predicted class alone. The networks are those of the experiment mnist, which is to be run before.
      """,
    settings: [
      "images": "images to predict: test, or validation to choose by",
      "bins": "intervals of probability in the reliability curves",
      "errorBins": "intervals of probability for the expected calibration error",
    ].merging(SavedModelSettings.help) { own, _ in own })

  private let configuration: Configuration
  private let saved: SavedModelSettings

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    for (key, value) in [("bins", configuration.bins), ("errorBins", configuration.errorBins)] {
      try ConfigurationError.require(
        (2...1_000).contains(value), key: key, given: value, allowed: "2 to 1000")
    }
    self.configuration = configuration
    saved = try configuration.saved.validated()
  }

  /// What one network's predictions came to.
  private struct Outcome: Sendable {
    let score: ClassScore
    let topLabel: Reliability
    let classWise: Reliability
    let asReported: Reliability
  }

  /// Reads the networks and the images.
  public func check(in laboratory: Laboratory) throws {
    for model in try SavedModel.read(saved.models, seeds: laboratory.seeds) {
      _ = try model.images(configuration.images, in: laboratory.images)
    }
  }

  /// Predicts the test images with all networks.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let models = try SavedModel.read(saved.models, seeds: laboratory.seeds)
    let outcomes = try laboratory.sideBySide(models.map { "\($0.settings.folder) predictions" }) { index, _ in
      let images = try models[index].images(configuration.images, in: laboratory.images)
      let predictions = models[index].predictions(images, draws: saved.draws)
      return Outcome(
        score: ClassScore(predictions, labels: images.targets),
        topLabel: .topLabel(predictions, labels: images.targets, bins: configuration.errorBins),
        classWise: .classWise(predictions, labels: images.targets, bins: configuration.bins),
        asReported: .classWise(
          predictions, labels: images.targets, bins: configuration.bins, isSaturationKept: false))
    }
    var start = 0
    let rows = models.cases.map { entry in
      defer { start += entry.count }
      return row(entry[0].title, Array(outcomes[start..<(start + entry.count)]))
    }
    let table = ResultTable(
      "Calibration on MNIST's \(configuration.images) images, \(laboratory.seeds.count) seed(s), \(saved.draws) draws of the weights",
      head: [
        "model", "error, %", "mean confidence, %", "ECE", "class-wise ECE", "NLL", "Brier",
        "right of the last bin, %", "the same without p = 1, %", "predictions of p = 1",
      ], rows: rows)
    return ExperimentResult(tables: [table], figures: [.init("figure-19", figure(models, outcomes))])
  }

  private func row(_ title: String, _ outcomes: [Outcome]) -> [ResultCell] {
    [
      .text(title), cell(outcomes.map { 100 * (1 - $0.score.accuracy) }),
      cell(outcomes.map { 100 * $0.topLabel.meanConfidence }), cell(outcomes.map(\.topLabel.expectedError)),
      cell(outcomes.map(\.classWise.expectedError)), cell(outcomes.map(\.score.negativeLogLikelihood)),
      cell(outcomes.map(\.score.brierScore)),
      cell(outcomes.compactMap { $0.classWise.bins.last?.accuracy.map { 100 * $0 } }),
      cell(outcomes.compactMap { $0.asReported.bins.last?.accuracy.map { 100 * $0 } }),
      cell(outcomes.map { Double($0.topLabel.saturated) }),
    ]
  }

  private func figure(_ models: [SavedModel], _ outcomes: [Outcome]) -> Figure {
    func panel(_ title: String, _ calibration: (Outcome) -> Reliability) -> Panel {
      let curves = models.indices.map { index in
        // A handful of predictions says nothing of a share.
        let bins = calibration(outcomes[index]).bins.filter { $0.count >= 10 }
        return Series.line(
          models[index].name, x: bins.compactMap(\.confidence), y: bins.compactMap(\.accuracy),
          color: .number(index))
      }
      return Panel(
        title: title, x: Axis("probability", range: 0...1), y: Axis("share right", range: 0...1),
        series: [.dashedLine("calibrated", x: [0, 1], y: [0, 1])] + curves)
    }
    return Figure(
      panels: [
        panel("all classes") { $0.classWise },
        panel("all classes without p = 1 (the report's)") { $0.asReported },
        panel("predicted class") { $0.topLabel },
      ], columns: 3)
  }
}

public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditFigures
import BanditLearning
import BanditNumerics
import Foundation

/// The distributions of the weights of trained networks.
public struct MNISTWeightsExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Bins of the histograms.
    public var bins = 100
    /// Where the histograms end, on both sides.
    public var range = 0.3
    /// Folders of the experiment `mnist`.
    public var models = SavedModelSettings().models

    /// The report's interval.
    public init() {}
  }

  /// `mnist-weights`.
  public static let name = "mnist-weights"
  /// Fewer bins.
  public static let quick = ["bins=50"]
  /// The report's, or its own.
  public static let figures = ["figure-16", "figure-17"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 1, full: 2)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "MNIST: histograms of the weights of Bayesian networks, point networks and dropout.",
    paper: "Blundell et al. 2015, figure 2; the report, §4.2, figures 16 and 17",
    deviations: """
      Biases are left out. A Bayesian network has one draw of its weights and its means shown, each by itself. The \
      networks are those of the experiment mnist, which is to be run before.
      """,
    settings: [
      "bins": "bins of the histograms", "range": "where the histograms end, on both sides of 0",
      "models": SavedModelSettings.modelsHelp,
    ])

  private let configuration: Configuration

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    try ConfigurationError.require(
      (2...10_000).contains(configuration.bins), key: "bins", given: configuration.bins, allowed: "2 to 10000"
    )
    try ConfigurationError.require(
      configuration.range > 0, key: "range", given: configuration.range, allowed: "above 0")
    self.configuration = configuration
  }

  /// The weights of one network.
  private struct Weights: Sendable {
    /// One draw, or the point estimates.
    let drawn: [Double]
    /// The posterior's; empty without one.
    var means: [Double] = []
    var deviations: [Double] = []

    init(_ model: any SupervisedModel) {
      if var bayesian = model as? BayesianModel {
        bayesian.draw()
        let network = bayesian.network
        let places = network.architecture.layers.flatMap { Array($0.weights..<$0.biases) }
        let (drawn, means, deviations) = (network.drawnWeights, network.means, network.standardDeviations)
        self.drawn = places.map { Double(drawn[$0]) }
        self.means = places.map { Double(means[$0]) }
        self.deviations = places.map { Double(deviations[$0]) }
      } else if let point = model as? PointModel {
        let parameters = point.network.parameters
        drawn = point.network.architecture.layers.flatMap { layer in
          (layer.weights..<layer.biases).map { Double(parameters[$0]) }
        }
      } else {
        preconditionFailure("fully connected networks have these weights")
      }
    }
  }

  /// Reads the networks.
  public func check(in laboratory: Laboratory) throws {
    _ = try SavedModel.read(configuration.models, seeds: laboratory.seeds)
  }

  /// Shows the weights of all networks.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let models = try SavedModel.read(configuration.models, seeds: laboratory.seeds)
    let weights = models.map { Weights($0.model) }
    var start = 0
    let rows = models.cases.map { entry in
      defer { start += entry.count }
      return row(entry[0].title, Array(weights[start..<(start + entry.count)]))
    }
    let table = ResultTable(
      "Weights without biases, \(laboratory.seeds.count) seed(s)",
      head: [
        "model", "standard deviation", "median of |w|", "|w| < 0.01, %", "excess kurtosis",
        "standard deviation of means", "median of σ",
      ], rows: rows)
    var figures = [
      ExperimentResult.NamedFigure("figure-16", Figure(panels: [panel("", models, weights.map(\.drawn))]))
    ]
    let bayesian = models.indices.filter { !weights[$0].means.isEmpty }
    if !bayesian.isEmpty {
      let chosen = bayesian.map { models[$0] }
      figures.append(
        .init(
          "figure-17",
          Figure(
            panels: [
              panel("a draw of the weights", chosen, bayesian.map { weights[$0].drawn }),
              panel("means", chosen, bayesian.map { weights[$0].means }),
            ], columns: 2)))
    }
    return ExperimentResult(tables: [table], figures: figures)
  }

  private func row(_ title: String, _ weights: [Weights]) -> [ResultCell] {
    let shapes = weights.map { Shape($0.drawn) }
    let posterior = weights.filter { !$0.means.isEmpty }
    return [
      .text(title), cell(shapes.map(\.deviation)), cell(shapes.map(\.medianMagnitude)),
      cell(shapes.map { 100 * $0.shareNearZero }), cell(shapes.map(\.excessKurtosis)),
      cell(posterior.map { Shape($0.means).deviation }),
      cell(posterior.map { Shape($0.deviations).medianMagnitude }),
    ]
  }

  private func panel(_ title: String, _ models: [SavedModel], _ values: [[Double]]) -> Panel {
    let range = -configuration.range...configuration.range
    return Panel(
      title: title.isEmpty ? nil : title, x: Axis("weight", range: range), y: Axis("density"),
      series: models.indices.map { index in
        .histogram(
          models[index].name, values: values[index], bins: configuration.bins, range: range,
          color: .number(index))
      })
  }
}

/// Numbers that say how values are spread.
private struct Shape {
  let deviation: Double
  let medianMagnitude: Double
  let shareNearZero: Double
  let excessKurtosis: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    var second = 0.0
    var fourth = 0.0
    for value in values {
      let square = (value - mean) * (value - mean)
      second += square / count
      fourth += square * square / count
    }
    deviation = second.squareRoot()
    excessKurtosis = fourth / (second * second) - 3
    let magnitudes = values.map(abs).sorted()
    medianMagnitude = magnitudes[magnitudes.count / 2]
    shareNearZero = Double(magnitudes.count { $0 < 0.01 }) / count
  }
}

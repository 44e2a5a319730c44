import BanditFiles
public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditFigures
import BanditLearning
import Foundation

/// The densities of the priors.
public struct PriorsExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// −ln σ₁ of the mixtures.
    public var mixtures1 = [0.0, 1, 2]
    /// −ln σ₂ of the mixtures.
    public var mixtures2 = [6.0, 7, 8]
    /// The weight of a mixture's wide component.
    public var mixtureWeight = 0.5
    /// The scale of the Laplace prior.
    public var laplaceScale = 1.0
    /// Places on each axis.
    public var points = 801

    /// The report's.
    public init() {}
  }

  /// `priors`.
  public static let name = "priors"
  /// Fewer places.
  public static let quick = ["points=201"]
  /// The report's, or its own.
  public static let figures = ["figure-2", "figure-3"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 1, full: 1)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "The densities of the priors: mixtures of several widths, and Gaussian, mixture and Laplace.",
    paper:
      "Blundell et al. 2015, §3.3 and equation 7; the report, §2.4, equations 14 and 15, figures 2 and 3",
    deviations: "The report does not say the scale of its Laplace distribution; 1 is taken.",
    settings: [
      "mixtures1": "-ln sigma1 of the mixtures", "mixtures2": "-ln sigma2 of the mixtures",
      "mixtureWeight": "weight of a mixture's wide component", "laplaceScale": "scale of the Laplace prior",
      "points": "places on each axis",
    ])

  private let configuration: Configuration
  /// −ln σ₁ and −ln σ₂ of the mixtures.
  private let firsts: [Double]
  private let seconds: [Double]
  /// The mixtures, all σ₂ of a σ₁ together.
  private let mixtures: [(title: String, prior: WeightPrior)]

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    try ConfigurationError.require(
      (2...100_000).contains(configuration.points), key: "points", given: configuration.points,
      allowed: "2 to 100000")
    try ConfigurationError.require(
      configuration.laplaceScale > 0, key: "laplaceScale", given: configuration.laplaceScale,
      allowed: "above 0")
    firsts = configuration.mixtures1
    seconds = configuration.mixtures2
    mixtures = try Self.mixtures(configuration, firsts, seconds)
    try ConfigurationError.require(
      !mixtures.isEmpty, key: "mixtures1", given: firsts,
      allowed: "at least one, as mixtures2")
    self.configuration = configuration
  }

  /// Draws the densities.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let kinds = [
      ("Gaussian", WeightPrior.gaussian(sigma: 1)), ("mixture", mixtures[0].prior),
      ("Laplace", WeightPrior.laplace(scale: configuration.laplaceScale)),
    ]
    let points = configuration.points
    let rows = (kinds.map { ($0.0, $0.1) } + mixtures.map { ($0.title, $0.prior) }).map { name, prior in
      [.text(name)] + [0.0, 0.01, 0.1, 1, 3].map { cell(exp(prior.logDensity($0))) } + [
        cell(mass(prior, within: 0.1))
      ]
    }
    return ExperimentResult(
      tables: [
        ResultTable(
          "Densities of the priors",
          head: ["prior", "p(0)", "p(0.01)", "p(0.1)", "p(1)", "p(3)", "P(|w| < 0.1)"],
          rows: rows)
      ],
      figures: [
        .init(
          "figure-2",
          Figure(
            panels: [
              panel(
                "the wide component, −ln σ₂ = \(CSVLog.text(seconds[0]))",
                firsts.indices.map {
                  ("−ln σ₁ = \(CSVLog.text(firsts[$0]))", mixtures[$0 * seconds.count].prior)
                },
                range: -4...4, points: points, top: 0...2),
              panel(
                "the narrow one, −ln σ₁ = \(CSVLog.text(firsts[0]))",
                seconds.indices.map { ("−ln σ₂ = \(CSVLog.text(seconds[$0]))", mixtures[$0].prior) },
                range: -0.01...0.01, points: points, top: nil, colorOffset: 3),
            ], columns: 2)),
        .init("figure-3", Figure(panels: [panel("", kinds, range: -4...4, points: points, top: 0...1)])),
      ])
  }

  private static func mixtures(
    _ configuration: Configuration, _ firsts: [Double], _ seconds: [Double]
  ) throws(ConfigurationError) -> [(title: String, prior: WeightPrior)] {
    var result: [(title: String, prior: WeightPrior)] = []
    for first in firsts {
      for second in seconds {
        let prior = try PriorSettings.mixture(first, second, weight: configuration.mixtureWeight)
        result.append(("−ln σ₁ = \(CSVLog.text(first)), −ln σ₂ = \(CSVLog.text(second))", prior))
      }
    }
    return result
  }

  private func panel(
    _ title: String, _ priors: [(String, WeightPrior)], range: ClosedRange<Double>, points: Int,
    top: ClosedRange<Double>?, colorOffset: Int = 0
  ) -> Panel {
    let x = ToyRegression.places(points, on: range)
    return Panel(
      title: title.isEmpty ? nil : title, x: Axis("w", range: range), y: Axis("density", range: top),
      series: priors.enumerated().map { index, prior in
        .line(prior.0, x: x, y: x.map { exp(prior.1.logDensity($0)) }, color: .number(index + colorOffset))
      })
  }

  /// The probability of an interval around zero, in closed form.
  private func mass(_ prior: WeightPrior, within bound: Double) -> Double {
    func normal(_ sigma: Double) -> Double { erf(bound / (sigma * 2.0.squareRoot())) }
    switch prior {
    case .gaussian(let sigma): return normal(sigma)
    case .laplace(let scale): return 1 - exp(-bound / scale)
    case .mixture(let weight, let sigma1, let sigma2):
      return weight * normal(sigma1) + (1 - weight) * normal(sigma2)
    }
  }
}

public import BanditLaboratory
public import BanditTraining
public import BanditCore
import BanditFigures
import BanditLearning
import BanditNumerics

/// Deep ensembles on a noisy cubic: each member's band, the mixture's, and what they say beyond the data.
public struct CubicExperiment: Experiment {
  /// What members can say of a target.
  public enum Head: String, SettingChoice {
    /// A mean and a variance.
    case gaussian
    /// A mean and a Laplace distribution's scale.
    case laplace
    /// A number, trained by squared errors.
    case squaredError = "squared-error"
    /// A number, trained by absolute errors.
    case absoluteError = "absolute-error"

    fileprivate var likelihood: Likelihood {
      switch self {
      case .gaussian: .gaussianMeanVariance
      case .laplace: .laplaceMeanScale
      case .squaredError: .squaredError
      case .absoluteError: .absoluteError
      }
    }
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// What members say of a target.
    public var likelihoods = [Head.gaussian, .laplace]
    /// How members' variances become the mixture's.
    public var combination = MixturePredictions.Combination.moments
    /// Training points.
    public var trainingPoints = 40
    /// The standard deviation of the members' scales: a member starts at N(0, s²) with s = |N(0, initialScale²)|.
    public var initialScale = 0.1
    /// Members and training.
    public var ensemble = EnsembleSettings(
      members: 6, hiddenLayers: [10, 6, 30], epochs: 600, learningRate: 0.08)

    /// The practical's, in their right form.
    public init() {}
  }

  /// `cubic`.
  public static let name = "cubic"
  /// Fewer epochs, no study of sizes.
  public static let quick = ["epochs=300", "largestEnsemble=0"]
  /// The report's, or its own.
  public static let figures = [
    "members-gaussian", "members-gaussian-adversarial", "members-laplace", "members-laplace-adversarial",
    "mixtures",
    "sizes",
  ]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 1, full: 3)

  /// The practical to the letter.
  public static let presets = [
    Preset(
      name: "paper", summary: "the practical's program with its quirks",
      settings: ["frozenAdam=true", "combination=paper", "epsilon=0.08", "epsilonUnit=absolute"])
  ]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Deep ensembles on a noisy cubic: bands of members and mixtures, inside and outside the data.",
    paper: """
      Lakshminarayanan, Pritzel, Blundell 2017, Simple and Scalable Predictive Uncertainty Estimation using Deep \
      Ensembles, §3.1; the practical on deep ensembles, regression
      """,
    deviations: """
      The practical counts a Laplace member of scale b as a variance of 2 b (2 b^2 is right) and passes Adam step 0 at every step: under --preset paper only. Members that fail are counted and stay \
      in the mixture. Squared and absolute errors have no width of their own: their band is the members' spread \
      and a constant.
      """,
    settings: [
      "likelihoods": "what members say of a target",
      "combination": "variance of a mixture by its moments, or as the practical's program",
      "trainingPoints": "training points, on [-4, 4]",
      "initialScale": "standard deviation of the members' scales at the start",
    ].merging(EnsembleSettings.help) { own, _ in own })

  /// A case: what members say of a target, and whether inputs are moved.
  struct Case: Sendable {
    let name: String
    let likelihood: Likelihood
    let isAdversarial: Bool
  }

  private let configuration: Configuration
  private let settings: EnsembleSettings
  private let cases: [Case]
  private let task: CubicTask

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    settings = try configuration.ensemble.validated()
    try ConfigurationError.require(
      (2...10_000).contains(configuration.trainingPoints), key: "trainingPoints",
      given: configuration.trainingPoints, allowed: "2 to 10000")
    try ConfigurationError.require(
      (0...1e3).contains(configuration.initialScale), key: "initialScale", given: configuration.initialScale,
      allowed: "0 to 1000")
    try ConfigurationError.require(
      !configuration.likelihoods.isEmpty, key: "likelihoods", given: "", allowed: "at least one")
    let isPlainOnly = settings.adversarial == .none
    cases = configuration.likelihoods.flatMap { head in
      (isPlainOnly ? [false] : [false, true]).map {
        Case(name: head.rawValue + ($0 ? "-adversarial" : ""), likelihood: head.likelihood, isAdversarial: $0)
      }
    }
    self.configuration = configuration
    var task = CubicTask()
    task.trainingPoints = configuration.trainingPoints
    self.task = task
  }

  /// Trains all ensembles and shows their bands.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let ensembles = laboratory.seeds.flatMap { seed in cases.map { fits(seed, $0) } }
    let size = ensembles[0].count
    let trained = try laboratory.train(ensembles.flatMap { $0 }, prepare: PracticalQuirks.prepare)
    let groups = ensembles.indices.map { Array(trained[($0 * size)..<(($0 + 1) * size)]) }
    let (task, combination) = (task, configuration.combination)
    let all = try laboratory.sideBySide(groups.map { "\($0[0].settings.folder) predictions" }) { index, _ in
      CubicScores(groups[index], task: task, combination: combination)
    }
    let byCase = cases.indices.map { index in
      stride(from: index, to: all.count, by: cases.count).map { all[$0] }
    }
    let report = CubicReport(
      cases: cases, scores: byCase, members: settings.members, seeds: laboratory.seeds, task: task,
      combination: combination)
    return ExperimentResult(tables: report.tables, figures: report.figures)
  }

  private func fits(_ seed: UInt64, _ entry: Case) -> [FitSettings] {
    let examples = task.training(seed: seed)
    return (0..<max(settings.members, settings.largestEnsemble)).map { member in
      var fit = settings.fit(
        Self.name, entry.name, seed: seed, member: member, likelihood: entry.likelihood, data: .cubic(task),
        examples: examples, isAdversarial: entry.isAdversarial, evaluateEvery: settings.epochs)
      var normals = NormalStream(fit.stream.child("initial scale"))
      var scale: [Float] = [0]
      normals.fill(&scale)
      fit.network.pointTraining?.initialScale = configuration.initialScale * Double(abs(scale[0]))
      return fit
    }
  }
}

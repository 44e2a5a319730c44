public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditFigures
import BanditLearning

/// Deep ensembles on three spiral arms: accuracy, likelihood and kinds of uncertainty.
public struct SpiralExperiment: Experiment {
  /// How parameters decay.
  public enum Decay: String, SettingChoice {
    /// By half of `decay` times their squared norm.
    case squares
    /// By `decay` times their norm.
    case norm
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Points of each arm.
    public var pointsPerArm = 1_000
    /// The strength of decay.
    public var decay = 1e-3
    /// Its form.
    public var decayForm = Decay.squares
    /// Whether the cost is a mean over classes too, which leaves the decay that many times stronger.
    public var averageOverClasses = false
    /// The standard deviation of weights and biases at the start.
    public var initialScale = 0.1
    /// Epochs between evaluations.
    public var evaluateEvery = 5
    /// Places of the maps along each axis.
    public var mapSize = 200
    /// Members and training.
    public var ensemble = EnsembleSettings(
      members: 4, hiddenLayers: [150, 150], epochs: 300, learningRate: 0.1)

    /// The practical's, in their right form.
    public init() {}
  }

  /// `spiral`.
  public static let name = "spiral"
  /// Fewer points and epochs, a coarse map.
  public static let quick = ["epochs=100", "pointsPerArm=300", "mapSize=60", "largestEnsemble=4"]
  /// The report's, or its own.
  public static let figures = ["maps-plain", "maps-adversarial", "sizes", "curves"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 1, full: 32)

  /// The practical to the letter.
  public static let presets = [
    Preset(
      name: "paper", summary: "the practical's program with its quirks",
      settings: [
        "frozenAdam=true", "decayForm=norm", "averageOverClasses=true", "epsilon=0.02",
        "epsilonUnit=absolute",
      ])
  ]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Deep ensembles on three spiral arms, with and without adversarial training; maps of uncertainty.",
    paper: """
      Lakshminarayanan, Pritzel, Blundell 2017, Simple and Scalable Predictive Uncertainty Estimation using Deep \
      Ensembles; the practical on deep ensembles, classification; Malinin & Gales 2018 for the kinds of uncertainty
      """,
    deviations: """
      The practical averages the cost over classes too, penalises the norm of the parameters rather than its square, \
      and passes Adam step 0 at every step: all three under --preset paper only. A mean over classes is \
      trained as the sum with the decay multiplied, which gives Adam the same steps. Accuracy and likelihood are \
      given on test points too; the practical has those of the training points alone.
      """,
    settings: [
      "pointsPerArm": "points of each arm, in training and again in testing",
      "decay": "strength of the parameters' decay",
      "decayForm": "decay of half the squared norm, or of the norm",
      "averageOverClasses": "whether the cost is a mean over classes too",
      "initialScale": "standard deviation of weights and biases at the start",
      "evaluateEvery": "epochs between evaluations",
      "mapSize": "places of the maps along each axis",
    ].merging(EnsembleSettings.help) { own, _ in own })

  private let configuration: Configuration
  private let settings: EnsembleSettings
  private let task: SpiralTask

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    settings = try configuration.ensemble.validated()
    for (key, value, range) in [
      ("pointsPerArm", configuration.pointsPerArm, 2...20_000), ("mapSize", configuration.mapSize, 2...1_000),
      ("evaluateEvery", configuration.evaluateEvery, 1...1_000_000),
    ] {
      try ConfigurationError.require(
        range.contains(value), key: key, given: value, allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    for (key, value) in [("decay", configuration.decay), ("initialScale", configuration.initialScale)] {
      try ConfigurationError.require(
        (0...1e3).contains(value), key: key, given: value, allowed: "0 to 1000")
    }
    self.configuration = configuration
    var task = SpiralTask()
    task.pointsPerArm = configuration.pointsPerArm
    self.task = task
  }

  /// Trains all ensembles and shows what they predict.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let cases = cases
    let ensembles = laboratory.seeds.flatMap { seed in cases.map { fits(seed, $0) } }
    let curves = EnsembleCurves(
      examples: task.training(seed: laboratory.seeds[0]), classes: Spiral.arms)
    let (members, firstSeed) = (settings.members, laboratory.seeds[0])
    let trained = try laboratory.train(
      ensembles.flatMap { $0 },
      observe: { $0.seed == firstSeed && $0.member < members ? curves.observer : nil },
      prepare: PracticalQuirks.prepare)
    let starts = ensembles.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    let groups = ensembles.indices.map { Array(trained[starts[$0]..<starts[$0 + 1]]) }
    let (task, mapSize) = (task, configuration.mapSize)
    let all = try laboratory.sideBySide(groups.map { "\($0[0].settings.folder) predictions" }) { index, _ in
      SpiralScores(groups[index], task: task, mapSize: mapSize, mapped: members)
    }
    let byCase = cases.indices.map { index in
      stride(from: index, to: all.count, by: cases.count).map { all[$0] }
    }
    let report = SpiralReport(
      cases: cases, scores: byCase, members: members, seeds: laboratory.seeds, task: task, mapSize: mapSize)
    let scores = try cases.indices.map { try curves.scores(Array(groups[$0].prefix(members))) }
    return ExperimentResult(
      tables: report.tables,
      figures: report.figures + [
        .init("curves", curvesFigure(cases, scores))
      ])
  }

  /// Trained against an adversary, and not.
  private var cases: [String] { settings.adversarial == .none ? ["plain"] : ["adversarial", "plain"] }

  /// An ensemble's trainings; the first case is studied up to the largest ensemble.
  private func fits(_ seed: UInt64, _ name: String) -> [FitSettings] {
    let examples = task.training(seed: seed)
    let count = name == cases[0] ? max(settings.members, settings.largestEnsemble) : settings.members
    return (0..<count).map { member in
      var fit = settings.fit(
        Self.name, name, seed: seed, member: member,
        likelihood: .softmaxCrossEntropy(classes: Spiral.arms), data: .spiral(task), examples: examples,
        isAdversarial: name == "adversarial", evaluateEvery: configuration.evaluateEvery)
      let decay = configuration.decay * (configuration.averageOverClasses ? Double(Spiral.arms) : 1)
      switch configuration.decayForm {
      case .squares: fit.network.weights = .point(l2: decay, dropout: 0)
      case .norm: fit.network.pointTraining?.quirks.normPenalty = decay
      }
      fit.network.pointTraining?.initialScale = configuration.initialScale
      return fit
    }
  }

  /// Accuracy and likelihood of the ensembles of the first seed on the training points.
  private func curvesFigure(_ cases: [String], _ scores: [[ClassScore]]) -> Figure {
    let epochs = (1...settings.epochs).filter {
      $0 % configuration.evaluateEvery == 0 || $0 == settings.epochs
    }.map(Double.init)
    func panel(_ title: String, _ y: String, _ value: KeyPath<ClassScore, Double>) -> Panel {
      Panel(
        title: title, x: Axis("epoch"), y: Axis(y),
        series: cases.indices.map { index in
          .line(
            cases[index], x: epochs, y: scores[index].map { $0[keyPath: value] }, color: .number(index))
        })
    }
    return Figure(
      panels: [
        panel("accuracy, training points", "accuracy", \.accuracy),
        panel("likelihood, training points", "NLL, nats", \.negativeLogLikelihood),
      ], columns: 2)
  }
}

public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditData
import BanditFigures
import BanditLearning

/// Ensembles of growing size on MNIST, and their doubt about pictures of clothes.
public struct MNISTEnsembleExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Networks of the largest ensemble.
    public var members = 15
    /// Units of each hidden layer.
    public var hiddenLayers = [200, 200, 200]
    /// The network whose dropout masks are an ensemble of their own.
    public var mcDropout = 0.1
    /// Data and training.
    public var training = MNISTSettings()

    /// The paper's networks, epochs and minibatches.
    public init() {
      training.epochs = 40
      training.batchSize = 100
      training.learningRate = 1e-3
    }
  }

  /// `mnist-ensemble`.
  public static let name = "mnist-ensemble"
  /// Five members, three epochs.
  public static let quick = ["members=5", "epochs=3"]
  /// The report's, or its own.
  public static let figures = ["size", "entropy"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 20, full: 240)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "MNIST: error, NLL and Brier score by the size of an ensemble; entropies on Fashion-MNIST.",
    paper: "Lakshminarayanan, Pritzel & Blundell 2017, §3.4, §3.5, figures 2 and 3",
    deviations: """
      The networks have no batch normalisation, Adam's rate is 10^-3 (the paper's 0.1 is for networks with it), there \
      is no adversarial training, and the unknown images are Fashion-MNIST's, where the paper has NotMNIST's. MC \
      dropout is one network with as many masks as the ensemble has members.
      """,
    settings: [
      "members": "networks of the largest ensemble", "hiddenLayers": "units of each hidden layer",
      "mcDropout": "dropout of the network that predicts under its masks",
    ].merging(MNISTSettings.help) { own, _ in own })

  private let configuration: Configuration
  private let settings: MNISTSettings

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    try ConfigurationError.require(
      (1...1_000).contains(configuration.members), key: "members", given: configuration.members,
      allowed: "1 to 1000")
    try ConfigurationError.require(
      !configuration.hiddenLayers.isEmpty
        && configuration.hiddenLayers.allSatisfy { (1...4_096).contains($0) },
      key: "hiddenLayers", given: configuration.hiddenLayers.map(String.init).joined(separator: ","),
      allowed: "sizes of 1 to 4096")
    try ConfigurationError.require(
      (0..<1).contains(configuration.mcDropout), key: "mcDropout", given: configuration.mcDropout,
      allowed: "from 0 to below 1")
    self.configuration = configuration
    var settings = configuration.training
    settings.dropout = configuration.mcDropout
    self.settings = try settings.validated()
  }

  /// What a growing ensemble came to.
  private struct Outcome: Sendable {
    /// On MNIST's test images, by size.
    var scores: [ClassScore] = []
    /// Entropies of the mean prediction of each image, in nats, of the largest ensemble; and of its first member.
    var known: [Double] = []
    var unknown: [Double] = []
    var knownOfOne: [Double] = []
    var unknownOfOne: [Double] = []
  }

  /// Reads the images, the unknown ones too.
  public func check(in laboratory: Laboratory) throws {
    _ = try laboratory.images.examples(settings.task)
    _ = try laboratory.images.test(.fashion, settings.pixelScale)
  }

  /// Trains the networks and scores ensembles of 1, 2 and more of them.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let fits = try laboratory.seeds.flatMap { seed in
      try [fit(.dropout, seed, 0)] + (0..<configuration.members).map { try fit(.network, seed, $0) }
    }
    let trained = try laboratory.train(fits)
    let groups = laboratory.seeds.flatMap { seed in
      MNISTEnsembleExperiment.kinds.map { kind in
        trained.filter { $0.settings.seed == seed && $0.settings.name == kind.rawValue }
      }
    }
    let names = groups.map { "\($0[0].settings.folder) ensemble" }
    let outcomes = try laboratory.sideBySide(names) { index, part in
      try outcome(groups[index], laboratory, part.report)
    }
    return ExperimentResult(tables: [table(outcomes), entropies(outcomes)], figures: figures(outcomes))
  }

  private static let kinds = [MNISTModel.network, .dropout]
  private static let titles = ["ensemble", "MC dropout"]

  private func fit(_ kind: MNISTModel, _ seed: UInt64, _ member: Int) throws -> FitSettings {
    var fit = try settings.fit(Self.name, kind, units: 1, seed: seed, member: member)
    fit.name = kind.rawValue
    fit.network.hiddenLayers = configuration.hiddenLayers
    return fit
  }

  private func outcome(
    _ group: [TrainedModel], _ laboratory: Laboratory, _ report: (Double) -> Void
  ) throws -> Outcome {
    let isDropout = group[0].settings.name == MNISTModel.dropout.rawValue
    let test = try laboratory.images.test(.digits, settings.pixelScale)
    let fashion = try laboratory.images.test(.fashion, settings.pixelScale)
    var known = ClassPredictions(points: test.count, classes: MNISTData.classCount)
    var unknown = ClassPredictions(points: fashion.count, classes: MNISTData.classCount)
    var result = Outcome()
    var batch = group[0].settings.minibatch
    var models = group.map(\.model)
    if isDropout, var point = models[0] as? PointModel {
      point.dropsUnitsInPrediction = true
      models[0] = point
    }
    for size in 1...configuration.members {
      if laboratory.shouldStop() { throw ExperimentInterrupted() }
      let index = isDropout ? 0 : size - 1
      models[index].predict(test, draws: 1, batch: &batch, into: &known)
      models[index].predict(fashion, draws: 1, batch: &batch, into: &unknown)
      result.scores.append(ClassScore(known, labels: test.targets))
      if size == 1 {
        (result.knownOfOne, result.unknownOfOne) = (known.totalEntropies, unknown.totalEntropies)
      }
      report(Double(size) / Double(configuration.members))
    }
    (result.known, result.unknown) = (known.totalEntropies, unknown.totalEntropies)
    return result
  }

  private func table(_ outcomes: [Outcome]) -> ResultTable {
    let sizes = [1, 2, 3, 5, 10, 15].filter { $0 < configuration.members } + [configuration.members]
    let rows = Self.titles.indices.flatMap { kind in
      sizes.map { size in
        let scores = own(kind, outcomes).map { $0.scores[size - 1] }
        return [
          .text(Self.titles[kind]), .count(size), cell(scores.map { 100 * (1 - $0.accuracy) }),
          cell(scores.map(\.negativeLogLikelihood)), cell(scores.map(\.brierScore)),
        ]
      }
    }
    return ResultTable(
      "MNIST's test images by ensemble size, \(outcomes.count / Self.titles.count) seed(s)",
      head: ["model", "M", "error, %", "NLL", "Brier"], rows: rows)
  }

  private func entropies(_ outcomes: [Outcome]) -> ResultTable {
    let rows = Self.titles.indices.flatMap { kind in
      [(1, \Outcome.knownOfOne, \Outcome.unknownOfOne), (configuration.members, \.known, \.unknown)].map {
        size, known, unknown in
        let mine = own(kind, outcomes)
        return [
          .text(Self.titles[kind]), .count(size), cell(mine.map { Self.mean($0[keyPath: known]) }),
          cell(mine.map { Self.mean($0[keyPath: unknown]) }),
          cell(
            mine.map { outcome in
              let values = outcome[keyPath: unknown]
              return 100 * Double(values.count { $0 < 0.1 }) / Double(values.count)
            }),
        ]
      }
    }
    return ResultTable(
      "Entropy of predictions, nats (10 classes at most 2.303)",
      head: ["model", "M", "MNIST, mean", "Fashion-MNIST, mean", "Fashion-MNIST below 0.1, %"], rows: rows)
  }

  private func own(_ kind: Int, _ outcomes: [Outcome]) -> [Outcome] {
    stride(from: kind, to: outcomes.count, by: Self.titles.count).map { outcomes[$0] }
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private func figures(_ outcomes: [Outcome]) -> [ExperimentResult.NamedFigure] {
    let sizes = (1...configuration.members).map(Double.init)
    func bySize(_ title: String, _ value: (ClassScore) -> Double) -> Panel {
      Panel(
        x: Axis("networks or masks"), y: Axis(title),
        series: Self.titles.indices.map { kind in
          .line(Self.titles[kind], x: sizes, y: outcomes[kind].scores.map(value), color: .number(kind))
        })
    }
    func histogram(_ title: String, _ values: (Outcome) -> [Double], _ ofOne: (Outcome) -> [Double]) -> Panel
    {
      let all =
        [("1 network", ofOne(outcomes[0]))]
        + Self.titles.indices.map {
          ("\(Self.titles[$0]), \(configuration.members)", values(outcomes[$0]))
        }
      return Panel(
        title: title, x: Axis("entropy, nats"), y: Axis("density"),
        series: all.enumerated().map { index, entry in
          .histogram(entry.0, values: entry.1, bins: 46, range: 0...2.3, color: .number(index))
        })
    }
    return [
      .init(
        "size",
        Figure(
          panels: [
            bySize("error, %") { 100 * (1 - $0.accuracy) }, bySize("NLL, nats") { $0.negativeLogLikelihood },
            bySize("Brier score") { $0.brierScore },
          ], columns: 3)),
      .init(
        "entropy",
        Figure(
          panels: [
            histogram("MNIST", { $0.known }, { $0.knownOfOne }),
            histogram("Fashion-MNIST", { $0.unknown }, { $0.unknownOfOne }),
          ], columns: 2)),
    ]
  }
}

extension ClassPredictions {
  /// The entropy of the mean probabilities at each point, in nats.
  fileprivate var totalEntropies: [Double] { (0..<points).map { uncertainty($0).total } }
}

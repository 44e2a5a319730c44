public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditData
import BanditFiles
import BanditFigures
import BanditLearning

/// How trained networks stand images that were moved to be mistaken.
public struct MNISTAdversarialExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// How far brightness is moved, from 0 to 1.
    public var epsilons = [0, 0.05, 0.1, 0.15, 0.2, 0.25]
    /// Whether moved images are clipped to brightness 0 to 1.
    public var clip = true
    /// Draws of the weights whose mean prediction is attacked.
    public var attackDraws = 10
    /// Epochs of the convolutional network that the images of the transfer attack are made with.
    public var cnnEpochs = 5
    /// Its learning rate.
    public var cnnLearningRate = 1e-3
    /// The networks.
    public var saved = SavedModelSettings()

    /// The report's distances and two between them.
    public init() {}
  }

  /// `mnist-adversarial`.
  public static let name = "mnist-adversarial"
  /// Two epochs, fewer distances and draws.
  public static let quick = ["epsilons=0,0.1,0.25", "cnnEpochs=2", "draws=10", "attackDraws=3"]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "MNIST: accuracy on images moved by the fast gradient sign method, from a CNN and from each network.",
    paper: "Goodfellow, Shlens & Szegedy 2015, §4; the report, §2.8, §4.2, figures 4 and 22",
    deviations: """
      All test images are attacked; the report has 1,024 that every network had right. Beside the report's transfer \
      attack, whose images come from a convolutional network, each network is attacked by its own derivatives \
      (white box). Moved images are clipped (clip=false: not). The report does not describe its CNN; this one has two \
      5x5 convolutions of 16 and 32 filters. The networks are those of the experiment mnist, which is to be run \
      before.
      """,
    settings: [
      "epsilons": "how far brightness is moved, from 0 to 1",
      "clip": "whether moved images are clipped to brightness 0 to 1",
      "attackDraws": "draws of the weights whose mean prediction is attacked",
      "cnnEpochs": "epochs of the convolutional network that makes the transfer attack's images",
      "cnnLearningRate": "its learning rate",
    ].merging(SavedModelSettings.help) { own, _ in own })

  private let configuration: Configuration
  private let epsilons: [Double]
  private let saved: SavedModelSettings

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    epsilons = configuration.epsilons
    try ConfigurationError.require(
      !epsilons.isEmpty && epsilons.allSatisfy { (0...1).contains($0) }, key: "epsilons",
      given: epsilons, allowed: "numbers from 0 to 1 with commas between them")
    for (key, value) in [("attackDraws", configuration.attackDraws), ("cnnEpochs", configuration.cnnEpochs)] {
      try ConfigurationError.require(
        (1...10_000).contains(value), key: key, given: value, allowed: "1 to 10000")
    }
    try ConfigurationError.require(
      configuration.cnnLearningRate > 0, key: "cnnLearningRate", given: configuration.cnnLearningRate,
      allowed: "above 0")
    self.configuration = configuration
    saved = try configuration.saved.validated()
  }

  /// Reads the networks and the images.
  public func check(in laboratory: Laboratory) throws {
    _ = try SavedModel.read(saved.models, seeds: laboratory.seeds)
    _ = try laboratory.images.examples(Self.task)
  }

  /// Trains the convolutional network, makes the images and scores all networks on them.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let models = try SavedModel.read(saved.models, seeds: laboratory.seeds)
    let images = try laboratory.images.test(.digits, .by255)
    let cnns = try laboratory.train(laboratory.seeds.map(cnn))
    let sources = try laboratory.sideBySide(cnns.map { "\($0.settings.folder) attack" }) { index, part in
      AdversarialImages(
        images, against: cnns[index].model, scale: .by255, draws: 1, capacity: 128, report: part.report)
    }
    let outcomes = try laboratory.sideBySide(models.map { "\($0.settings.folder) attacked" }) {
      index, part in
      let source = laboratory.seeds.firstIndex(of: models[index].settings.seed) ?? 0
      return try outcome(models[index], images, transfer: sources[source], laboratory, part.report)
    }
    return ExperimentResult(
      tables: [
        table("Accuracy in percent under the transfer attack", models, outcomes, published) { $0.transfer },
        table("Accuracy in percent under the white-box attack", models, outcomes, []) { $0.whiteBox },
        origins(cnns, sources, images, models, outcomes),
      ],
      figures: [
        .init("figure-4", examples(images, sources[0])), .init("figure-22", curves(models, outcomes)),
      ])
  }

  /// What attacks on one network came to, by distance in percent.
  private struct Outcome: Sendable {
    var transfer: [Double] = []
    var whiteBox: [Double] = []
    /// Images that the white-box attack could not move.
    var unmoved = 0
  }

  private func outcome(
    _ saved: SavedModel, _ images: Examples, transfer: AdversarialImages, _ laboratory: Laboratory,
    _ report: (Double) -> Void
  ) throws -> Outcome {
    let whiteBox = AdversarialImages(
      images, against: saved.model, scale: saved.task.pixelScale,
      draws: saved.settings.network.draws(configuration.attackDraws),
      capacity: saved.settings.training.batchSize
    ) { report(0.5 * $0) }
    var result = Outcome()
    result.unmoved = whiteBox.unmoved
    for (index, epsilon) in epsilons.enumerated() {
      if laboratory.shouldStop() { throw ExperimentInterrupted() }
      func accuracy(_ attack: AdversarialImages) -> Double {
        let moved = attack.examples(
          epsilon: Float(epsilon), clip: configuration.clip, scale: saved.task.pixelScale)
        let predictions = saved.predictions(moved, draws: self.saved.draws)
        return 100 * ClassScore(predictions, labels: moved.targets).accuracy
      }
      result.transfer.append(accuracy(transfer))
      result.whiteBox.append(accuracy(whiteBox))
      report(0.5 + 0.5 * Double(index + 1) / Double(epsilons.count))
    }
    return result
  }

  /// What the convolutional network is trained on: all images, in brightness.
  private static var task: MNISTTask {
    var task = MNISTTask()
    task.validationImages = 0
    return task
  }

  /// The training of the convolutional network.
  private func cnn(_ seed: UInt64) -> FitSettings {
    var network = NetworkDescription()
    network.inputs = MNISTTask.inputs
    network.hiddenLayers = []
    network.likelihood = MNISTTask.likelihood
    network.convolutions = ConvolutionalArchitecture(
      height: 28, width: 28, filters: [16, 32], kernel: 5, outputs: MNISTData.classCount)
    var training = TrainingSettings()
    training.epochs = configuration.cnnEpochs
    training.learningRate = configuration.cnnLearningRate
    training.evaluateEvery = 1
    return FitSettings(
      experiment: Self.name, name: "cnn", seed: seed, network: network, training: training,
      data: .mnist(Self.task))
  }

  /// The report's accuracies in percent, as rows of a table.
  private var published: [[String]] {
    let rows: [(String, [Double: Double])] = [
      ("report, BNN, Gaussian prior, 1200", [0: 100, 0.05: 98.5, 0.1: 84.2, 0.25: 11.1]),
      ("report, BNN, mixture prior, 1200", [0: 100, 0.05: 97.7, 0.1: 82.7, 0.25: 10.1]),
      ("report, DNN, 1200", [0: 100, 0.05: 88.2, 0.1: 48.0, 0.25: 1.1]),
      ("report, DNN, dropout, 1200", [0: 100, 0.05: 93.7, 0.1: 57.2, 0.25: 1.9]),
    ]
    return rows.map { title, accuracies in [title] + epsilons.map { cell(accuracies[$0]) } }
  }

  private func table(
    _ title: String, _ models: [SavedModel], _ outcomes: [Outcome], _ published: [[String]],
    _ values: (Outcome) -> [Double]
  ) -> ResultTable {
    var start = 0
    let rows = models.cases.map { entry in
      defer { start += entry.count }
      let own = outcomes[start..<(start + entry.count)]
      return [entry[0].title] + epsilons.indices.map { index in cell(own.map { values($0)[index] }) }
    }
    return ResultTable(
      "\(title), all test images, \(saved.draws) draws of the weights",
      head: ["model"] + epsilons.map { "ε \(CSVLog.text($0))" }, rows: rows + published)
  }

  private func origins(
    _ cnns: [TrainedModel], _ sources: [AdversarialImages], _ images: Examples, _ models: [SavedModel],
    _ outcomes: [Outcome]
  ) -> ResultTable {
    let errors = cnns.compactMap { $0.records.last?.metrics.first.map { 100 * $0 } }
    let count = Double(images.count)
    return ResultTable(
      "Where the images come from",
      head: ["network", "test error, %", "images it cannot move, %"],
      rows: [["CNN (transfer)", cell(errors), cell(sources.map { 100 * Double($0.unmoved) / count })]]
        + models.indices.map { index in
          [models[index].name, "", cell(100 * Double(outcomes[index].unmoved) / count)]
        })
  }

  private func curves(_ models: [SavedModel], _ outcomes: [Outcome]) -> Figure {
    func panel(_ title: String, _ values: (Outcome) -> [Double]) -> Panel {
      Panel(
        title: title, x: Axis("ε"), y: Axis("accuracy, %", range: 0...100),
        series: models.indices.map { index in
          .line(models[index].name, x: epsilons, y: values(outcomes[index]), color: .number(index))
        })
    }
    return Figure(
      panels: [panel("transfer from the CNN") { $0.transfer }, panel("white box") { $0.whiteBox }], columns: 2
    )
  }

  /// The first test image of each of five digits at each distance, a row a digit.
  private func examples(_ images: Examples, _ attack: AdversarialImages) -> Figure {
    let shown = (0..<5).compactMap { digit in images.targets.firstIndex(of: Float(digit)) }
    let moved = epsilons.map { epsilon in
      attack.examples(epsilon: Float(epsilon), clip: configuration.clip, scale: .by255)
    }
    let panels = shown.enumerated().flatMap { row, image in
      moved.enumerated().map { column, examples in
        let start = image * examples.columns
        let pixels = examples.features[start..<(start + examples.columns)].map(Double.init)
        return Panel.image(
          HeatMap(pixels: pixels, width: 28, range: 0...1),
          title: row == 0 ? "ε = \(CSVLog.text(epsilons[column]))" : nil)
      }
    }
    return Figure(panels: panels, columns: epsilons.count, panelSize: .init(width: 80, height: 84))
  }
}

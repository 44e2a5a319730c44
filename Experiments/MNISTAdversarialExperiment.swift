public import BanditLaboratory
import BanditTraining
public import BanditCore
import BanditData
import BanditFiles
import BanditFigures
import BanditLearning
import BanditNumerics

/// How trained networks stand images that were moved to be mistaken.
public struct MNISTAdversarialExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// How far brightness is moved, from 0 to 1.
    public var epsilons = [0, 0.05, 0.1, 0.15, 0.2, 0.25]
    /// Whether moved images are clipped to brightness 0 to 1.
    public var clip = true
    /// Draws of the weights whose mean margin is attacked, new ones in every step.
    public var attackDraws = 10
    /// Steps of the projected gradient.
    public var attackSteps = 10
    /// The length of such a step as a share of the distance.
    public var attackStep = 0.25
    /// Random starts of the projected gradient.
    public var attackRestarts = 1
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
  /// Two epochs, fewer distances, draws and steps.
  public static let quick = [
    "epsilons=0,0.1,0.25", "cnnEpochs=2", "draws=10", "attackDraws=3", "attackSteps=4", "attackStep=0.5",
  ]
  /// The report's, or its own.
  public static let figures = ["figure-4", "figure-22"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 34, full: 180)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "MNIST: accuracy on images moved by fast and projected gradients, from a CNN and from each network.",
    paper:
      "Goodfellow, Shlens & Szegedy 2015, §4; Madry et al. 2018, §2.1; the report, §2.8, §4.2, figures 4 and 22",
    deviations: """
      All test images are attacked; the report has 1,024 that every network had right. Beside the report's transfer \
      attack, whose images come from a convolutional network, each network is attacked by its own derivatives \
      (white box): in one step and by the projected gradient. Derivatives are those of the margin between the \
      largest wrong logit and the right one; the cost's round to 0 where a network is sure. Moved images are clipped \
      (clip=false: not). The report does not describe its CNN; this one has two \
      5x5 convolutions of 16 and 32 filters. The networks are those of the experiment mnist, which is to be run \
      before.
      """,
    settings: [
      "epsilons": "how far brightness is moved, from 0 to 1",
      "clip": "whether moved images are clipped to brightness 0 to 1",
      "attackDraws": "draws of the weights whose mean margin is attacked, new ones in every step",
      "attackSteps": "steps of the projected gradient",
      "attackStep": "the length of such a step as a share of the distance",
      "attackRestarts": "random starts of the projected gradient, of which the best counts",
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
    for (key, value) in [
      ("attackDraws", configuration.attackDraws), ("attackSteps", configuration.attackSteps),
      ("attackRestarts", configuration.attackRestarts), ("cnnEpochs", configuration.cnnEpochs),
    ] {
      try ConfigurationError.require(
        (1...10_000).contains(value), key: key, given: value, allowed: "1 to 10000")
    }
    try ConfigurationError.require(
      configuration.attackStep > 0 && configuration.attackStep <= 2, key: "attackStep",
      given: configuration.attackStep, allowed: "above 0 to 2")
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
      var derivatives = MarginDerivatives(
        of: cnns[index].model, scale: .by255, draws: 1, capacity: 128,
        stream: cnns[index].settings.stream.child("attack"))
      return try AdversarialImages(images, against: &derivatives) { try note($0, part, laboratory) }
    }
    let outcomes = try laboratory.sideBySide(models.map { "\($0.settings.folder) attacked" }) {
      index, part in
      let source = laboratory.seeds.firstIndex(of: models[index].settings.seed) ?? 0
      return try outcome(models[index], images, transfer: sources[source]) { try note($0, part, laboratory) }
    }
    let tables = Attack.allCases.map { attack in
      table(attack.title, models, outcomes, attack == .transfer ? published : []) {
        $0.accuracies[attack] ?? []
      }
    }
    return ExperimentResult(
      tables: tables + [origins(cnns, sources, images, models, outcomes)],
      figures: [
        .init("figure-4", examples(images, sources[0])), .init("figure-22", curves(models, outcomes)),
      ])
  }

  private func note(_ share: Double, _ part: Laboratory.Part, _ laboratory: Laboratory) throws {
    if laboratory.shouldStop() { throw ExperimentInterrupted() }
    part.report(share)
  }

  /// How images are moved.
  private enum Attack: CaseIterable {
    case transfer, fastGradient, projectedGradient

    var title: String {
      switch self {
      case .transfer: "transfer from the CNN"
      case .fastGradient: "white box, one step"
      case .projectedGradient: "white box, projected gradient"
      }
    }
  }

  /// What attacks on one network came to.
  private struct Outcome: Sendable {
    /// By distance, in percent.
    var accuracies: [Attack: [Double]] = [:]
    /// Images that the white-box attack could not move.
    var unmoved = 0
  }

  private func outcome(
    _ saved: SavedModel, _ images: Examples, transfer: AdversarialImages, _ report: (Double) throws -> Void
  ) throws -> Outcome {
    let scale = saved.task.pixelScale
    let stream = saved.settings.stream.child("attack")
    var derivatives = MarginDerivatives(
      of: saved.model, scale: scale, draws: saved.settings.network.draws(configuration.attackDraws),
      capacity: saved.settings.training.batchSize, stream: stream.child("draws"))
    func accuracy(_ examples: Examples) -> Double {
      100 * ClassScore(saved.predictions(examples, draws: self.saved.draws), labels: images.targets).accuracy
    }
    let fast = AdversarialImages(images, against: &derivatives) { _ in }
    let projected = ProjectedGradient(
      steps: configuration.attackSteps, step: Float(configuration.attackStep),
      restarts: configuration.attackRestarts, clip: configuration.clip)
    let clean = accuracy(images.scaled(scale))
    var result = Outcome()
    result.unmoved = fast.unmoved
    for (index, epsilon) in epsilons.map(Float.init).enumerated() {
      func note(_ share: Double) throws { try report((Double(index) + share) / Double(epsilons.count)) }
      var accuracies = Attack.allCases.map { _ in clean }
      if epsilon > 0 {
        let moved = [transfer, fast].map {
          $0.examples(epsilon: epsilon, clip: configuration.clip, scale: scale)
        }
        let projected = try projected.move(
          images, against: &derivatives, epsilon: epsilon, stream: stream.child("starts", index)
        ) { try note(0.9 * $0) }
        accuracies = (moved + [projected.scaled(scale)]).map(accuracy)
      }
      for (attack, accuracy) in zip(Attack.allCases, accuracies) {
        result.accuracies[attack, default: []].append(accuracy)
      }
      try note(1)
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
  private var published: [[ResultCell]] {
    let rows: [(String, [Double: Double])] = [
      ("report, BNN, Gaussian prior, 1200", [0: 100, 0.05: 98.5, 0.1: 84.2, 0.25: 11.1]),
      ("report, BNN, mixture prior, 1200", [0: 100, 0.05: 97.7, 0.1: 82.7, 0.25: 10.1]),
      ("report, DNN, 1200", [0: 100, 0.05: 88.2, 0.1: 48.0, 0.25: 1.1]),
      ("report, DNN, dropout, 1200", [0: 100, 0.05: 93.7, 0.1: 57.2, 0.25: 1.9]),
    ]
    return rows.map { title, accuracies in [.text(title)] + epsilons.map { cell(accuracies[$0]) } }
  }

  private func table(
    _ title: String, _ models: [SavedModel], _ outcomes: [Outcome], _ published: [[ResultCell]],
    _ values: (Outcome) -> [Double]
  ) -> ResultTable {
    let rows = models.cases.enumerated().map { index, entry in
      let own = outcomes[models.outcomes(of: index)]
      return [.text(entry[0].title)] + epsilons.indices.map { place in cell(own.map { values($0)[place] }) }
    }
    return ResultTable(
      "Accuracy in percent, \(title); all test images, \(saved.draws) draws of the weights",
      head: ["model"] + epsilons.map { "ε \(CSVLog.text($0))" }, rows: rows + published, unit: "%")
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
          [.text(models[index].name), "", cell(100 * Double(outcomes[index].unmoved) / count)]
        })
  }

  /// Means over seeds.
  private func curves(_ models: [SavedModel], _ outcomes: [Outcome]) -> Figure {
    let cases = models.cases
    let panels = Attack.allCases.map { attack in
      Panel(
        title: attack.title, x: Axis("ε"), y: Axis("accuracy, %", range: 0...100),
        series: cases.indices.map { index in
          let own = outcomes[models.outcomes(of: index)].compactMap { $0.accuracies[attack] }
          return .line(
            cases[index][0].title, x: epsilons,
            y: epsilons.indices.map { place in own.reduce(0) { $0 + $1[place] } / Double(own.count) },
            color: .number(index))
        })
    }
    return Figure(panels: panels, columns: panels.count)
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

import BanditTraining
public import BanditCore
import BanditLearning

/// Whether and how inputs are moved in training.
public enum AdversarialChoice: String, SettingChoice {
  /// Never.
  case none
  /// By the fast gradient sign method.
  case fgsm
  /// By virtual adversarial training.
  case virtual

  var method: AdversarialTraining.Method? {
    switch self {
    case .none: nil
    case .fgsm: .fastGradientSign
    case .virtual: .virtual
    }
  }
}

/// What lengths in the input space are given in.
public enum EpsilonUnit: String, SettingChoice {
  /// The range of the training inputs, column by column.
  case range
  /// The inputs' own.
  case absolute
}

/// What the experiments on ensembles share: members and their training, on all examples at once.
public struct EnsembleSettings: SettingGroup {
  /// Networks of an ensemble.
  public var members: Int
  /// The largest ensemble in the study of sizes; `members` for no study beyond.
  public var largestEnsemble = 15
  /// Units of each hidden layer.
  public var hiddenLayers: [Int]
  /// Steps, each on all examples.
  public var epochs: Int
  /// Adam's learning rate.
  public var learningRate: Double
  /// Whether Adam's correction is the first step's throughout.
  public var frozenAdam = false
  /// How inputs are moved where they are.
  public var adversarial = AdversarialChoice.fgsm
  /// How far.
  public var epsilon = 0.01
  /// What `epsilon` is given in.
  public var epsilonUnit = EpsilonUnit.range

  init(members: Int, hiddenLayers: [Int], epochs: Int, learningRate: Double) {
    self.members = members
    self.hiddenLayers = hiddenLayers
    self.epochs = epochs
    self.learningRate = learningRate
  }

  static let help = [
    "members": "networks of an ensemble",
    "largestEnsemble": "largest ensemble in the study of sizes; 0 for no study",
    "hiddenLayers": "units of each hidden layer",
    "epochs": "steps, each on all examples",
    "learningRate": "learning rate of Adam",
    "frozenAdam": "whether Adam's correction is the first step's throughout (the practical's is)",
    "adversarial": "how inputs are moved where they are: fgsm, virtual; none leaves those cases out",
    "epsilon": "how far inputs are moved",
    "epsilonUnit": "what epsilon is given in: the range of the training inputs, or their own unit",
  ]

  func validated() throws(ConfigurationError) -> EnsembleSettings {
    try ConfigurationError.require(
      !hiddenLayers.isEmpty && hiddenLayers.allSatisfy { (1...4_096).contains($0) }, key: "hiddenLayers",
      given: hiddenLayers.map(String.init).joined(separator: ","), allowed: "sizes of 1 to 4096")
    for (key, value, range) in [
      ("members", members, 1...1_000), ("largestEnsemble", largestEnsemble, 0...1_000),
      ("epochs", epochs, 1...1_000_000),
    ] {
      try ConfigurationError.require(
        range.contains(value), key: key, given: value, allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    try ConfigurationError.require(
      learningRate > 0, key: "learningRate", given: learningRate, allowed: "above 0")
    try ConfigurationError.require(
      (0...1e6).contains(epsilon), key: "epsilon", given: epsilon, allowed: "0 to 1000000")
    return self
  }

  /// How far each column of the examples is moved.
  func radii(_ examples: Examples) -> [Float] {
    (0..<examples.columns).map { column in
      guard epsilonUnit == .range else { return Float(epsilon) }
      let values = stride(from: column, to: examples.features.count, by: examples.columns).map {
        examples.features[$0]
      }
      return Float(epsilon) * ((values.max() ?? 0) - (values.min() ?? 0))
    }
  }

  /// A member's training on all examples of a task at once; against an adversary if `isAdversarial`.
  func fit(
    _ experiment: String, _ name: String, seed: UInt64, member: Int, likelihood: Likelihood,
    data: SupervisedTask, examples: Examples, isAdversarial: Bool, evaluateEvery: Int
  ) -> FitSettings {
    var network = NetworkDescription()
    network.inputs = examples.columns
    network.hiddenLayers = hiddenLayers
    network.likelihood = likelihood
    var practice = PointTraining()
    practice.quirks.freezesCorrection = frozenAdam
    if isAdversarial, let method = adversarial.method {
      practice.adversary = PointTraining.Adversary(method, radii: radii(examples))
    }
    network.pointTraining = practice
    var training = TrainingSettings()
    training.epochs = epochs
    training.batchSize = examples.count
    training.learningRate = learningRate
    training.evaluateEvery = evaluateEvery
    return FitSettings(
      experiment: experiment, name: name, seed: seed, member: member, network: network, training: training,
      data: data)
  }
}

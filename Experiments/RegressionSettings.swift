import BanditTraining
public import BanditCore
import BanditLearning
import Foundation

/// What the experiments on the toy regression share: data, networks, training, scoring.
public struct RegressionSettings: SettingGroup {
  /// Units of each hidden layer.
  public var hiddenLayers = [400, 400]
  /// Passes over the training points.
  public var epochs = 1_500
  /// Training points a minibatch.
  public var batchSize = 128
  /// The first learning rate.
  public var learningRate = 1e-3
  /// Epochs between decays of the learning rate; 0 for a constant rate.
  public var decayEvery = 0
  /// What a decay leaves of the learning rate.
  public var decayFactor = 0.5
  /// Evaluations without a lower RMSE after which training stops; 0 for never.
  public var patience = 0
  /// How the complexity cost is spread over an epoch's minibatches.
  public var klWeight = KLWeighting.blundell.rawValue
  /// How the complexity cost's gradient is computed.
  public var kl = KLForm.monteCarlo.rawValue
  /// Weight samples a step.
  public var weightSamples = 5
  /// The standard deviation of the likelihood.
  public var noiseSigma = 0.1
  /// Epochs between evaluations.
  public var evaluateEvery = 20
  /// Draws of the weights for an evaluation.
  public var evaluationDraws = 10
  /// Draws of the weights for bands.
  public var bandDraws = 1_000
  /// Draws of the weights for log predictive densities.
  public var scoreDraws = 5_000
  /// Training points, on [0, 0.5].
  public var trainingPoints = 1_024
  /// Test points.
  public var testPoints = 1_000
  /// Where the test points begin.
  public var testFrom = -0.2
  /// Where they end.
  public var testTo = 1.4

  /// The report's.
  public init() {}

  static let help = [
    "hiddenLayers": "units of each hidden layer",
    "epochs": "passes over the training points",
    "batchSize": "training points a minibatch",
    "learningRate": "first learning rate of Adam",
    "decayEvery": "epochs between decays of the learning rate; 0 for a constant rate",
    "decayFactor": "what a decay leaves of the learning rate",
    "patience": "evaluations without a lower RMSE after which training stops; 0 for never",
    "klWeight": "share of each minibatch in the complexity cost: blundell, uniform or inverse",
    "kl": "complexity cost's gradient from the drawn weights (mc) or in closed form (analytic)",
    "weightSamples": "weight samples a step",
    "noiseSigma": "standard deviation of the likelihood",
    "evaluateEvery": "epochs between evaluations",
    "evaluationDraws": "draws of the weights for an evaluation",
    "bandDraws": "draws of the weights for bands",
    "scoreDraws": "draws of the weights for log predictive densities",
    "trainingPoints": "training points, on [0, 0.5]",
    "testPoints": "test points, evenly spaced",
    "testFrom": "where the test points begin (the report's text: -0.5)",
    "testTo": "where the test points end (the report's text: 1.5)",
  ]

  /// Assignments that make every regression small.
  static let quick = ["epochs=300", "bandDraws=300", "scoreDraws=300", "testPoints=300"]

  /// The report's values of these settings are checked here, once for all experiments.
  func validated() throws(ConfigurationError) -> RegressionSettings {
    try ConfigurationError.require(
      !hiddenLayers.isEmpty && hiddenLayers.allSatisfy { (1...4_096).contains($0) }, key: "hiddenLayers",
      given: hiddenLayers.map(String.init).joined(separator: ","), allowed: "sizes of 1 to 4096")
    let counts = [
      ("epochs", epochs, 1_000_000), ("batchSize", batchSize, 65_536),
      ("weightSamples", weightSamples, 1_000),
      ("evaluateEvery", evaluateEvery, 1_000_000), ("evaluationDraws", evaluationDraws, 10_000),
      ("bandDraws", bandDraws, 100_000), ("scoreDraws", scoreDraws, 100_000),
    ]
    for (key, value, most) in counts {
      try ConfigurationError.require(
        (1...most).contains(value), key: key, given: value, allowed: "1 to \(most)")
    }
    for (key, value) in [("trainingPoints", trainingPoints), ("testPoints", testPoints)] {
      try ConfigurationError.require(
        (2...100_000).contains(value), key: key, given: value, allowed: "2 to 100000")
    }
    for (key, value) in [("decayEvery", decayEvery), ("patience", patience)] {
      try ConfigurationError.require(value >= 0, key: key, given: value, allowed: "0 or more")
    }
    for (key, value) in [("learningRate", learningRate), ("noiseSigma", noiseSigma)] {
      try ConfigurationError.require(value > 0, key: key, given: value, allowed: "above 0")
    }
    try ConfigurationError.require(
      decayFactor > 0 && decayFactor <= 1, key: "decayFactor", given: decayFactor,
      allowed: "above 0, at most 1")
    try ConfigurationError.require(
      testFrom <= 0 && testTo >= 0.5, key: "testFrom", given: "\(testFrom) to \(testTo)",
      allowed: "0 or less, with testTo at 0.5 or more: the training interval is tested too")
    if KLWeighting(rawValue: klWeight) == nil {
      throw .unknown("klWeight", klWeight, among: KLWeighting.allCases.map(\.rawValue))
    }
    if KLForm(rawValue: kl) == nil { throw .unknown("kl", kl, among: KLForm.allCases.map(\.rawValue)) }
    return self
  }

  /// These settings with another number of epochs, given under `key`.
  func with(epochs: Int, key: String) throws(ConfigurationError) -> RegressionSettings {
    try ConfigurationError.require(
      (1...1_000_000).contains(epochs), key: key, given: epochs, allowed: "1 to 1000000")
    var result = self
    result.epochs = epochs
    return result
  }

  /// The data and what is measured of it.
  var task: RegressionTask {
    var task = RegressionTask()
    task.trainingPoints = trainingPoints
    task.testPoints = testPoints
    task.testFrom = testFrom
    task.testTo = testTo
    task.evaluationDraws = evaluationDraws
    return task
  }

  /// A network of point estimates, trained on squared errors.
  func point(
    _ experiment: String, _ name: String, seed: UInt64, member: Int = 0, dropout: Double = 0
  ) -> FitSettings {
    fit(experiment, name, seed: seed, member: member, .squaredError, .point(l2: 0, dropout: dropout))
  }

  /// A Bayesian network.
  func bayesian(
    _ experiment: String, _ name: String, seed: UInt64, prior: WeightPrior,
    estimator: GradientEstimator = .weightSampling
  ) -> FitSettings {
    let hasClosedForm = prior.closedFormKL(mean: 0, sigma: 1) != nil
    let form = hasClosedForm ? KLForm(rawValue: kl) ?? .monteCarlo : .monteCarlo
    return fit(
      experiment, name, seed: seed, member: 0, .gaussian(sigma: noiseSigma),
      .bayesian(prior: prior, kl: form, samples: weightSamples, estimator: estimator))
  }

  private func fit(
    _ experiment: String, _ name: String, seed: UInt64, member: Int, _ likelihood: Likelihood,
    _ weights: NetworkDescription.Weights
  ) -> FitSettings {
    var network = NetworkDescription()
    network.hiddenLayers = hiddenLayers
    network.likelihood = likelihood
    network.weights = weights
    var training = TrainingSettings()
    training.epochs = epochs
    training.batchSize = batchSize
    training.learningRate = learningRate
    if decayEvery > 0 {
      training.schedule = LearningRateSchedule(.step, every: decayEvery, factor: decayFactor)
    }
    training.klWeight = KLWeighting(rawValue: klWeight) ?? .blundell
    training.evaluateEvery = evaluateEvery
    training.patience = patience
    return FitSettings(
      experiment: experiment, name: name, seed: seed, member: member, network: network, training: training,
      data: .regression(task))
  }
}

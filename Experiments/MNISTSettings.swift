public import BanditTraining
public import BanditCore
import BanditLearning
import Foundation

/// How the experiments on MNIST train: data, priors, optimiser.
public struct MNISTSettings: SettingGroup {
  /// Passes over the training images.
  public var epochs = 600
  /// Images a minibatch.
  public var batchSize = 128
  /// Whether an epoch leaves out the images that do not fill a minibatch.
  public var dropLast = false
  /// How pixels become inputs.
  public var pixelScale = PixelScale.by255
  /// Training images kept for validation.
  public var validation = 10_000
  /// The first learning rate.
  public var learningRate = 1e-4
  /// How the learning rate changes over the epochs.
  public var schedule = LearningRateSchedule.Shape.constant.rawValue
  /// Epochs between decays (step, exponential).
  public var decayEvery = 75
  /// What a decay leaves of the learning rate (step, exponential).
  public var decayFactor = 0.1
  /// The share of hidden units that dropout leaves out.
  public var dropout = 0.5
  /// −ln σ of the Gaussian prior.
  public var gaussian = 0.0
  /// −ln σ₁ of the mixture prior.
  public var mixture1 = 0.0
  /// −ln σ₂ of the mixture prior.
  public var mixture2 = 7.0
  /// The weight of the mixture's wide component.
  public var mixtureWeight = 0.5
  /// The scale of the Laplace prior.
  public var laplaceScale = 0.15
  /// How the complexity cost is spread over an epoch's minibatches.
  public var klWeight = KLWeighting.blundell.rawValue
  /// How the complexity cost's gradient is had.
  public var kl = KLForm.monteCarlo.rawValue
  /// Weight samples a step.
  public var weightSamples = 2
  /// How the gradient of the data cost is estimated.
  public var estimator = GradientEstimator.weightSampling.rawValue
  /// Epochs between evaluations.
  public var evaluateEvery = 5
  /// Draws of the weights for an evaluation.
  public var evaluationDraws = 10

  /// The report's, but for the validation images and the last minibatch.
  public init() {}

  static let help = [
    "epochs": "passes over the training images",
    "batchSize": "images a minibatch",
    "dropLast": "whether an epoch leaves out the images that do not fill a minibatch",
    "pixelScale": "inputs: byte/255, byte/126, or standardised",
    "validation": "training images kept for validation; 0 trains on all, as the report",
    "learningRate": "first learning rate of Adam",
    "schedule": "learning rate over the epochs: constant, step, exponential, cosine or linear",
    "decayEvery": "epochs between decays (step, exponential)",
    "decayFactor": "what a decay leaves of the learning rate (step, exponential)",
    "dropout": "share of hidden units that dropout leaves out",
    "gaussian": "-ln sigma of the Gaussian prior",
    "mixture1": "-ln sigma1 of the mixture prior",
    "mixture2": "-ln sigma2 of the mixture prior",
    "mixtureWeight": "weight of the mixture's wide component",
    "laplaceScale": "scale of the Laplace prior",
    "klWeight": "share of each minibatch in the complexity cost: blundell, uniform or inverse",
    "kl": "complexity cost's gradient from the drawn weights (mc) or in closed form (analytic)",
    "weightSamples": "weight samples a step",
    "estimator": "gradient of the data cost: weightSampling, localReparameterisation or flipout",
    "evaluateEvery": "epochs between evaluations",
    "evaluationDraws": "draws of the weights for an evaluation",
  ]

  /// Checks the settings of all experiments.
  func validated() throws(ConfigurationError) -> MNISTSettings {
    for (key, value, most) in [
      ("epochs", epochs, 1_000_000), ("batchSize", batchSize, 65_536),
      ("weightSamples", weightSamples, 1_000),
      ("evaluateEvery", evaluateEvery, 1_000_000), ("evaluationDraws", evaluationDraws, 10_000),
      ("decayEvery", decayEvery, 1_000_000),
    ] {
      try ConfigurationError.require(
        (1...most).contains(value), key: key, given: value, allowed: "1 to \(most)")
    }
    try ConfigurationError.require(
      (0..<60_000).contains(validation), key: "validation", given: validation, allowed: "0 to 59999")
    for (key, value) in [("learningRate", learningRate), ("laplaceScale", laplaceScale)] {
      try ConfigurationError.require(value > 0, key: key, given: value, allowed: "above 0")
    }
    try ConfigurationError.require(
      decayFactor > 0 && decayFactor <= 1, key: "decayFactor", given: decayFactor,
      allowed: "above 0, at most 1")
    try ConfigurationError.require(
      (0..<1).contains(dropout), key: "dropout", given: dropout, allowed: "from 0 to below 1")
    for model in MNISTModel.allCases { _ = try weights(of: model) }
    _ = try training()
    return self
  }

  /// The training of a network of two hidden layers.
  func fit(
    _ experiment: String, _ model: MNISTModel, units: Int, seed: UInt64, member: Int = 0
  ) throws(ConfigurationError) -> FitSettings {
    var network = NetworkDescription()
    network.inputs = MNISTTask.inputs
    network.hiddenLayers = [units, units]
    network.likelihood = MNISTTask.likelihood
    network.weights = try weights(of: model)
    return FitSettings(
      experiment: experiment, name: "\(model.rawValue)-\(units)", seed: seed, member: member,
      network: network,
      training: try training(), data: .mnist(task))
  }

  /// The images, and what is measured on them.
  var task: MNISTTask {
    var task = MNISTTask()
    task.pixelScale = pixelScale
    task.validationImages = validation
    task.evaluationDraws = evaluationDraws
    return task
  }

  private func training() throws(ConfigurationError) -> TrainingSettings {
    var training = TrainingSettings()
    training.epochs = epochs
    training.batchSize = batchSize
    training.dropLast = dropLast
    training.learningRate = learningRate
    training.schedule = LearningRateSchedule(
      try ChoiceText.read(schedule, key: "schedule"), every: decayEvery, factor: decayFactor, total: epochs)
    training.klWeight = try ChoiceText.read(klWeight, key: "klWeight")
    training.evaluateEvery = evaluateEvery
    return training
  }

  private func weights(of model: MNISTModel) throws(ConfigurationError) -> NetworkDescription.Weights {
    switch model {
    case .gaussian: try bayesian(PriorSettings.gaussian(gaussian))
    case .mixture: try bayesian(PriorSettings.mixture(mixture1, mixture2, weight: mixtureWeight))
    case .laplace: try bayesian(.laplace(scale: laplaceScale))
    case .network: .point(l2: 0, dropout: 0)
    case .dropout: .point(l2: 0, dropout: dropout)
    }
  }

  private func bayesian(_ prior: WeightPrior) throws(ConfigurationError) -> NetworkDescription.Weights {
    let form: KLForm = try ChoiceText.read(kl, key: "kl")
    let hasClosedForm = prior.closedFormKL(mean: 0, sigma: 1) != nil
    return .bayesian(
      prior: prior, kl: hasClosedForm ? form : .monteCarlo, samples: weightSamples,
      estimator: try ChoiceText.read(estimator, key: "estimator"))
  }
}

public import BanditCore
public import BanditLearning
public import BanditNumerics

/// What a network of point estimates minimises.
public struct PointCostSettings: SettingGroup {
  /// The reward's distribution around the output.
  public var likelihood = RewardModel.squaredError
  /// Its standard deviation or scale.
  public var noiseSigma = 1.0
  /// Half this times the squared norm of the parameters is added to the mean cost.
  public var l2 = 0.0
  /// This times the sum of the parameters' magnitudes is added to the mean cost.
  public var l1 = 0.0

  /// Mean squared error alone.
  public init() {}

  /// A line on each setting, by key.
  public static let help = [
    "likelihood":
      "cost of a prediction: squared error, or the negative log-likelihood; a head's width is learnt too",
    "noiseSigma": "standard deviation (gaussian) or scale (laplace) of the likelihood",
    "l2": "penalty l2/2 |w|^2 (a Gaussian prior: maximum a posteriori)",
    "l1": "penalty l1 |w| (a Laplace prior: maximum a posteriori)",
  ]

  /// Creates a network with this cost, for the inputs and minibatches of a training.
  ///
  /// - Throws: `ConfigurationError` for a setting out of range.
  public func network(
    _ sizes: NetworkSettings, dropout: Dropout = .none, training: ReplayTraining, stream: RandomStream
  ) throws(ConfigurationError) -> PointNetwork {
    try ConfigurationError.require(l2 >= 0, key: "l2", given: l2, allowed: "0 or more")
    try ConfigurationError.require(l1 >= 0, key: "l1", given: l1, allowed: "0 or more")
    let likelihood = try likelihood.likelihood(scale: noiseSigma)
    let architecture = NetworkArchitecture(
      input: training.input.encoding, hidden: try sizes.validated().hiddenLayers, outputs: likelihood.outputs)
    return PointNetwork(
      architecture, capacity: training.capacity, likelihood: likelihood, l2: l2, l1: l1, dropout: dropout,
      optimiser: training.optimisation.optimiser, momentum: training.optimisation.momentum,
      weightDecay: training.optimisation.weightDecay, stream: stream)
  }
}

extension PointNetwork {
  /// Writes the mean and the variance of the reward for each row of a minibatch, all units kept.
  ///
  /// Both arrays need an element for each row.
  public mutating func predict(
    _ batch: borrowing Minibatch, means: inout [Double], variances: inout [Double]
  ) {
    let rows = batch.count
    let outputs = predict(batch)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * rows) { moments in
      guard let base = moments.baseAddress else { return }
      likelihood.moments(outputs, rows: rows, means: base, variances: base + rows)
      for row in 0..<rows {
        means[row] = Double(base[row])
        variances[row] = Double(base[rows + row])
      }
    }
  }
}

extension ReplayTraining {
  /// Trains a network of point estimates for a round of minibatches.
  ///
  /// - Throws: `DivergenceError` where the cost is no finite number, `WorkGivenUp` where the user does not wait.
  public mutating func train(
    _ network: inout PointNetwork, shuffling: inout RandomStream
  ) throws {
    try trainRound(&network, shuffling: &shuffling) { network, minibatch, _, learningRate in
      network.step(minibatch, learningRate: learningRate)
    }
  }
}

public import BanditCore
public import BanditLearning
public import BanditNumerics
import Foundation

/// The family of a posterior network's prior.
public enum PriorFamily: String, SettingChoice {
  /// A Gaussian of standard deviation `priorScale`.
  case gaussian
  /// A Laplace distribution of scale `priorScale`.
  case laplace
  /// `priorWeight`·N(0, `priorSigma1`²) + (1 − `priorWeight`)·N(0, `priorSigma2`²).
  case mixture
}

/// The distribution of a reward around a posterior network's output.
public enum RewardNoise: String, SettingChoice {
  /// A Gaussian of standard deviation `noiseSigma`.
  case gaussian
  /// A Laplace distribution of scale `noiseSigma`.
  case laplace
  /// A Gaussian whose mean and variance are two outputs.
  case gaussianHead = "gaussian-head"

  /// The same among all reward models.
  public var model: RewardModel {
    switch self {
    case .gaussian: .gaussian
    case .laplace: .laplace
    case .gaussianHead: .gaussianHead
    }
  }
}

/// Where a posterior's means start.
public enum MeanInitialisation: String, SettingChoice {
  /// U(±`meanBound`) in every layer.
  case uniform
  /// U(±1/√inputs).
  case fanIn = "fan-in"
}

/// A network's Gaussian posterior: its prior, its cost and its start.
public struct PosteriorSettings: SettingGroup {
  /// The prior's family.
  public var prior = PriorFamily.mixture
  /// The share of the mixture's first component.
  public var priorWeight = 0.5
  /// The standard deviation of the mixture's first component.
  public var priorSigma1 = 1.0
  /// The standard deviation of the mixture's second component.
  public var priorSigma2 = exp(-6.0)
  /// The Gaussian prior's standard deviation or the Laplace prior's scale.
  public var priorScale = 1.0
  /// How the gradient of the KL is computed.
  public var kl = KLForm.monteCarlo
  /// How the KL is spread over a round's minibatches.
  public var klWeight = KLWeighting.blundell
  /// What the KL is multiplied by: the posterior's temperature, relative to `klWeight`'s.
  public var klScale = 1.0
  /// How many remembered steps the KL is counted once for, at least; 0 for `klWeight`'s share of a round.
  public var klExamples = 0
  /// How the network is told the action.
  public var actionCoding = ActionCoding.columns
  /// Where the means of the outputs' biases start, in the network's units of reward.
  public var optimism = 0.0
  /// Weight samples an optimiser step.
  public var weightSamples = 2
  /// The reward's distribution around the output.
  public var likelihood = RewardNoise.gaussian
  /// Its standard deviation or scale.
  public var noiseSigma = 1.0
  /// Where means start.
  public var initialisation = MeanInitialisation.uniform
  /// The bound of uniform means.
  public var meanBound = 0.2
  /// The smallest first ρ.
  public var rhoLow = -5.0
  /// The largest first ρ.
  public var rhoHigh = -4.0

  /// More would be a slip of the hand.
  private static let mostSamples = 1_000

  /// The report's numbers.
  public init() {}

  /// A line on each setting, by key.
  public static let help = [
    "prior": "prior of every weight and bias",
    "priorWeight": "share of the mixture's first component",
    "priorSigma1": "standard deviation of the mixture's first component",
    "priorSigma2": "standard deviation of the mixture's second component",
    "priorScale": "standard deviation (gaussian) or scale (laplace) of the prior",
    "kl": "gradient of the KL from drawn weights (mc) or in closed form (analytic)",
    "klWeight": "how the KL is spread over a round's minibatches",
    "klScale": "what the KL is multiplied by; below 1 the data count more",
    "klExamples": "count the KL once over all remembered steps, taken as so many at least; 0: by klWeight",
    "actionCoding": "the action as columns beside the context, or a block of columns an action",
    "optimism": "where the means of the outputs' biases start, in the network's units of reward",
    "weightSamples": "weight samples an optimiser step",
    "likelihood": "distribution of the reward around the network's output",
    "noiseSigma": "its standard deviation (gaussian) or scale (laplace)",
    "initialisation": "means from U(-meanBound, meanBound) or from U(+-1/sqrt(inputs))",
    "meanBound": "bound of the first means (uniform)",
    "rhoLow": "smallest first rho; sigma = log(1 + exp(rho))",
    "rhoHigh": "largest first rho",
  ]

  /// The objective that these settings mean.
  ///
  /// - Throws: `ConfigurationError` for a setting out of range.
  public func objective() throws(ConfigurationError) -> BayesianNetwork.Objective {
    try ConfigurationError.require(
      priorWeight > 0 && priorWeight < 1, key: "priorWeight", given: priorWeight, allowed: "between 0 and 1")
    try ConfigurationError.require(
      priorSigma1 > 0, key: "priorSigma1", given: priorSigma1, allowed: "above 0")
    try ConfigurationError.require(
      priorSigma2 > 0, key: "priorSigma2", given: priorSigma2, allowed: "above 0")
    try ConfigurationError.require(priorScale > 0, key: "priorScale", given: priorScale, allowed: "above 0")
    try ConfigurationError.require(
      klScale >= 0 && klScale.isFinite, key: "klScale", given: klScale, allowed: "0 or more")
    try ConfigurationError.require(
      klExamples >= 0, key: "klExamples", given: klExamples, allowed: "0 (by klWeight) or more")
    try ConfigurationError.require(
      optimism.isFinite, key: "optimism", given: optimism, allowed: "a finite number")
    try ConfigurationError.require(
      (1...Self.mostSamples).contains(weightSamples), key: "weightSamples", given: weightSamples,
      allowed: "1 to \(Self.mostSamples)")
    try ConfigurationError.require(
      kl == .monteCarlo || prior != .mixture, key: "kl", given: kl.rawValue,
      allowed: "mc with prior=mixture, whose KL has no closed form")
    let likelihood = try self.likelihood.model.likelihood(scale: noiseSigma)
    let prior: WeightPrior =
      switch self.prior {
      case .gaussian: .gaussian(sigma: priorScale)
      case .laplace: .laplace(scale: priorScale)
      case .mixture: .mixture(weight: priorWeight, sigma1: priorSigma1, sigma2: priorSigma2)
      }
    return BayesianNetwork.Objective(
      prior: prior, klForm: kl, likelihood: likelihood, weightSamples: weightSamples)
  }

  /// Creates a network with this posterior, for the inputs and minibatches of a training.
  ///
  /// - Throws: `ConfigurationError` for a setting out of range.
  public func network(
    _ sizes: NetworkSettings, training: ReplayTraining, stream: RandomStream
  ) throws(ConfigurationError) -> BayesianNetwork {
    let objective = try objective()
    let architecture = NetworkArchitecture(
      input: training.input.encoding, hidden: try sizes.validated().hiddenLayers,
      outputs: objective.likelihood.outputs)
    try ConfigurationError.require(
      rhoLow <= rhoHigh, key: "rhoLow", given: rhoLow, allowed: "at most rhoHigh")
    try ConfigurationError.require(
      meanBound >= 0, key: "meanBound", given: meanBound, allowed: "0 or more")
    var network = BayesianNetwork(
      architecture, capacity: training.capacity, objective: objective,
      initialisation: initialisation == .fanIn ? .fanIn : .uniform(meanBound: meanBound),
      rhoRange: rhoLow...rhoHigh, optimiser: training.optimisation.optimiser,
      momentum: training.optimisation.momentum, weightDecay: training.optimisation.weightDecay,
      stream: stream)
    if optimism != 0 { network.startOutputs(at: optimism) }
    return network
  }
}

extension PosteriorSettings {
  /// What the KL is multiplied by in a minibatch.
  ///
  /// - Parameters:
  ///   - rows: the examples of the minibatch.
  ///   - index: its place in the round, of `count`.
  ///   - remembered: the examples that minibatches are drawn from.
  func klWeight(rows: Int, index: Int, of count: Int, remembered: Int) -> Double {
    let share =
      klExamples > 0 ? Double(rows) / Double(max(klExamples, remembered)) : klWeight.weight(index, of: count)
    return klScale * share
  }
}

extension ReplayTraining {
  /// Trains a posterior of these settings for a round of minibatches.
  ///
  /// - Throws: `DivergenceError` where the cost is no finite number, `WorkGivenUp` where the user does not wait.
  public mutating func train(
    _ network: inout BayesianNetwork, _ settings: PosteriorSettings, shuffling: inout RandomStream
  ) throws {
    let (count, remembered) = (replay.minibatches, storedCount)
    try trainRound(&network, shuffling: &shuffling) { network, minibatch, index, learningRate in
      let weight = settings.klWeight(rows: minibatch.count, index: index, of: count, remembered: remembered)
      return network.step(minibatch, klWeight: weight, learningRate: learningRate)
    }
  }
}

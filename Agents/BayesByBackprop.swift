public import BanditAgentKit
public import BanditCore
public import BanditLearning
public import BanditNumerics
import Foundation

/// Bayes by Backprop under Thompson sampling.
///
/// A network with a Gaussian posterior over its weights predicts the reward of an action in a context. Acting draws
/// weights from the posterior and takes the best action under them.
///
/// Sources: Blundell et al. 2015, §3 and §4.3; the report, §2.3 and §4.3.
///
/// *Deviations*: see `description`.
public struct BayesByBackprop: PrefilledAgent, ParallelAgent, Checkpointable {
  /// Whether one draw of the weights serves all actions of a step.
  public enum Thompson: String, SettingChoice {
    /// One draw for all actions, as Thompson sampling means.
    case shared
    /// A draw for each action, as the report's code has it.
    case independent
  }

  /// The prior's family.
  public enum Prior: String, SettingChoice {
    /// A Gaussian of standard deviation `priorScale`.
    case gaussian
    /// A Laplace distribution of scale `priorScale`.
    case laplace
    /// `priorWeight`·N(0, `priorSigma1`²) + (1 − `priorWeight`)·N(0, `priorSigma2`²).
    case mixture
  }

  /// The reward's distribution around the network's output.
  public enum Noise: String, SettingChoice {
    /// A Gaussian of standard deviation `noiseSigma`.
    case gaussian
    /// A Laplace distribution of scale `noiseSigma`.
    case laplace

    /// The same among all reward models.
    var model: RewardModel { self == .gaussian ? .gaussian : .laplace }
  }

  /// Where means start.
  public enum Initialisation: String, SettingChoice {
    /// U(±`meanBound`) in every layer.
    case uniform
    /// U(±1/√inputs).
    case fanIn = "fan-in"
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Sizes.
    public var network = NetworkSettings()
    /// The prior's family.
    public var prior = Prior.mixture
    /// The share of the mixture's first component.
    public var priorWeight = 0.5
    /// The standard deviation of the mixture's first component.
    public var priorSigma1 = 1.0
    /// The standard deviation of the mixture's second component.
    public var priorSigma2 = exp(-6.0)
    /// The Gaussian prior's standard deviation or the Laplace prior's scale.
    public var priorScale = 1.0
    /// How the KL's gradient is had.
    public var kl = KLForm.monteCarlo
    /// How the KL is spread over a round's minibatches.
    public var klWeight = KLWeighting.blundell
    /// Weight samples an optimiser step.
    public var weightSamples = 2
    /// Weight samples whose predictions are averaged to act.
    public var actionSamples = 2
    /// Whether actions share the drawn weights.
    public var thompson = Thompson.shared
    /// The reward's distribution around the output.
    public var likelihood = Noise.gaussian
    /// Its standard deviation or scale.
    public var noiseSigma = 1.0
    /// Where means start.
    public var initialisation = Initialisation.uniform
    /// The bound of uniform means.
    public var meanBound = 0.2
    /// The smallest first ρ.
    public var rhoLow = -5.0
    /// The largest first ρ.
    public var rhoHigh = -4.0
    /// Steps down the gradient.
    public var optimisation = OptimiserSettings()
    /// Memory and training.
    public var replay = ReplaySettings()

    /// The report's numbers, with shared draws.
    public init() {}
  }

  /// `bbb`.
  public static let name = "bbb"

  let configuration: Configuration
  var network: BayesianNetwork
  var training: ReplayTraining
  private var shuffling: RandomStream
  private var values: [Double]

  /// Creates the agent; the posterior starts random.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    let training = try ReplayTraining(
      spec: spec, replay: configuration.replay, optimisation: configuration.optimisation)
    let objective = try configuration.objective()
    let architecture = NetworkArchitecture(
      input: training.input.encoding, hidden: try configuration.network.validated().hiddenLayers, outputs: 1)
    try ConfigurationError.require(
      configuration.rhoLow <= configuration.rhoHigh, key: "rhoLow", given: configuration.rhoLow,
      allowed: "at most rhoHigh")
    try ConfigurationError.require(
      configuration.actionSamples > 0, key: "actionSamples", given: configuration.actionSamples,
      allowed: "1 or more")
    try ConfigurationError.require(
      configuration.meanBound >= 0, key: "meanBound", given: configuration.meanBound, allowed: "0 or more")
    self.configuration = configuration
    self.training = training
    network = BayesianNetwork(
      architecture, capacity: training.capacity, objective: objective,
      initialisation: configuration.initialisation == .fanIn
        ? .fanIn : .uniform(meanBound: configuration.meanBound),
      rhoRange: configuration.rhoLow...configuration.rhoHigh, optimiser: configuration.optimisation.optimiser,
      momentum: configuration.optimisation.momentum, weightDecay: configuration.optimisation.weightDecay,
      stream: stream.child("network"))
    shuffling = stream.child("shuffling")
    values = Array(repeating: 0, count: spec.actionCount)
  }

  /// Draws weights and takes the best action under them.
  public mutating func selectAction(for observation: Observation) throws -> Decision {
    training.encode(observation)
    for action in values.indices { values[action] = 0 }
    for _ in 0..<configuration.actionSamples {
      switch configuration.thompson {
      case .shared:
        network.drawWeights()
        let outputs = network.predict(training.input.actions)
        for action in values.indices { values[action] += Double(outputs[action]) }
      case .independent:
        for action in values.indices {
          network.drawWeights()
          values[action] += Double(network.predict(training.input.actions)[action])
        }
      }
    }
    return Decision(action: greedyAction(values))
  }

  /// Remembers the step and trains when a round is due.
  public mutating func update(_ transition: Transition) throws {
    training.store(transition)
    guard training.stepIsDue() else { return }
    let count = training.replay.minibatches
    let learningRate = training.learningRate
    var total: Double = 0
    training.beginRound()
    for index in 0..<count {
      training.nextMinibatch(&shuffling)
      total += network.step(
        training.minibatch, klWeight: configuration.klWeight.weight(index, of: count),
        learningRate: learningRate)
    }
    try training.endRound(totalCost: total, count: count)
  }

  /// Sets how many threads a training step may use.
  public mutating func setThreads(_ count: Int) { network.setThreads(count) }

  /// The number of random steps to be shown.
  public var prefillSteps: Int { configuration.replay.prefill }

  /// Remembers a step of random play.
  public mutating func prefill(_ transition: Transition) throws { training.store(transition) }

  /// The loss, the learning rate and the optimiser's steps.
  public var diagnostics: AgentDiagnostics { training.diagnostics }

  /// The posterior, memory and generators.
  public struct State: Codable, Sendable {
    let network: NetworkState
    let training: ReplayTraining.State
    let shuffling: RandomStream
  }

  /// What the agent goes on from.
  public var state: State {
    State(network: network.state, training: training.state, shuffling: shuffling)
  }

  /// Goes on from a state.
  public mutating func restore(_ state: State) throws {
    try network.restore(state.network)
    try training.restore(state.training)
    shuffling = state.shuffling
  }
}

extension BayesByBackprop: NetworkAgent {
  /// The posterior.
  public var exportedNetwork: ExportedNetwork {
    ExportedNetwork(
      sizes: network.architecture.sizes, isPosterior: true,
      likelihood: configuration.likelihood.rawValue, noise: configuration.noiseSigma,
      acting:
        "the action with the largest mean of outputs over \(configuration.actionSamples) draws of the weights "
        + (configuration.thompson == .shared ? "that all actions share" : "for each action")
        + "; of equals the last",
      tensors: network.tensors)
  }

  /// The outputs of a network whose weights are the posterior's means.
  public mutating func networkOutputs(for observation: Observation) throws -> [[Double]] {
    var means = PointNetwork(
      network.architecture, capacity: training.capacity, likelihood: network.objective.likelihood,
      stream: RandomStream(seed: 0))
    try means.load(
      network.tensors.filter { $0.name.hasSuffix(".mean") }.map { $0.named(String($0.name.dropLast(5))) })
    return [training.outputs(of: &means, for: observation)]
  }
}

extension BayesByBackprop {
  /// `complexity_cost`: KL[posterior ‖ prior] in nats; by one draw of the weights where the prior has no closed form.
  public var costlyMeasurements: [String: Double] {
    if let exact = network.closedFormKL { return ["complexity_cost": exact] }
    var copy = network
    copy.drawWeights()
    return ["complexity_cost": copy.sampledKL]
  }
}

extension BayesByBackprop.Configuration {
  /// The objective that these settings mean, checked.
  func objective() throws(ConfigurationError) -> BayesianNetwork.Objective {
    try ConfigurationError.require(
      priorWeight > 0 && priorWeight < 1, key: "priorWeight", given: priorWeight, allowed: "between 0 and 1")
    try ConfigurationError.require(
      priorSigma1 > 0, key: "priorSigma1", given: priorSigma1, allowed: "above 0")
    try ConfigurationError.require(
      priorSigma2 > 0, key: "priorSigma2", given: priorSigma2, allowed: "above 0")
    try ConfigurationError.require(priorScale > 0, key: "priorScale", given: priorScale, allowed: "above 0")
    try ConfigurationError.require(
      weightSamples > 0, key: "weightSamples", given: weightSamples, allowed: "1 or more")
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
      prior: prior, klForm: kl,
      likelihood: likelihood,
      weightSamples: weightSamples)
  }
}

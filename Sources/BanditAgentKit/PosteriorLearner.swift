public import BanditCore
public import BanditLearning
public import BanditNumerics

/// A network with a Gaussian posterior over its weights that learns rewards from replayed steps.
///
/// An agent asks for the actions' values under drawn weights and acts by them as it likes:
///
/// ```swift
/// learner.encode(observation)
/// learner.drawWeights()
/// learner.predict()      // learner.values: a reward for each action
/// ```
public struct PosteriorLearner: Sendable {
  /// The network.
  public var network: BayesianNetwork
  /// Memory, minibatches and diagnostics.
  public var training: ReplayTraining
  /// The predicted reward of each action in the context at hand.
  public private(set) var values: [Double]
  private let posterior: PosteriorSettings
  private var shuffling: RandomStream

  /// Creates a learner for a task; the posterior starts at random from children of `stream`.
  ///
  /// - Throws: `ConfigurationError` for a setting out of range.
  public init(
    _ settings: PosteriorLearnerSettings, spec: TaskSpec, stream: RandomStream
  ) throws(ConfigurationError) {
    training = try ReplayTraining(
      spec: spec, replay: settings.replay, optimisation: settings.optimisation,
      coding: settings.posterior.actionCoding)
    network = try settings.posterior.network(
      settings.network, training: training, stream: stream.child("network"))
    posterior = settings.posterior
    shuffling = stream.child("shuffling")
    values = Array(repeating: 0, count: spec.actionCount)
  }

  /// Sets how many threads a step of the network may use; no number depends on it.
  public mutating func setThreads(_ count: Int) { network.setThreads(count) }

  /// Encodes a context for `predict`.
  public mutating func encode(_ observation: Observation) { training.encode(observation) }

  /// Draws the weights for `predict` from the posterior.
  public mutating func drawWeights() { network.drawWeights() }

  /// Predicts the reward of each action of the context encoded last, under the weights drawn last.
  public mutating func predict() {
    let outputs = network.predict(training.input.actions)
    let scale = training.rewardScale
    let stride = network.architecture.outputs  // a reward's mean comes first
    for action in values.indices { values[action] = scale.reward(Double(outputs[action * stride])) }
  }

  /// Encodes a context and predicts its actions' rewards under newly drawn weights, the same for all of them.
  public mutating func predictSample(_ observation: Observation) {
    encode(observation)
    drawWeights()
    predict()
  }

  /// Remembers a step of random play.
  public mutating func prefill(_ transition: Transition) { training.store(transition) }

  /// Remembers a step and trains when a round is due.
  ///
  /// - Throws: `DivergenceError` where the cost is no finite number.
  public mutating func update(_ transition: Transition) throws {
    training.store(transition)
    guard training.stepIsDue() else { return }
    try training.train(&network, posterior, shuffling: &shuffling)
  }

  /// The posterior, memory and generators.
  public struct State: Codable, Sendable {
    let network: NetworkState
    let training: ReplayTraining.State
    let shuffling: RandomStream
  }

  /// What the learner can be resumed from.
  public var state: State { State(network: network.state, training: training.state, shuffling: shuffling) }

  /// Resumes from a state of a learner of the same settings.
  ///
  /// - Throws: `TensorError` for a state that does not fit.
  public mutating func restore(_ state: State) throws {
    try network.restore(state.network)
    try training.restore(state.training)
    shuffling = state.shuffling
  }
}

/// What agents with a posterior over a network's weights share.
public struct PosteriorLearnerSettings: SettingGroup {
  /// Sizes.
  public var network = NetworkSettings()
  /// Prior, cost and start.
  public var posterior = PosteriorSettings()
  /// Steps down the gradient.
  public var optimisation = OptimiserSettings()
  /// Memory and training.
  public var replay = ReplaySettings()

  /// Bayes by Backprop's.
  public init() {}

  /// A line on each setting of all groups, by key.
  public static let help = PosteriorSettings.help
    .merging(NetworkSettings.help) { own, _ in own }
    .merging(OptimiserSettings.help) { own, _ in own }
    .merging(ReplaySettings.help) { own, _ in own }
}

extension PosteriorLearner {
  /// The posterior of an agent with these settings, which acts as a sentence says.
  public func exported(_ settings: PosteriorSettings, acting: String) -> ExportedNetwork {
    ExportedNetwork(
      sizes: network.architecture.sizes, actionCoding: settings.actionCoding, isPosterior: true,
      likelihood: settings.likelihood.rawValue,
      noise: settings.likelihood == .gaussianHead ? nil : settings.noiseSigma,
      rewardScale: training.rewardScale, acting: acting, tensors: network.tensors)
  }

  /// The outputs in a context of a network whose weights are the posterior's means, `[1][actions]`.
  public mutating func networkOutputs(for observation: Observation) throws -> [[Double]] {
    var means = PointNetwork(
      network.architecture, capacity: training.capacity, likelihood: network.objective.likelihood,
      stream: RandomStream(seed: 0))
    try means.load(
      network.tensors.filter { $0.name.hasSuffix(".mean") }.map { $0.named(String($0.name.dropLast(5))) })
    return [training.outputs(of: &means, for: observation)]
  }

  /// KL[posterior ‖ prior] in nats; by one draw of the weights where the prior has no closed form.
  ///
  /// No later draw moves by it.
  public var complexityCost: Double {
    if let exact = network.closedFormKL { return exact }
    var copy = network
    copy.drawWeights()
    return copy.sampledKL
  }
}

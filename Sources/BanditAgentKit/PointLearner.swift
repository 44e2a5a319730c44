public import BanditCore
public import BanditLearning
public import BanditNumerics

/// A network of point estimates that learns rewards from replayed steps.
public struct PointLearner: Sendable {
  /// The network.
  public var network: PointNetwork
  /// Memory, minibatches and diagnostics.
  public var training: ReplayTraining
  private var shuffling: RandomStream
  /// The predicted reward of each action in the context at hand.
  public private(set) var values: [Double]

  /// Creates a learner for a task; the network starts at random from children of `stream`.
  ///
  /// - Throws: `ConfigurationError` for a setting out of range.
  public init(
    _ settings: PointLearnerSettings, dropout: Dropout = .none, spec: TaskSpec, stream: RandomStream
  ) throws(ConfigurationError) {
    training = try ReplayTraining(spec: spec, replay: settings.replay, optimisation: settings.optimisation)
    network = try settings.cost.network(
      settings.network, dropout: dropout, training: training, stream: stream.child("network"))
    shuffling = stream.child("shuffling")
    values = Array(repeating: 0, count: spec.actionCount)
  }

  /// Sets how many threads a step of the network may use.
  public mutating func setThreads(_ count: Int) { network.setThreads(count) }

  /// Encodes a context; the result is in `training.input.actions`.
  public mutating func encode(_ observation: Observation) { training.encode(observation) }

  /// Predicts the rewards of a context's actions with all units kept.
  public mutating func predict(_ observation: Observation) {
    encode(observation)
    setValues(network.predict(training.input.actions))
    observation.mask(&values)
  }

  /// Predicts the rewards of a context's actions with the same units dropped for all of them.
  public mutating func predictSample(_ observation: Observation) {
    encode(observation)
    setValues(network.predictSample(training.input.actions, masks: .shared))
  }

  private mutating func setValues(_ outputs: UnsafePointer<Float>) {
    let width = network.likelihood.outputs  // a head's mean comes first
    let scale = training.rewardScale
    for action in values.indices { values[action] = scale.reward(Double(outputs[action * width])) }
  }

  /// Remembers a step of random play.
  public mutating func prefill(_ transition: Transition) { training.store(transition) }

  /// Remembers a step and trains when a round is due.
  ///
  /// - Throws: `DivergenceError` where the cost is no finite number.
  public mutating func update(_ transition: Transition) throws {
    training.store(transition)
    guard training.stepIsDue() else { return }
    try training.train(&network, shuffling: &shuffling)
  }

  /// The network, memory and generator.
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

/// What agents with a network of point estimates share.
public struct PointLearnerSettings: SettingGroup {
  /// Sizes.
  public var network = NetworkSettings()
  /// Cost and penalties.
  public var cost = PointCostSettings()
  /// Steps down the gradient.
  public var optimisation = OptimiserSettings()
  /// Memory and training.
  public var replay = ReplaySettings()

  /// Epsilon-greedy's.
  public init() {}

  /// Settings that serve environments of all kinds: those of the presets `standard`.
  public static let standard: PointLearnerSettings = {
    var settings = PointLearnerSettings()
    settings.optimisation.learningRate = 1e-3
    settings.optimisation.schedule = .constant
    settings.replay.prefill = 0
    settings.replay.minibatches = 8
    settings.replay.rewardScale = "auto"
    return settings
  }()

  /// Creates settings of given groups.
  public init(
    network: NetworkSettings, cost: PointCostSettings, optimisation: OptimiserSettings, replay: ReplaySettings
  ) {
    (self.network, self.cost, self.optimisation, self.replay) = (network, cost, optimisation, replay)
  }

  /// A line on each setting of all groups, by key.
  public static let help = PointCostSettings.help
    .merging(NetworkSettings.help) { own, _ in own }
    .merging(OptimiserSettings.help) { own, _ in own }
    .merging(ReplaySettings.help) { own, _ in own }
}

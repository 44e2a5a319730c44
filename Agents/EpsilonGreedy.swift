public import BanditCore
import BanditLearning
public import BanditNumerics

/// A network of point estimates that takes the best predicted action, or with probability ε a uniformly random one.
///
/// Source: the report, §2.7 and §4.3.
///
/// *Deviations*: see `description`.
public struct EpsilonGreedy: PrefilledAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The first ε.
    public var epsilon = 0.05
    /// The last ε, after `epsilonSteps`.
    public var epsilonFinal = 0.0
    /// Steps over which ε moves in a line to `epsilonFinal`; 0 keeps it constant.
    public var epsilonSteps = 0
    /// Sizes.
    public var network = NetworkSettings()
    /// Cost and penalties.
    public var cost = PointCostSettings()
    /// Steps down the gradient.
    public var optimisation = OptimiserSettings()
    /// Memory and training.
    public var replay = ReplaySettings()

    /// The report's 5 % agent.
    public init() {}
  }

  /// `epsilon-greedy`.
  public static let name = "epsilon-greedy"

  let configuration: Configuration
  private let actionCount: Int
  var network: PointNetwork
  var training: ReplayTraining
  private var shuffling: RandomStream
  private var exploring: RandomStream
  private var steps = 0

  /// Creates the agent; the network starts random.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    for (key, value) in [("epsilon", configuration.epsilon), ("epsilonFinal", configuration.epsilonFinal)] {
      try ConfigurationError.require((0...1).contains(value), key: key, given: value, allowed: "from 0 to 1")
    }
    try ConfigurationError.require(
      configuration.epsilonSteps >= 0, key: "epsilonSteps", given: configuration.epsilonSteps,
      allowed: "0 (constant) or more")
    let training = try ReplayTraining(
      spec: spec, replay: configuration.replay, optimisation: configuration.optimisation)
    self.configuration = configuration
    self.training = training
    actionCount = spec.actionCount
    network = try configuration.cost.network(
      configuration.network, training: training, stream: stream.child("network"))
    shuffling = stream.child("shuffling")
    exploring = stream.child("exploring")
  }

  /// Takes the best predicted action, or a random one.
  public mutating func selectAction(for observation: Observation) throws -> Decision {
    training.encode(observation)
    let outputs = network.predict(training.input.actions)
    let width = network.likelihood.outputs  // a head's mean comes first
    let greedy = greedyAction((0..<actionCount).map { Double(outputs[$0 * width]) })
    let epsilon = epsilon(at: steps)
    steps += 1
    // Both numbers are drawn at every step, so that ε does not shift the stream.
    let explores = exploring.bernoulli(epsilon)
    let random = exploring.integer(below: actionCount)
    let action = explores ? random : greedy
    let share = epsilon / Double(actionCount)
    return Decision(action: action, propensity: action == greedy ? 1 - epsilon + share : share)
  }

  /// Remembers the step and trains when a round is due.
  public mutating func update(_ transition: Transition) throws {
    training.store(transition)
    guard training.stepIsDue() else { return }
    try training.train(&network, shuffling: &shuffling)
  }

  /// The number of random steps to be shown.
  public var prefillSteps: Int { configuration.replay.prefill }

  /// Remembers a step of random play.
  public mutating func prefill(_ transition: Transition) throws { training.store(transition) }

  /// The loss, the learning rate and the optimiser's steps.
  public var diagnostics: AgentDiagnostics { training.diagnostics }

  /// The network, memory and generators.
  public struct State: Codable, Sendable {
    let steps: Int
    let network: NetworkState
    let training: ReplayTraining.State
    let shuffling: RandomStream
    let exploring: RandomStream
  }

  /// What the agent goes on from.
  public var state: State {
    State(
      steps: steps, network: network.state, training: training.state, shuffling: shuffling,
      exploring: exploring)
  }

  /// Goes on from a state.
  public mutating func restore(_ state: State) throws {
    try network.restore(state.network)
    try training.restore(state.training)
    (steps, shuffling, exploring) = (state.steps, state.shuffling, state.exploring)
  }

  /// ε at a step, counted from 0.
  func epsilon(at step: Int) -> Double {
    guard configuration.epsilonSteps > 0 else { return configuration.epsilon }
    let progress = min(1, Double(step) / Double(configuration.epsilonSteps))
    return configuration.epsilon + (configuration.epsilonFinal - configuration.epsilon) * progress
  }
}

extension EpsilonGreedy {
  /// The report's three rivals of Bayes by Backprop.
  public static let presets = [
    ("greedy", "0", "pure greedy"), ("greedy-1", "0.01", "1 %"), ("greedy-5", "0.05", "5 %"),
  ]
  .map { name, epsilon, words in
    Preset(
      name: name, summary: "the report's \(words) agent, 95 columns", settings: ["epsilon=\(epsilon)"],
      environmentSettings: ["encoding=drop-first"])
  }

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "A network of point estimates that takes the best predicted action, or a random one with chance epsilon.",
    paper: "Clark, Bronckers, Wang 2022, Weight Uncertainty in Neural Networks (report), §2.7 and §4.3",
    deviations: """
      All 117 context columns are used (the report's presets use 95). The report's epsilon is constant; \
      epsilonSteps lets it fall in a line.
      """,
    settings: [
      "epsilon": "first chance of a random action",
      "epsilonFinal": "last chance of a random action, after epsilonSteps",
      "epsilonSteps": "steps over which epsilon moves in a line; 0 keeps it constant",
    ]
    .merging(PointCostSettings.help) { own, _ in own }
    .merging(NetworkSettings.help) { own, _ in own }
    .merging(OptimiserSettings.help) { own, _ in own }
    .merging(ReplaySettings.help) { own, _ in own }
  )
}

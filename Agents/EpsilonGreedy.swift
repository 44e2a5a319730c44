public import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics

/// A network of point estimates that takes the best predicted action, or with probability ε a uniformly random one.
///
/// Source: the report, §2.7 and §4.3.
///
/// *Deviations*: see `description`.
public struct EpsilonGreedy: PrefilledAgent, ProbabilityAgent, ActionFeatureAgent,
  ParallelAgent, Checkpointable
{
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
  var learner: PointLearner
  private var exploring: RandomStream
  private var ties: RandomStream
  private var steps = 0

  /// Creates the agent; the network starts random.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    for (key, value) in [("epsilon", configuration.epsilon), ("epsilonFinal", configuration.epsilonFinal)] {
      try ConfigurationError.require((0...1).contains(value), key: key, given: value, allowed: "from 0 to 1")
    }
    try ConfigurationError.require(
      configuration.epsilonSteps >= 0, key: "epsilonSteps", given: configuration.epsilonSteps,
      allowed: "0 (constant) or more")
    self.configuration = configuration
    actionCount = spec.actionCount
    learner = try PointLearner(
      PointLearnerSettings(
        network: configuration.network, cost: configuration.cost, optimisation: configuration.optimisation,
        replay: configuration.replay), spec: spec, stream: stream)
    exploring = stream.child("exploring")
    ties = stream.child("ties")
  }

  /// Takes the best predicted action, or a random one.
  public mutating func selectAction(for observation: Observation) throws -> Decision {
    learner.predict(observation)
    let greedy = greedyAction(learner.values, ties: &ties)
    let epsilon = epsilon(at: steps)
    steps += 1
    // Both numbers are drawn at every step, so that ε does not shift the stream.
    let explores = exploring.bernoulli(epsilon)
    let random = observation.availableAction(
      exploring.integer(below: observation.availableCount(of: actionCount)))
    let action = explores ? random : greedy
    return Decision(action: action, propensity: probability(of: action, epsilon, in: observation))
  }

  /// ε shared by all actions, the rest by the best predicted ones.
  public mutating func probabilities(for observation: Observation) -> [Double] {
    learner.predict(observation)
    let epsilon = epsilon(at: steps)
    return (0..<actionCount).map { probability(of: $0, epsilon, in: observation) }
  }

  private func probability(of action: Int, _ epsilon: Double, in observation: Observation) -> Double {
    guard observation.isAvailable(action) else { return 0 }
    let count = observation.availableCount(of: actionCount)
    return (1 - epsilon) * greedyShare(learner.values, of: action) + epsilon / Double(count)
  }

  /// Remembers the step and trains when a round is due.
  public mutating func update(_ transition: Transition) throws { try learner.update(transition) }

  /// Sets how many threads a training step may use.
  public mutating func setThreads(_ count: Int) { learner.setThreads(count) }

  /// The number of random steps to be shown.
  public var prefillSteps: Int { configuration.replay.prefill }

  /// Remembers a step of random play.
  public mutating func prefill(_ transition: Transition) throws { learner.prefill(transition) }

  /// The loss, the learning rate and the optimiser's steps.
  public var diagnostics: AgentDiagnostics { learner.training.diagnostics }

  /// Network, memory, generators and where ε is.
  public struct State: Codable, Sendable {
    let learner: PointLearner.State
    let exploring: RandomStream
    let steps: Int
    /// Nil in checkpoints of versions without it.
    let ties: RandomStream?
  }

  /// What the agent can be resumed from.
  public var state: State { State(learner: learner.state, exploring: exploring, steps: steps, ties: ties) }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    try TensorError.requireCount(state.steps, "steps")
    try learner.restore(state.learner)
    (exploring, steps) = (state.exploring, state.steps)
    ties = state.ties ?? ties
  }

  /// ε at a step, counted from 0.
  func epsilon(at step: Int) -> Double {
    guard configuration.epsilonSteps > 0 else { return configuration.epsilon }
    let progress = min(1, Double(step) / Double(configuration.epsilonSteps))
    return configuration.epsilon + (configuration.epsilonFinal - configuration.epsilon) * progress
  }
}

extension EpsilonGreedy: NetworkAgent {
  /// The network.
  public var exportedNetwork: ExportedNetwork {
    learner.exported(
      configuration.cost,
      acting: "the action with the largest output, or with probability epsilon any; of equals a random one")
  }

  /// The network's outputs.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    learner.networkOutputs(for: observation)
  }
}

extension EpsilonGreedy {
  /// The report's three rivals of Bayes by Backprop.
  public static let presets =
    [
      ("greedy", "0", "pure greedy"), ("greedy-1", "0.01", "1 %"), ("greedy-5", "0.05", "5 %"),
    ]
    .map { name, epsilon, words in
      Preset(
        name: name, summary: "the report's \(words) agent, 95 columns", settings: ["epsilon=\(epsilon)"],
        environmentSettings: ["encoding=drop-first"])
    } + [StandardSettings.preset(["epsilon=0.01"])]

  /// What a constant share of random actions costs by itself.
  public static func referenceLines(_ configuration: Configuration) -> [ReferenceLine] {
    let epsilon = configuration.epsilon
    let isConstant = configuration.epsilonSteps == 0 || configuration.epsilonFinal == epsilon
    return isConstant && epsilon > 0
      ? [ReferenceLine(name: "epsilon=\(epsilon) alone", shareOfUniform: epsilon)] : []
  }

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "A network of point estimates: the best predicted action, or a random one with chance epsilon, which may fall.",
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

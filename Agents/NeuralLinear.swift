public import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics

/// A network whose last layer is replaced by exact Bayesian linear regressions, under Thompson sampling.
///
/// Source: Riquelme, Tucker & Snoek 2018, §3 ("NeuralLinear"); Snoek et al. 2015.
///
/// *Deviations*: see `description`.
public struct NeuralLinear: PrefilledAgent, ActionFeatureAgent, ParallelAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Steps between new features, with all regressions fitted anew.
    public var refitEvery = 20
    /// Weights and noise of the regressions.
    public var prior = LinearPriorSettings()
    /// The estimates of propensities.
    public var propensity = PropensitySettings()
    /// Network, memory and training.
    public var learner = PointLearnerSettings()

    /// Riquelme et al.'s prior on epsilon-greedy's network.
    public init() {}
  }

  /// `neural-linear`.
  public static let name = "neural-linear"

  private let refitEvery: Int
  private let cost: PointCostSettings
  private let prior: LinearPriorSettings
  private let propensity: PropensitySettings
  private var learner: PointLearner
  private var layer: FeatureLayer
  private var regressions: ActionRegressions
  private var drawing: RandomStream
  private var ties: RandomStream
  /// The draws that propensities are estimated from.
  private var estimating: RandomStream
  private var stepsToRefit = 0
  private let actionCount: Int

  /// Creates the agent; the network starts random and the regressions with their prior.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    try ConfigurationError.require(
      configuration.refitEvery > 0, key: "refitEvery", given: configuration.refitEvery, allowed: "1 or more")
    let sizes = try configuration.learner.network.validated().hiddenLayers
    let given = sizes.map(String.init).joined(separator: ",")
    guard let width = sizes.last else {
      throw ConfigurationError(key: "hiddenLayers", given: "none", allowed: "at least one layer")
    }
    refitEvery = configuration.refitEvery
    cost = configuration.learner.cost
    prior = try configuration.prior.validated()
    propensity = try configuration.propensity.validated()
    learner = try PointLearner(configuration.learner, spec: spec, stream: stream)
    let count = learner.training.input.modelCount
    regressions = try ActionRegressions(
      dimension: width + 1, actionCount: count, priorPrecision: prior.priorPrecision,
      key: "hiddenLayers", given: given)
    layer = FeatureLayer(learner, regressionCount: count)
    drawing = stream.child("drawing")
    ties = stream.child("ties")
    estimating = stream.child("propensity")
    actionCount = spec.actionCount
  }

  /// Draws a mean reward for every action and takes the best.
  public mutating func selectAction(for observation: Observation) -> Decision {
    // The units of rewards move most in the first steps, whose refits are cheap.
    let isOutdated = layer.scale != learner.training.rewardScale && learner.training.storedCount <= refitEvery
    if stepsToRefit <= 0 || isOutdated {
      layer.refit(&regressions, learner)
      stepsToRefit = refitEvery
    }
    learner.encode(observation)
    layer.compute(learner.training.input.actions)
    let rewards = (0..<actionCount).map { action in
      layer.take(row: action)
      return prior.meanReward(of: &regressions, layer.features, action: model(of: action))
    }
    func draws(_ stream: inout RandomStream) -> [Double] {
      var values = rewards.map { $0.draw(&stream) }
      observation.mask(&values)
      return values
    }
    let action = greedyAction(draws(&drawing), ties: &ties)
    let settings = propensity
    let estimate = settings.estimate(of: action) { draws(&estimating) }
    return Decision(action: action, propensity: estimate)
  }

  /// The regression of an action: its own, or that of all actions where they have features.
  private func model(of action: Int) -> Int { learner.training.input.modelCount == 1 ? 0 : action }

  /// Adds the step to the action's regression, remembers it and trains when a round is due.
  public mutating func update(_ transition: Transition) throws {
    let action = transition.decision.action
    learner.encode(transition.observation)
    layer.compute(learner.training.input.actions)
    layer.take(row: action)
    regressions.add(
      layer.features, action: model(of: action), reward: layer.scale.scaled(transition.reward))
    stepsToRefit -= 1
    try learner.update(transition)
  }

  /// Sets how many threads a training step may use.
  public mutating func setThreads(_ count: Int) { learner.setThreads(count) }

  /// The number of random steps to be shown.
  public var prefillSteps: Int { learner.training.replay.prefill }

  /// Remembers a step of random play.
  public mutating func prefill(_ transition: Transition) throws { learner.prefill(transition) }

  /// The loss, the learning rate and the optimiser's steps.
  public var diagnostics: AgentDiagnostics { learner.training.diagnostics }

  /// Network, memory, the features of the last refit, regressions and generators.
  public struct State: Codable, Sendable {
    let learner: PointLearner.State
    let features: StoredArray<Float>
    /// Nil in checkpoints of versions without it.
    let scale: RewardScale?
    let regressions: [LinearRegressionPosterior.State]
    let drawing: RandomStream
    let stepsToRefit: Int
    /// Nil in checkpoints of versions without it.
    let ties: RandomStream?
    /// Nil in checkpoints of versions without it.
    let estimating: RandomStream?
  }

  /// What the agent can be resumed from.
  public var state: State {
    State(
      learner: learner.state, features: layer.hidden.state, scale: layer.scale,
      regressions: regressions.state, drawing: drawing,
      stepsToRefit: stepsToRefit, ties: ties, estimating: estimating)
  }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    guard (0...refitEvery).contains(state.stepsToRefit) else {
      throw TensorError.wrongState(
        "stepsToRefit: \(state.stepsToRefit) is not allowed; allowed: 0 to \(refitEvery)")
    }
    try learner.restore(state.learner)
    try layer.hidden.restore(state.features)
    layer.scale = try (state.scale ?? .none).validated()
    try regressions.restore(state.regressions)
    (drawing, stepsToRefit) = (state.drawing, state.stepsToRefit)
    ties = state.ties ?? ties
    estimating = state.estimating ?? estimating
  }
}

/// The features that the regressions see, of the network as it was at the last refit, and the memory of a refit.
private struct FeatureLayer {
  var hidden: HiddenFeatures
  /// The units of rewards at the last refit, which the regressions see.
  var scale = RewardScale.none
  private var batch: Minibatch
  private var equations: [NormalEquations]
  private var slots: [Int] = []
  /// The row taken last, with a 1 for the intercept at the end.
  private(set) var features: [Double]

  init(_ learner: PointLearner, regressionCount: Int) {
    hidden = HiddenFeatures(learner.network, capacity: learner.training.capacity)
    batch = learner.training.minibatch
    features = Array(repeating: 1, count: hidden.count + 1)
    equations = Array(repeating: NormalEquations(dimension: hidden.count + 1), count: regressionCount)
  }

  mutating func compute(_ batch: borrowing Minibatch) { hidden.compute(batch) }

  mutating func take(row: Int) { hidden.copy(row: row, to: &features) }

  /// Takes the network's features as they are now and fits the regressions to all remembered steps.
  mutating func refit(_ regressions: inout ActionRegressions, _ learner: PointLearner) {
    hidden.refresh(learner.network)
    scale = learner.training.rewardScale
    for action in equations.indices { equations[action].removeAll() }
    let count = learner.training.storedCount
    for start in stride(from: 0, to: count, by: batch.capacity) {
      slots.removeAll(keepingCapacity: true)
      slots.append(contentsOf: start..<min(start + batch.capacity, count))
      learner.training.fill(&batch, slots: slots, member: nil)
      hidden.compute(batch)
      for row in slots.indices {
        take(row: row)
        equations[learner.training.input.model(batch, row: row)].add(
          features, target: Double(batch.targets[row]))
      }
    }
    for action in equations.indices { regressions.fit(equations[action], action: action) }
  }
}

extension NeuralLinear: NetworkAgent {
  /// The network as it was at the last refit, and the regressions on its last hidden layer.
  public var exportedNetwork: ExportedNetwork {
    var network = learner.exported(
      cost,
      acting: """
        the action with the largest draw of its regression's mean reward at x, the last hidden layer's activations \
        and a 1 (the outputs do not act): with (a, b) of regressions.N.noise, s2 is b / Gamma(a), and the draw is normal \
        of mean x'm, m of regressions.N.mean, and variance s2 x' (R'R)^-1 x, R of regressions.N.factor; of equals a \
        random one
        """)
    network.rewardScale = layer.scale
    network.tensors = layer.hidden.tensors
    for (action, posterior) in regressions.posteriors.enumerated() {
      let (size, name) = (posterior.dimension, "regressions.\(action).")
      let noise = [prior.noiseShape + Double(posterior.count) / 2, prior.noiseScale + posterior.residual / 2]
      network.tensors += [
        NamedTensor(name: name + "mean", shape: [size], elements: .double(posterior.mean)),
        NamedTensor(name: name + "factor", shape: [size, size], elements: .double(posterior.triangle)),
        NamedTensor(name: name + "noise", shape: [2], elements: .double(noise)),
      ]
    }
    return network
  }

  /// The outputs of the network as it was at the last refit.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    learner.encode(observation)
    layer.compute(learner.training.input.actions)
    return [layer.hidden.outputs(rows: actionCount)]
  }
}

extension NeuralLinear {
  /// What serves environments of all kinds, and the Showdown's numbers.
  public static let presets = [
    StandardSettings.preset(["noiseScale=1"]),
    Preset(
      name: "showdown", summary: "the Showdown's network and rounds; its prior is the default",
      settings: StandardSettings.showdown + ["refitEvery=50"]),
  ]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "A network's last hidden layer under exact Bayesian linear regressions, with Thompson sampling.",
    paper: """
      Riquelme, Tucker, Snoek 2018, Deep Bayesian Bandits Showdown, §3 (NeuralLinear); Snoek et al. 2015, Scalable \
      Bayesian Optimization Using Deep Neural Networks
      """,
    deviations: """
      The network takes context and action together, as every network here, so an action's features are the last \
      hidden layer's activations for its own input; each action has a regression of its own on them, as in the \
      Showdown, whose network takes the context alone. The regressions have an intercept, as the layer they replace \
      has a bias. They are fitted to the remembered steps (the last 4,096) and not to all. Between refits they take \
      the features of the network at the last one, while the network trains on.
      """,
    settings: ["refitEvery": "steps between new features, with all regressions fitted anew"]
      .merging(PropensitySettings.help) { own, _ in own }
      .merging(LinearPriorSettings.help) { own, _ in own }
      .merging(PointLearnerSettings.help) { own, _ in own }
  )
}

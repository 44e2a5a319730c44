public import BanditAgentKit
public import BanditCore
import BanditLearning
public import BanditNumerics

/// Several networks of point estimates that differ in their start and in the order of their examples.
///
/// Their disagreement stands for what the data has not settled; acting by a random member is a form of Thompson
/// sampling.
///
/// Sources: Lakshminarayanan, Pritzel & Blundell 2017, §2.4 (ensembles); Osband et al. 2016, §4 (acting by a random
/// member, bootstrap masks).
///
/// *Deviations*: see `description`.
public struct Ensemble: PrefilledAgent, ActionFeatureAgent, ParallelAgent, Checkpointable {
  /// How the members' predictions become an action.
  public enum Acting: String, SettingChoice {
    /// A random member decides.
    case member
    /// The mean decides.
    case mean
    /// The mean plus `beta` standard deviations over members decides.
    case optimistic
    /// A draw from the normal distribution of the mixture's mean and whole variance decides.
    case mixture
    /// The same with the variance of the members' means alone.
    case knowledge
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The number of networks.
    public var members = 5
    /// How they act.
    public var acting = Acting.member
    /// Standard deviations added (optimistic).
    public var beta = 1.0
    /// The chance that a member trains on a step; 1 for no bootstrap.
    public var bootstrap = 1.0
    /// What a random network's output, added to each member's, is multiplied by; 0 for none.
    public var priorScale = 0.0
    /// The estimates of propensities (mixture, knowledge; the others know theirs).
    public var propensity = PropensitySettings()
    /// Sizes.
    public var network = NetworkSettings()
    /// Cost and penalties.
    public var cost = PointCostSettings()
    /// Steps down the gradient.
    public var optimisation = OptimiserSettings()
    /// Memory and training, of every member.
    public var replay = ReplaySettings()

    /// Five members, acting by a random one.
    public init() {}

    /// Members that each learn from a random part of the steps, acting by a random one.
    init(
      members: Int, maskProbability: Double, learner: PointLearnerSettings
    ) throws(ConfigurationError) {
      try ConfigurationError.require(
        maskProbability > 0 && maskProbability <= 1, key: "maskProbability", given: maskProbability,
        allowed: "above 0, at most 1")
      self.members = members
      bootstrap = maskProbability
      (network, cost) = (learner.network, learner.cost)
      (optimisation, replay) = (learner.optimisation, learner.replay)
    }
  }

  /// `ensemble`.
  public static let name = "ensemble"

  let configuration: Configuration
  var members: [EnsembleMember]
  var training: ReplayTraining
  private var team = ThreadTeam(members: 1)
  private var choosing: RandomStream
  private var masking: RandomStream
  private var ties: RandomStream
  /// The draws that propensities are estimated from.
  private var estimating: RandomStream
  /// Predictions `[members × actions]` in the context at hand.
  private var predictions: [[Double]]
  /// The rewards' variances that go with them.
  private var variances: [[Double]]

  /// Creates the agent; every member starts at random from a stream of its own.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    try ConfigurationError.require(
      (1...64).contains(configuration.members), key: "members", given: configuration.members,
      allowed: "1 to 64")
    try ConfigurationError.require(
      configuration.bootstrap > 0 && configuration.bootstrap <= 1, key: "bootstrap",
      given: configuration.bootstrap, allowed: "above 0, at most 1")
    let priorScale = configuration.priorScale
    try ConfigurationError.require(
      priorScale >= 0, key: "priorScale", given: priorScale, allowed: "0 or more")
    let training = try ReplayTraining(
      spec: spec, replay: configuration.replay, optimisation: configuration.optimisation)
    try ConfigurationError.require(
      configuration.acting != .mixture || configuration.cost.likelihood != .squaredError, key: "acting",
      given: "mixture", allowed: "mixture with another likelihood than squared-error, which has no variance")
    _ = try configuration.propensity.validated()
    self.configuration = configuration
    self.training = training
    members = try (0..<configuration.members).map { number in
      let stream = stream.child("member", number)
      let network = try configuration.cost.network(
        configuration.network, training: training, stream: stream.child("network"))
      let prior =
        priorScale > 0
        ? PriorFunction(
          network.architecture, capacity: training.capacity, scale: priorScale, stream: stream.child("prior"))
        : nil
      return EnsembleMember(
        number, network: network, prior: prior, training: training, shuffling: stream.child("shuffling"))
    }
    choosing = stream.child("choosing")
    masking = stream.child("masking")
    ties = stream.child("ties")
    estimating = stream.child("propensity")
    predictions = Array(
      repeating: Array(repeating: 0, count: spec.actionCount), count: configuration.members)
    variances = predictions
  }

  /// Acts by a random member, by the mean, by an optimistic bound or by draws.
  public mutating func selectAction(for observation: Observation) throws -> Decision {
    training.encode(observation)
    for index in members.indices {
      members[index].predict(
        training.input.actions, scale: training.rewardScale, means: &predictions[index],
        variances: &variances[index])
      observation.mask(&predictions[index])
    }
    switch configuration.acting {
    case .member:
      let chosen = greedyAction(predictions[choosing.integer(below: members.count)], ties: &ties)
      let agreeing = predictions.reduce(0) { $0 + greedyShare($1, of: chosen) }
      return Decision(action: chosen, propensity: agreeing / Double(members.count))
    case .mean, .optimistic:
      let values = bounds(beta: configuration.acting == .mean ? 0 : configuration.beta)
      let chosen = greedyAction(values, ties: &ties)
      return Decision(action: chosen, propensity: greedyShare(values, of: chosen))
    case .mixture, .knowledge:
      let (rewards, settings) = (rewards, configuration.propensity)
      let chosen = greedyAction(rewards.map { $0.mean + $0.deviation * choosing.normal() }, ties: &ties)
      let propensity = settings.estimate(of: chosen) {
        rewards.map { $0.mean + $0.deviation * estimating.normal() }
      }
      return Decision(action: chosen, propensity: propensity)
    }
  }

  /// Remembers the step for the members whose mask has it, and trains them when a round is due.
  public mutating func update(_ transition: Transition) throws {
    remember(transition)
    guard training.stepIsDue() else { return }
    for index in members.indices {
      try LongWork.check()
      members[index].drawRound(&training)
    }
    trainSideBySide()
    try LongWork.check()
    for index in members.indices {
      try training.endRound(totalCost: members[index].cost, count: configuration.replay.minibatches)
    }
  }

  private mutating func trainSideBySide() {
    let (team, masks, learningRate) = (team, configuration.bootstrap < 1, training.learningRate)
    members.withUnsafeMutableBufferPointer { members in
      withUnsafePointer(to: training) { training in
        var round = EnsembleRound(
          members: members, training: training, masks: masks, learningRate: learningRate,
          threads: team.members, isUnwanted: LongWork.isUnwanted)
        round.run(on: team)
      }
    }
  }

  /// Sets how many threads a training round may use: members are shared out, each trains on one thread.
  public mutating func setThreads(_ count: Int) {
    team = ThreadTeam(members: min(count, configuration.members))
  }

  /// The number of random steps to be shown.
  public var prefillSteps: Int { configuration.replay.prefill }

  /// Remembers a step of random play.
  public mutating func prefill(_ transition: Transition) throws { remember(transition) }

  /// The last member's loss, the learning rate and all members' optimiser steps.
  public var diagnostics: AgentDiagnostics { training.diagnostics }

  /// Members, memory and generators.
  public struct State: Codable, Sendable {
    let members: [EnsembleMember.State]
    let training: ReplayTraining.State
    let choosing: RandomStream
    let masking: RandomStream
    /// Nil in checkpoints of versions without it.
    let ties: RandomStream?
    /// Nil in checkpoints of versions without it.
    let estimating: RandomStream?
  }

  /// What the ensemble can be resumed from.
  public var state: State {
    State(
      members: members.map(\.state), training: training.state, choosing: choosing, masking: masking,
      ties: ties, estimating: estimating)
  }

  /// Resumes from a state.
  public mutating func restore(_ state: State) throws {
    guard state.members.count == members.count else {
      throw TensorError.wrongState("\(state.members.count) members, not \(members.count)")
    }
    for index in members.indices { try members[index].restore(state.members[index]) }
    try training.restore(state.training)
    choosing = state.choosing
    masking = state.masking
    ties = state.ties ?? ties
    estimating = state.estimating ?? estimating
  }

  private mutating func remember(_ transition: Transition) {
    var mask = UInt64.max
    if configuration.bootstrap < 1 {
      mask = members.indices.reduce(0) { bits, index in
        masking.bernoulli(configuration.bootstrap) ? bits | 1 << UInt64(index) : bits
      }
    }
    training.store(transition, mask: mask)
  }

  /// Mean plus `beta` standard deviations over members, an action each.
  private func bounds(beta: Double) -> [Double] {
    predictions[0].indices.map { action in
      let (mean, variance) = meanAndVariance(action)
      return mean + beta * variance.squareRoot()
    }
  }

  /// The normal distribution of each action's draws: the mixture's mean, and its deviation or its means'.
  private var rewards: [(mean: Double, deviation: Double)] {
    predictions[0].indices.map { action in
      var (mean, variance) = meanAndVariance(action)
      if configuration.acting == .mixture {
        variance += variances.reduce(0) { $0 + $1[action] } / Double(variances.count)
      }
      return (mean, variance.squareRoot())
    }
  }

  /// The mean and the variance of the members' predictions for an action.
  private func meanAndVariance(_ action: Int) -> (mean: Double, variance: Double) {
    let count = Double(predictions.count)
    let mean = predictions.reduce(0) { $0 + $1[action] } / count
    return (mean, predictions.reduce(0) { $0 + ($1[action] - mean) * ($1[action] - mean) } / count)
  }
}

extension Ensemble {
  /// What serves environments of all kinds.
  public static let presets = [StandardSettings.preset()]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Several networks that differ in their start and shuffles; a random one, the mean or an optimistic bound acts.",
    paper: """
      Lakshminarayanan, Pritzel, Blundell 2017, Simple and Scalable Predictive Uncertainty Estimation using Deep \
      Ensembles, §2.4; Osband et al. 2016, Deep Exploration via Bootstrapped DQN, §4
      """,
    deviations: """
      Members predict one number each unless likelihood is a head, and see no adversarial examples: one-hot inputs \
      have no neighbours. A member is drawn for \
      each step, where Osband et al. keep it for an episode. Bootstrap masks are Bernoulli and set the weight of an \
      example outside a member's sample to 0.
      """,
    settings: [
      "members": "number of networks",
      "acting":
        "a random member, the mean, the mean plus beta sd, or a normal draw by the mixture's or its means' variance",
      "beta": "standard deviations added to the mean (optimistic)",
      "priorScale":
        "what a random network, added to each member and never trained, is multiplied by; 0 for none",
      "bootstrap": "chance that a member trains on a step; 1 for no bootstrap",
    ]
    .merging(PropensitySettings.help) { own, _ in own }
    .merging(PointCostSettings.help) { own, _ in own }
    .merging(NetworkSettings.help) { own, _ in own }
    .merging(OptimiserSettings.help) { own, _ in own }
    .merging(ReplaySettings.help) { own, _ in own }
  )
}

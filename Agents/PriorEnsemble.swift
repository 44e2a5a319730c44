public import BanditAgentKit
public import BanditCore
public import BanditNumerics

/// Bootstrapped networks, each with a random network of its own added that never learns; a random one acts.
///
/// An `Ensemble` with masks and priors, a name and defaults of its own.
///
/// Source: Osband, Aslanides & Cassirer 2018, §3 and algorithm 1.
///
/// *Deviations*: see `description`.
public struct PriorEnsemble: PrefilledAgent, ParallelAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The number of networks.
    public var members = 10
    /// β: what a member's prior is multiplied by, in the networks' units of reward.
    public var priorScale = 1.0
    /// The chance that a member learns from a step.
    public var maskProbability = 0.5
    /// Network, memory and training of every member.
    public var learner = PointLearnerSettings.standard

    /// Ten members, and the kit's standard training.
    public init() {}
  }

  /// `prior-ensemble`.
  public static let name = "prior-ensemble"

  var ensemble: Ensemble

  /// Creates the agent; every member starts at random from a stream of its own.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    var members = try Ensemble.Configuration(
      members: configuration.members, maskProbability: configuration.maskProbability,
      learner: configuration.learner)
    members.priorScale = configuration.priorScale
    ensemble = try Ensemble(configuration: members, spec: spec, stream: stream)
  }

  /// Acts by a random member with its prior.
  public mutating func selectAction(for observation: Observation) throws -> Decision {
    try ensemble.selectAction(for: observation)
  }

  /// Remembers the step for the members whose mask has it, and trains them when a round is due.
  public mutating func update(_ transition: Transition) throws { try ensemble.update(transition) }

  /// Sets how many threads a training round may use.
  public mutating func setThreads(_ count: Int) { ensemble.setThreads(count) }

  /// The number of random steps to be shown.
  public var prefillSteps: Int { ensemble.prefillSteps }

  /// Remembers a step of random play.
  public mutating func prefill(_ transition: Transition) throws { try ensemble.prefill(transition) }

  /// The last member's loss, the learning rate and all members' optimiser steps.
  public var diagnostics: AgentDiagnostics { ensemble.diagnostics }

  /// What the ensemble can be resumed from.
  public var state: Ensemble.State { ensemble.state }

  /// Resumes from a state.
  public mutating func restore(_ state: Ensemble.State) throws { try ensemble.restore(state) }
}

extension PriorEnsemble: NetworkAgent {
  /// The members and their priors.
  public var exportedNetwork: ExportedNetwork { ensemble.exportedNetwork }

  /// The members' outputs, then their priors'.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    ensemble.networkOutputs(for: observation)
  }
}

extension PriorEnsemble {
  /// What the defaults are, under the name that all agents with a network have.
  public static let presets = [StandardSettings.preset()]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Bootstrapped networks, each with a random one added that never learns; a random one acts.",
    paper: """
      Osband, Aslanides, Cassirer 2018, Randomized Prior Functions for Deep Reinforcement Learning, §3 and algorithm 1
      """,
    deviations: """
      A step is in a member's sample by a coin of its own, once and for all, in place of resampling with replacement. \
      Priors have the members' sizes and normal weights of variance 2/inputs (1/inputs in the last layer), where the \
      authors start networks and priors alike. A member is drawn for each step. There is no penalty on the distance from \
      the start (l2 is one on the distance from 0).
      """,
    settings: [
      "members": "number of networks",
      "priorScale": "beta: what a member's prior is multiplied by, in the networks' units of reward",
      "maskProbability": "chance that a member learns from a step",
    ]
    .merging(PointLearnerSettings.help) { own, _ in own }
  )
}

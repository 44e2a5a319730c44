public import BanditAgentKit
public import BanditCore
public import BanditNumerics

/// Networks that each learn from a random part of the steps; a random one acts.
///
/// An `Ensemble` with masks, a name and defaults of its own.
///
/// Sources: Osband & Van Roy 2015, algorithm 2; Osband, Blundell, Pritzel & Van Roy 2016, §4 and §6.1.
///
/// *Deviations*: see `description`.
public struct Bootstrap: PrefilledAgent, ParallelAgent, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The number of networks.
    public var members = 10
    /// The chance that a member learns from a step.
    public var maskProbability = 0.5
    /// Network, memory and training of every member.
    public var learner = PointLearnerSettings()

    /// Osband et al.'s ten members and masks of ½.
    public init() {}
  }

  /// `bootstrap`.
  public static let name = "bootstrap"

  var ensemble: Ensemble

  /// Creates the agent; every member starts at random from a stream of its own.
  public init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    let members = try Ensemble.Configuration(
      members: configuration.members, maskProbability: configuration.maskProbability,
      learner: configuration.learner)
    ensemble = try Ensemble(configuration: members, spec: spec, stream: stream)
  }

  /// Acts by a random member.
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

extension Bootstrap: NetworkAgent {
  /// The members.
  public var exportedNetwork: ExportedNetwork { ensemble.exportedNetwork }

  /// The members' outputs.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    ensemble.networkOutputs(for: observation)
  }
}

extension Bootstrap {
  /// What serves environments of all kinds, and the Showdown's numbers.
  public static let presets = [
    StandardSettings.preset(),
    Preset(
      name: "showdown", summary: "the Showdown's three members that learn from 95 % of the steps (BootRMS)",
      settings: StandardSettings.showdown + ["members=3", "maskProbability=0.95"]),
  ]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Networks that each learn from a random half of the steps; a random one acts.",
    paper: """
      Osband, Van Roy 2015, Bootstrapped Thompson Sampling and Deep Exploration, algorithm 2; Osband, Blundell, \
      Pritzel, Van Roy 2016, Deep Exploration via Bootstrapped DQN, §4
      """,
    deviations: """
      A step is in a member's sample by a coin of its own, once and for all, as in Bootstrapped DQN; Osband and Van \
      Roy draw with replacement. Random starts stand for their artificial first data. Members share no layers. A \
      member is drawn for each step. An example outside a member's sample has weight 0 in its minibatch.
      """,
    settings: [
      "members": "number of networks", "maskProbability": "chance that a member learns from a step",
    ]
    .merging(PointLearnerSettings.help) { own, _ in own }
  )
}

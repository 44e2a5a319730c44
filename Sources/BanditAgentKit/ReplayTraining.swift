public import BanditCore
public import BanditLearning
public import BanditNumerics

/// What learning agents share: memory, training rounds and what they tell of them.
public struct ReplayTraining: Sendable {
  /// The settings of memory and rounds.
  public let replay: ReplaySettings
  /// The settings of the optimiser.
  public let optimisation: OptimiserSettings
  /// The inputs of the context and action encoded last.
  public private(set) var input: ActionInput
  /// The examples that `nextMinibatch` drew.
  public private(set) var minibatch: Minibatch
  /// The last round's mean cost, the learning rate and the optimiser steps so far.
  public private(set) var diagnostics = AgentDiagnostics()
  private var buffer: ReplayBuffer
  private var steps = 0
  private var scaling: RewardScaling

  /// Creates an empty memory for a task.
  ///
  /// - Throws: `ConfigurationError` for a setting out of range.
  public init(
    spec: TaskSpec, replay: ReplaySettings, optimisation: OptimiserSettings, coding: ActionCoding = .columns
  ) throws(ConfigurationError) {
    self.replay = try replay.validated()
    scaling = try RewardScaling(replay.rewardScale)
    self.optimisation = try optimisation.validated()
    input = ActionInput(spec, coding: coding)
    minibatch = Minibatch(encoding: input.encoding, capacity: replay.batchSize)
    buffer = ReplayBuffer(
      encoding: input.encoding, capacity: replay.bufferSize == 0 ? nil : replay.bufferSize)
  }

  /// The number of remembered steps.
  public var storedCount: Int { buffer.count }

  /// The largest minibatch a network meets: in training, or one row an action.
  public var capacity: Int { max(minibatch.capacity, input.actions.capacity) }

  /// The units in which networks see rewards at present.
  public var rewardScale: RewardScale { scaling.scale }

  /// The learning rate of the round at hand.
  public var learningRate: Double { optimisation.rate(at: max(steps - 1, 0)) }

  /// Encodes a context; the result is in `input.actions`.
  public mutating func encode(_ observation: Observation) { input.encode(observation) }

  /// Encodes a context and an action; the result is in `input.taken`.
  public mutating func encode(_ observation: Observation, action: Int) {
    input.encode(observation, action: action)
  }

  /// Remembers a step; bit i of `mask` says whether member i of an ensemble learns from it.
  public mutating func store(_ transition: Transition, mask: UInt64 = .max) {
    scaling.add(transition.reward)
    input.encode(transition.observation, action: transition.decision.action)
    buffer.append(input.taken, target: Float(transition.reward), mask: mask)
  }

  /// Counts an environment step and says whether a training round is due.
  public mutating func stepIsDue() -> Bool {
    steps += 1
    return steps % replay.trainEvery == 0
  }

  /// Starts a round of minibatches from a new random order.
  public mutating func beginRound() { buffer.beginRound() }

  /// Fills `minibatch` with the next `batchSize` examples, or with all of them while there are fewer; targets are in the
  /// networks' units.
  public mutating func nextMinibatch(_ stream: inout RandomStream) {
    buffer.fill(&minibatch, size: replay.batchSize, sampling: replay.sampling, stream: &stream)
    scaleTargets(of: &minibatch)
  }

  /// Trains a network for a round of minibatches; `step` takes one optimiser step and gives its cost.
  ///
  /// - Throws: `DivergenceError` where the cost is no finite number, `WorkGivenUp` where the user does not wait.
  mutating func trainRound<Network>(
    _ network: inout Network, shuffling: inout RandomStream,
    step: (inout Network, borrowing Minibatch, _ index: Int, _ learningRate: Double) -> Double
  ) throws {
    let learningRate = learningRate
    var total: Double = 0
    beginRound()
    for index in 0..<replay.minibatches {
      try LongWork.check()
      nextMinibatch(&shuffling)
      total += step(&network, minibatch, index, learningRate)
    }
    try endRound(totalCost: total, count: replay.minibatches)
  }

  /// Draws the examples of a whole round, a list for each minibatch.
  public mutating func drawRound(_ slots: inout [[Int]], _ stream: inout RandomStream) {
    buffer.beginRound()
    for index in slots.indices {
      buffer.drawSlots(&slots[index], size: replay.batchSize, sampling: replay.sampling, stream: &stream)
    }
  }

  /// Fills a minibatch with drawn examples, targets in the networks' units; those that `member` does not learn from have
  /// weight 0.
  public func fill(_ batch: inout Minibatch, slots: [Int], member: Int?) {
    buffer.fill(&batch, slots: slots, member: member)
    scaleTargets(of: &batch)
  }

  private func scaleTargets(of batch: inout Minibatch) {
    let scale = rewardScale
    if scale != .none { batch.replaceTargets { Float(scale.scaled(Double($1))) } }
  }

  /// What training of the same settings can be resumed from, beside its networks.
  public struct State: Codable, Sendable {
    let steps: Int
    let diagnostics: AgentDiagnostics
    let buffer: ReplayBuffer.State
    /// Nil where the units of rewards are fixed.
    let rewards: RewardScaling.Rewards?
  }

  /// What the training can be resumed from.
  public var state: State {
    State(steps: steps, diagnostics: diagnostics, buffer: buffer.state, rewards: scaling.state)
  }

  /// Resumes from a state of the same settings.
  ///
  /// - Throws: `TensorError` for a state that does not fit.
  public mutating func restore(_ state: State) throws {
    try TensorError.requireCount(state.steps, "steps")
    try TensorError.requireCount(state.diagnostics.optimiserSteps, "optimiserSteps")
    try scaling.restore(state.rewards)
    try buffer.restore(state.buffer)
    steps = state.steps
    diagnostics = state.diagnostics
  }

  /// Notes what a finished round of `count` optimiser steps cost in sum.
  ///
  /// - Throws: `DivergenceError` where that is no finite number.
  public mutating func endRound(totalCost: Double, count: Int) throws(DivergenceError) {
    guard totalCost.isFinite else { throw DivergenceError(step: steps, learningRate: learningRate) }
    diagnostics.loss = totalCost / Double(count)
    diagnostics.learningRate = learningRate
    diagnostics.optimiserSteps += count
  }
}

/// Training that ran away: from here on every prediction would be no number.
public struct DivergenceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The agent's step, counted from 1.
  public let step: Int
  /// The learning rate of the round.
  public let learningRate: Double

  /// What happened, and which settings help.
  public var description: String {
    "training diverged at step \(step): the cost is no finite number; try a learningRate below \(learningRate) or "
      + "a larger noiseSigma"
  }
}

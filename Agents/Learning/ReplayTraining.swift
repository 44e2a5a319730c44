import BanditCore
import BanditLearning
import BanditNumerics

/// What learning agents share: memory, training rounds and what they tell of them.
struct ReplayTraining {
  let replay: ReplaySettings
  let optimisation: OptimiserSettings
  private(set) var input: ActionInput
  private(set) var minibatch: Minibatch
  private(set) var diagnostics = AgentDiagnostics()
  private var buffer: ReplayBuffer
  private var steps = 0

  init(spec: TaskSpec, replay: ReplaySettings, optimisation: OptimiserSettings) throws(ConfigurationError) {
    self.replay = try replay.validated()
    self.optimisation = try optimisation.validated()
    input = ActionInput(spec)
    minibatch = Minibatch(encoding: input.encoding, capacity: replay.batchSize)
    buffer = ReplayBuffer(
      encoding: input.encoding, capacity: replay.bufferSize == 0 ? nil : replay.bufferSize)
  }

  /// The number of remembered steps.
  var storedCount: Int { buffer.count }

  /// The largest minibatch a network meets: in training, or one row an action.
  var capacity: Int { max(minibatch.capacity, input.actions.capacity) }

  /// The learning rate of the round at hand.
  var learningRate: Double { optimisation.rate(at: max(steps - 1, 0)) }

  /// Encodes a context; the result is in `input.actions`.
  mutating func encode(_ observation: Observation) { input.encode(observation) }

  /// Remembers a step.
  mutating func store(_ transition: Transition, mask: UInt64 = .max) {
    input.encode(transition.observation, action: transition.decision.action)
    buffer.append(input.taken, target: Float(transition.reward), mask: mask)
  }

  /// Counts an environment step and says whether a training round is due.
  mutating func stepIsDue() -> Bool {
    steps += 1
    return steps % replay.trainEvery == 0
  }

  /// Starts a round of minibatches from a new random order.
  mutating func beginRound() { buffer.beginRound() }

  /// Fills `minibatch` with the next examples.
  mutating func nextMinibatch(_ stream: inout RandomStream) {
    buffer.fill(&minibatch, size: replay.batchSize, sampling: replay.sampling, stream: &stream)
  }

  /// Draws the examples of a whole round, a list for each minibatch.
  mutating func drawRound(_ slots: inout [[Int]], _ stream: inout RandomStream) {
    buffer.beginRound()
    for index in slots.indices {
      buffer.drawSlots(&slots[index], size: replay.batchSize, sampling: replay.sampling, stream: &stream)
    }
  }

  /// Fills a minibatch with drawn examples.
  func fill(_ batch: inout Minibatch, slots: [Int], member: Int?) {
    buffer.fill(&batch, slots: slots, member: member)
  }

  /// What training of the same settings goes on from, beside its networks.
  struct State: Codable, Sendable {
    let steps: Int
    let diagnostics: AgentDiagnostics
    let buffer: ReplayBuffer.State
  }

  var state: State { State(steps: steps, diagnostics: diagnostics, buffer: buffer.state) }

  mutating func restore(_ state: State) throws {
    guard state.steps >= 0 else { throw TensorError.wrongState("\(state.steps) steps") }
    try buffer.restore(state.buffer)
    steps = state.steps
    diagnostics = state.diagnostics
  }

  /// Notes what a finished round of `count` optimiser steps cost in sum; throws where that is no number any more.
  mutating func endRound(totalCost: Double, count: Int) throws(DivergenceError) {
    guard totalCost.isFinite else { throw DivergenceError(step: steps, learningRate: learningRate) }
    diagnostics.loss = totalCost / Double(count)
    diagnostics.learningRate = learningRate
    diagnostics.optimiserSteps += count
  }
}

/// Training that ran away: from here on every prediction would be no number.
struct DivergenceError: Error, Hashable, CustomStringConvertible {
  let step: Int
  let learningRate: Double

  var description: String {
    "training diverged at step \(step): the cost is no finite number; try a learningRate below \(learningRate) or "
      + "a larger noiseSigma"
  }
}

import BanditAgentKit
import BanditLearning
import BanditNumerics

/// One network of an ensemble, with what its training rounds need.
struct EnsembleMember {
  var network: PointNetwork
  /// What is added to the network's output and never learns.
  var prior: PriorFunction?
  /// The last round's cost, summed over minibatches.
  private(set) var cost: Double = 0
  private let number: Int
  private var shuffling: RandomStream
  private var minibatch: Minibatch
  /// Where the examples of the round at hand are, a list for each minibatch.
  private var slots: [[Int]]

  init(
    _ number: Int, network: PointNetwork, prior: PriorFunction?, training: ReplayTraining,
    shuffling: RandomStream
  ) {
    self.number = number
    self.network = network
    self.prior = prior
    self.shuffling = shuffling
    minibatch = training.minibatch
    slots = Array(repeating: [], count: training.replay.minibatches)
  }

  /// What a member of the same number can be resumed from.
  struct State: Codable, Sendable {
    let network: NetworkState
    /// Nil where there is no prior.
    let prior: [NamedTensor]?
    let shuffling: RandomStream
  }

  var state: State { State(network: network.state, prior: prior?.tensors, shuffling: shuffling) }

  mutating func restore(_ state: State) throws {
    guard (state.prior == nil) == (prior == nil) else {
      throw TensorError.wrongState("a prior's parameters are there or not, as the settings do not say")
    }
    try network.restore(state.network)
    if let tensors = state.prior { try prior?.load(tensors) }
    shuffling = state.shuffling
  }

  /// Writes the mean and the variance of each row's reward.
  mutating func predict(
    _ batch: borrowing Minibatch, scale: RewardScale, means: inout [Double], variances: inout [Double]
  ) {
    network.predict(batch, means: &means, variances: &variances)
    prior?.add(batch, to: &means)
    for row in means.indices {
      means[row] = scale.reward(means[row])
      variances[row] = scale.rewardVariance(variances[row])
    }
  }

  /// Draws the examples of a round; members draw in turn, because each shuffles the order that the last one left.
  mutating func drawRound(_ training: inout ReplayTraining) { training.drawRound(&slots, &shuffling) }

  /// Trains on the round's examples, until `isUnwanted`; `masks` leaves out those outside the member's bootstrap sample.
  mutating func train(
    _ training: ReplayTraining, masks: Bool, learningRate: Double, isUnwanted: () -> Bool
  ) {
    cost = 0
    for index in slots.indices {
      if isUnwanted() { return }
      training.fill(&minibatch, slots: slots[index], member: masks ? number : nil)
      prior?.subtract(from: &minibatch)
      cost += network.step(minibatch, learningRate: learningRate)
    }
  }
}

/// A round of all members, side by side: they share what is only read.
struct EnsembleRound {
  let members: UnsafeMutableBufferPointer<EnsembleMember>
  let training: UnsafePointer<ReplayTraining>
  let masks: Bool
  let learningRate: Double
  let threads: Int
  /// Whether the round is to be given up, asked on any thread.
  let isUnwanted: @Sendable () -> Bool

  /// Runs the round on a team.
  mutating func run(on team: ThreadTeam) {
    withUnsafeMutablePointer(to: &self) { round in
      team.run(round) { context, thread in
        context?.assumingMemoryBound(to: EnsembleRound.self).pointee.train(thread: Int(thread))
      }
    }
  }

  private func train(thread: Int) {
    for index in stride(from: thread, to: members.count, by: threads) {
      members[index].train(training.pointee, masks: masks, learningRate: learningRate, isUnwanted: isUnwanted)
    }
  }
}

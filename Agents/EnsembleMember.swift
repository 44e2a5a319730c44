import BanditAgentKit
import BanditLearning
import BanditNumerics

/// One network of an ensemble, with what its training rounds need.
struct EnsembleMember {
  var network: PointNetwork
  /// The last round's cost, summed over minibatches.
  private(set) var cost: Double = 0
  private let number: Int
  private var shuffling: RandomStream
  private var minibatch: Minibatch
  /// Where the examples of the round at hand are, a list for each minibatch.
  private var slots: [[Int]]

  init(_ number: Int, network: PointNetwork, training: ReplayTraining, shuffling: RandomStream) {
    self.number = number
    self.network = network
    self.shuffling = shuffling
    minibatch = training.minibatch
    slots = Array(repeating: [], count: training.replay.minibatches)
  }

  /// What a member of the same number can be resumed from.
  struct State: Codable, Sendable {
    let network: NetworkState
    let shuffling: RandomStream
  }

  var state: State { State(network: network.state, shuffling: shuffling) }

  mutating func restore(_ state: State) throws {
    try network.restore(state.network)
    shuffling = state.shuffling
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

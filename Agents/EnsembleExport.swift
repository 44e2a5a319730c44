public import BanditAgentKit
public import BanditCore
import BanditLearning
import BanditNumerics

extension Ensemble: NetworkAgent {
  /// The members, and their priors where they have any.
  public var exportedNetwork: ExportedNetwork {
    let members = members.enumerated().map { ("members.\($0.offset).", $0.element.network.tensors) }
    let priors = self.members.enumerated().compactMap { index, member in
      member.prior.map { ("priors.\(index).", $0.tensors) }
    }
    let values =
      priors.isEmpty
      ? "" : " (a member's output is its own plus \(configuration.priorScale) times its prior's)"
    return ExportedNetwork(
      prefixes: (members + priors).map(\.0), sizes: self.members[0].network.architecture.sizes,
      likelihood: configuration.cost.likelihood.rawValue, noise: configuration.cost.noise,
      rewardScale: training.rewardScale,
      acting: [
        .member: "the action with the largest output of a member drawn at random; of equals a random one",
        .mean: "the action with the largest mean of outputs over members; of equals a random one",
        .optimistic:
          "the action with the largest mean plus beta standard deviations of outputs over members; of equals a random one",
        .mixture:
          "the action with the largest draw from a normal distribution of the mixture's mean and variance",
        .knowledge:
          "the action with the largest draw from a normal distribution of the mean and variance of members' means",
      ][configuration.acting].map { $0 + values } ?? "",
      tensors: (members + priors).flatMap { prefix, tensors in tensors.map { $0.named(prefix + $0.name) } })
  }

  /// The members' outputs, then their priors'.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    let outputs = members.indices.map { training.outputs(of: &members[$0].network, for: observation) }
    return outputs + members.indices.compactMap { members[$0].prior?.outputs(training.input.actions) }
  }
}

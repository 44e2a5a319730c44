public import BanditAgentKit
public import BanditCore
import BanditLearning
import BanditNumerics

extension EpsilonGreedy: NetworkAgent {
  /// The network.
  public var exportedNetwork: ExportedNetwork {
    learner.exported(
      configuration.cost,
      acting: "the action with the largest output, or with probability epsilon any; of equals the last")
  }

  /// The network's outputs.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    learner.networkOutputs(for: observation)
  }
}

extension Ensemble: NetworkAgent {
  /// The members.
  public var exportedNetwork: ExportedNetwork {
    let prefixes = members.indices.map { "members.\($0)." }
    return ExportedNetwork(
      prefixes: prefixes, sizes: members[0].network.architecture.sizes,
      likelihood: configuration.cost.likelihood.rawValue, noise: configuration.cost.noise,
      acting: [
        .member: "the action with the largest output of a member drawn at random; of equals the last",
        .mean: "the action with the largest mean of outputs over members; of equals the last",
        .optimistic:
          "the action with the largest mean plus beta standard deviations of outputs over members; of equals the last",
        .mixture:
          "the action with the largest draw from a normal distribution of the mixture's mean and variance",
        .knowledge:
          "the action with the largest draw from a normal distribution of the mean and variance of members' means",
      ][configuration.acting] ?? "",
      tensors: zip(prefixes, members).flatMap { prefix, member in
        member.network.tensors.map { $0.named(prefix + $0.name) }
      })
  }

  /// The members' outputs.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    members.indices.map { training.outputs(of: &members[$0].network, for: observation) }
  }
}

extension BayesByBackprop: NetworkAgent {
  /// The posterior.
  public var exportedNetwork: ExportedNetwork {
    ExportedNetwork(
      sizes: network.architecture.sizes, isPosterior: true,
      likelihood: configuration.likelihood.rawValue, noise: configuration.noiseSigma,
      acting:
        "the action with the largest mean of outputs over \(configuration.actionSamples) draws of the weights "
        + (configuration.thompson == .shared ? "that all actions share" : "for each action")
        + "; of equals the last",
      tensors: network.tensors)
  }

  /// The outputs of a network whose weights are the posterior's means.
  public mutating func networkOutputs(for observation: Observation) throws -> [[Double]] {
    var means = PointNetwork(
      network.architecture, capacity: training.capacity, likelihood: network.objective.likelihood,
      stream: RandomStream(seed: 0))
    try means.load(
      network.tensors.filter { $0.name.hasSuffix(".mean") }.map { $0.named(String($0.name.dropLast(5))) })
    return [training.outputs(of: &means, for: observation)]
  }
}

extension BayesByBackprop {
  /// `complexity_cost`: KL[posterior ‖ prior] in nats; by one draw of the weights where the prior has no closed form.
  public var costlyMeasurements: [String: Double] {
    if let exact = network.closedFormKL { return ["complexity_cost": exact] }
    var copy = network
    copy.drawWeights()
    return ["complexity_cost": copy.sampledKL]
  }
}

public import BanditCore
import BanditLearning
import BanditNumerics

extension NetworkArchitecture {
  /// The units of the layers, inputs first and outputs last.
  var sizes: [Int] { [input.columns] + layers.map(\.outputs) }
}

extension PointCostSettings {
  /// The standard deviation or scale of the likelihood, where the settings say it.
  var noise: Double? {
    switch likelihood {
    case .gaussian, .laplace: noiseSigma
    case .squaredError, .gaussianHead, .laplaceHead: nil
    }
  }
}

extension ReplayTraining {
  /// A network's outputs in a context, action by action.
  mutating func outputs(of network: inout PointNetwork, for observation: Observation) -> [Double] {
    encode(observation)
    let outputs = network.predict(input.actions)
    return (0..<(input.actions.count * network.likelihood.outputs)).map { Double(outputs[$0]) }
  }
}

extension PointLearner {
  /// The network of an agent with these costs, which acts as a sentence says.
  func exported(_ cost: PointCostSettings, acting: String) -> ExportedNetwork {
    ExportedNetwork(
      sizes: network.architecture.sizes, likelihood: cost.likelihood.rawValue, noise: cost.noise,
      acting: acting, tensors: network.tensors)
  }

  /// The network's outputs.
  mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    [training.outputs(of: &network, for: observation)]
  }
}

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

extension BayesByBackprop: PosteriorAgent {
  /// In closed form, or by one draw of the weights where the prior has none.
  public var complexityCost: Double {
    if let exact = network.closedFormKL { return exact }
    var copy = network
    copy.drawWeights()
    return copy.sampledKL
  }
}

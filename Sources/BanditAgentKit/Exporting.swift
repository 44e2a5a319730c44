public import BanditCore
public import BanditLearning
import BanditNumerics

extension NetworkArchitecture {
  /// The units of the layers, inputs first and outputs last.
  public var sizes: [Int] { [input.columns] + layers.map(\.outputs) }
}

extension PointCostSettings {
  /// The standard deviation or scale of the likelihood; nil where the settings do not say it.
  public var noise: Double? {
    switch likelihood {
    case .gaussian, .laplace: noiseSigma
    case .squaredError, .gaussianHead, .laplaceHead: nil
    }
  }
}

extension ReplayTraining {
  /// A network's outputs in a context, action by action: `[actions × outputs]`.
  public mutating func outputs(of network: inout PointNetwork, for observation: Observation) -> [Double] {
    encode(observation)
    let outputs = network.predict(input.actions)
    return (0..<(input.actions.count * network.likelihood.outputs)).map { Double(outputs[$0]) }
  }
}

extension PointLearner {
  /// The network of an agent with these costs, which acts as a sentence says.
  public func exported(_ cost: PointCostSettings, acting: String) -> ExportedNetwork {
    ExportedNetwork(
      sizes: network.architecture.sizes, likelihood: cost.likelihood.rawValue, noise: cost.noise,
      rewardScale: training.rewardScale, acting: acting, tensors: network.tensors)
  }

  /// The network's outputs in a context, `[1][actions × outputs]`.
  public mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    [training.outputs(of: &network, for: observation)]
  }
}

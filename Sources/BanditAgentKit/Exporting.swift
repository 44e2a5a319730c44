package import BanditCore
package import BanditLearning
import BanditNumerics

extension NetworkArchitecture {
  /// The units of the layers, inputs first and outputs last.
  package var sizes: [Int] { [input.columns] + layers.map(\.outputs) }
}

extension PointCostSettings {
  /// The standard deviation or scale of the likelihood, where the settings say it.
  package var noise: Double? {
    switch likelihood {
    case .gaussian, .laplace: noiseSigma
    case .squaredError, .gaussianHead, .laplaceHead: nil
    }
  }
}

extension ReplayTraining {
  /// A network's outputs in a context, action by action.
  package mutating func outputs(of network: inout PointNetwork, for observation: Observation) -> [Double] {
    encode(observation)
    let outputs = network.predict(input.actions)
    return (0..<(input.actions.count * network.likelihood.outputs)).map { Double(outputs[$0]) }
  }
}

extension PointLearner {
  /// The network of an agent with these costs, which acts as a sentence says.
  package func exported(_ cost: PointCostSettings, acting: String) -> ExportedNetwork {
    ExportedNetwork(
      sizes: network.architecture.sizes, likelihood: cost.likelihood.rawValue, noise: cost.noise,
      acting: acting, tensors: network.tensors)
  }

  /// The network's outputs.
  package mutating func networkOutputs(for observation: Observation) -> [[Double]] {
    [training.outputs(of: &network, for: observation)]
  }
}

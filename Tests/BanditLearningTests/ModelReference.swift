import BanditLearning
import BanditNumerics
import Foundation

/// The numbers that `reference_models.py` took from PyTorch.
struct ModelReference: Decodable, Sendable {
  var heads: [HeadCase]
  var networks: [Reference.NetworkCase]
  var bayesian: [Reference.BayesianCase]
  var point: [Reference.PointCase]
  var estimators: [EstimatorCase]
  var dropout: [DropoutCase]
  var inputGradients: [InputGradientCase]
  var adversarial: [AdversarialCase]
  var divergences: [DivergenceCase]

  private static let decoded = Result {
    try JSONDecoder().decode(ModelReference.self, from: Data(PackageResources.reference_models_json))
  }

  static var shared: ModelReference { get throws { try decoded.get() } }

  /// A point network with the parameters of a case's network, and with dropout.
  func pointNetwork(
    _ index: Int, _ likelihood: Reference.Distribution, dropout: Dropout
  ) throws -> (network: Reference.NetworkCase, point: PointNetwork) {
    let network = networks[index]
    var point = PointNetwork(
      network.architecture, capacity: network.rows.count, likelihood: try likelihood.likelihood(),
      dropout: dropout, stream: RandomStream(seed: 0))
    point.setParameters(network.means)
    return (network, point)
  }
}

extension ModelReference {
  struct HeadCase: Decodable, Sendable {
    var likelihood: Reference.Distribution
    var outputs: [Float]
    var targets: [Float]
    var total: Double
    var slopes: [Double]
  }

  struct EstimatorCase: Decodable, Sendable {
    var network: Int
    var estimator: GradientEstimator
    var biasNoise: BiasNoise
    var prior: Reference.Distribution
    var klForm: KLForm
    var likelihood: Reference.Distribution
    var klWeight: Double
    /// By sample, in the order in which the network takes it.
    var noise: [[Float]]
    var cost: Double
    var means: [Double]
    var rhos: [Double]
  }

  struct DropoutCase: Decodable, Sendable {
    var network: Int
    var likelihood: Reference.Distribution
    var input: Double
    var hidden: Double
    var masks: [Float]
    var cost: Double
    var gradient: [Double]
  }

  struct InputGradientCase: Decodable, Sendable {
    var network: Int
    var likelihood: Reference.Distribution
    var gradient: [Double]
  }

  struct AdversarialCase: Decodable, Sendable {
    var network: Int
    var likelihood: Reference.Distribution
    var radii: [Float]
    var moved: [Double]
    var cost: Double
    var gradient: [Double]
  }

  struct DivergenceCase: Decodable, Sendable {
    var likelihood: Reference.Distribution
    var from: [Float]
    var outputs: [Float]
    var total: Double
    var slopes: [Double]
  }
}

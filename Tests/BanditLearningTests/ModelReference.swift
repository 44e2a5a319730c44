import BanditLearning
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

  private static let decoded = Result {
    try JSONDecoder().decode(ModelReference.self, from: Data(PackageResources.reference_models_json))
  }

  static var shared: ModelReference { get throws { try decoded.get() } }
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
}

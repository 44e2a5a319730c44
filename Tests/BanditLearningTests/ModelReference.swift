import Foundation

/// The numbers that `reference_models.py` took from PyTorch.
struct ModelReference: Decodable, Sendable {
  var heads: [HeadCase]
  var networks: [Reference.NetworkCase]
  var bayesian: [Reference.BayesianCase]
  var point: [Reference.PointCase]

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
}

import BanditLearning
import BanditNumerics
import Foundation
import Testing

/// The numbers that `reference.py` took from PyTorch and SciPy.
struct Reference: Decodable, Sendable {
  var networks: [NetworkCase]
  var bayesian: [BayesianCase]
  var point: [PointCase]
  var optimisers: [OptimiserCase]
  var densities: Densities
  var schedules: [ScheduleCase]

  private static let decoded = Result {
    try JSONDecoder().decode(Reference.self, from: Data(PackageResources.reference_json))
  }

  static var shared: Reference { get throws { try decoded.get() } }
}

extension Reference {
  /// A prior or a likelihood by its name and whichever constants it has.
  struct Distribution: Decodable, Sendable {
    var family: String
    var sigma: Double?
    var scale: Double?
    var weight: Double?
    var sigma1: Double?
    var sigma2: Double?
    var classes: Int?

    func prior() throws -> WeightPrior {
      switch family {
      case "gaussian": .gaussian(sigma: try #require(sigma))
      case "laplace": .laplace(scale: try #require(scale))
      default:
        .mixture(weight: try #require(weight), sigma1: try #require(sigma1), sigma2: try #require(sigma2))
      }
    }

    func likelihood() throws -> Likelihood {
      switch family {
      case "gaussian": .gaussian(sigma: try #require(sigma))
      case "laplace": .laplace(scale: try #require(scale))
      case "softmax": .softmaxCrossEntropy(classes: try #require(classes))
      case "gaussianMeanVariance": .gaussianMeanVariance
      case "laplaceMeanScale": .laplaceMeanScale
      case "absoluteError": .absoluteError
      default: .squaredError
      }
    }
  }

  /// A network with its minibatch, its parameters and noise for three weight samples.
  struct NetworkCase: Decodable, Sendable {
    var columns: Int
    var maximumActive: Int?
    var hidden: [Int]
    /// 1 where the file has none.
    var outputs: Int?
    var rows: [[Double]]
    var targets: [Float]
    var means: [Float]
    var rhos: [Float]
    var noise: [[Float]]

    var architecture: NetworkArchitecture {
      let input: InputEncoding =
        maximumActive.map { .oneHot(columns: columns, maximumActive: $0) } ?? .dense(columns: columns)
      return NetworkArchitecture(input: input, hidden: hidden, outputs: outputs ?? 1)
    }

    var batch: Minibatch {
      guard let maximumActive else { return denseBatch(rows.map { $0.map { Float($0) } }, targets: targets) }
      let indices = rows.map { $0.map { Int32($0) } }
      return oneHotBatch(indices, columns: columns, maximumActive: maximumActive, targets: targets)
    }
  }

  struct BayesianCase: Decodable, Sendable {
    var network: Int
    var prior: Distribution
    var klForm: KLForm
    var likelihood: Distribution
    var klWeight: Double
    var samples: Int
    var cost: Double
    var means: [Double]
    var rhos: [Double]
  }

  struct PointCase: Decodable, Sendable {
    var network: Int
    var likelihood: Distribution
    var l2: Double
    var l1: Double
    var cost: Double
    var gradient: [Double]
  }

  struct OptimiserCase: Decodable, Sendable {
    var kind: OptimiserKind
    var momentum: Double
    var weightDecay: Double
    var start: [Float]
    var gradients: [[Float]]
    var rates: [Double]
    var path: [[Double]]
  }

  struct ScheduleCase: Decodable, Sendable {
    var shape: LearningRateSchedule.Shape
    var every: Int
    var factor: Double
    var total: Int
    var factors: [Double]
  }

  /// Log densities of priors, KLs of Gaussians to them, and costs of likelihoods.
  struct Densities: Decodable, Sendable {
    struct Prior: Decodable, Sendable {
      var prior: Distribution
      var points: [Double]
      var values: [Double]
    }
    struct KL: Decodable, Sendable {
      var prior: Distribution
      var mean: Double
      var sigma: Double
      var value: Double
    }
    struct Cost: Decodable, Sendable {
      var likelihood: Distribution
      var outputs: [Float]
      var targets: [Float]
      var total: Double
      var slopes: [Double]
    }
    var priors: [Prior]
    var kls: [KL]
    var costs: [Cost]
  }
}

public import BanditLearning
import Foundation

/// Probabilities of classes at the same points by several networks, or by several draws of one network's weights,
/// averaged as they come.
///
/// Memory is taken for one sample, however many there are. The average is that of probabilities, not of logits: the
/// predictive distribution of a uniform mixture.
///
/// Source: Lakshminarayanan, Pritzel & Blundell 2017, §2.4.
public struct ClassPredictions: Sendable {
  /// The points that are predicted.
  public let points: Int
  /// The number of classes.
  public let classes: Int

  /// Sums over samples of the probabilities, `[points × classes]`.
  private var sums: [Double]
  /// Sums over samples of the entropies, a point each, in nats.
  private var entropies: [Double]
  /// Rows added, over all samples.
  private var rows = 0
  private var block: [Float] = []

  /// Creates an empty table.
  public init(points: Int, classes: Int) {
    precondition(points > 0 && classes > 1, "there is a point to predict, and a choice of classes")
    self.points = points
    self.classes = classes
    sums = Array(repeating: 0, count: points * classes)
    entropies = Array(repeating: 0, count: points)
  }

  /// How often all points were predicted.
  public var samples: Int { rows / points }

  /// Adds a network's outputs for the next `count` points: in order, and after the last point the first again.
  ///
  /// - `logits`: `[count × classes]`.
  public mutating func append(logits: UnsafePointer<Float>, rows count: Int) {
    if block.count < count * classes { block = Array(repeating: 0, count: count * classes) }
    var probabilities = block
    block = []  // so that writing copies nothing
    probabilities.withUnsafeMutableBufferPointer { probabilities in
      guard let base = probabilities.baseAddress else { return }
      Likelihood.softmaxCrossEntropy(classes: classes).probabilities(logits, rows: count, into: base)
      append(probabilities: base, rows: count)
    }
    block = probabilities
  }

  /// Adds probabilities for the next `count` points, `[count × classes]`.
  public mutating func append(probabilities: UnsafePointer<Float>, rows count: Int) {
    let first = rows % points
    precondition(first + count <= points, "a sample ends with the last point")
    for row in 0..<count {
      var entropy = 0.0
      for index in 0..<classes {
        let probability = Double(probabilities[row * classes + index])
        sums[(first + row) * classes + index] += probability
        entropy += Self.entropyTerm(probability)
      }
      entropies[first + row] += entropy
    }
    rows += count
  }

  /// The mean probability of a class at a point.
  public func probability(_ point: Int, of index: Int) -> Double {
    sums[point * classes + index] / Double(wholeSamples)
  }

  /// The class of the largest mean probability at a point; of equals the first.
  public func predictedClass(_ point: Int) -> Int {
    var best = 0
    for index in 1..<classes where sums[point * classes + index] > sums[point * classes + best] {
      best = index
    }
    return best
  }

  /// How uncertain the prediction of a point is.
  public func uncertainty(_ point: Int) -> ClassUncertainty {
    let total = (0..<classes).reduce(0) { $0 + Self.entropyTerm(probability(point, of: $1)) }
    return ClassUncertainty(total: total, data: entropies[point] / Double(wholeSamples))
  }

  /// −p ln p in nats, with a logarithm of at least ln 10⁻⁷: 0 for p = 0.
  private static func entropyTerm(_ probability: Double) -> Double {
    -probability * log(max(probability, 1e-7))
  }

  private var wholeSamples: Int {
    precondition(rows > 0 && rows % points == 0, "every sample has every point")
    return samples
  }
}

/// The uncertainty of a prediction over classes and its two kinds, in nats.
///
/// Source: Malinin & Gales 2018, equation 7, as the practical has it.
///
/// *Deviations*: probabilities are kept from 0 within the logarithm alone, so that knowledge uncertainty is never
/// negative; the practical clips them outside too, which differs by 2·10⁻⁶ at most for each class.
public struct ClassUncertainty: Hashable, Sendable {
  /// The entropy of the mean probabilities.
  public let total: Double
  /// The mean over samples of the entropy: what no further training example would take away.
  public let data: Double
  /// Total less data: what samples disagree about, their Jensen–Shannon divergence.
  ///
  /// Samples times it is the disagreement Σ KL(sample ‖ mean) of Lakshminarayanan et al. 2017.
  public var knowledge: Double { max(0, total - data) }

  package init(total: Double, data: Double) {
    self.total = total
    self.data = data
  }
}

/// How well mean probabilities foretell classes, as means over points.
public struct ClassScore: Codable, Hashable, Sendable {
  /// The share of points whose class has the largest probability.
  public let accuracy: Double
  /// The negative log-likelihood of the classes, in nats; a probability of 0 counts as 10⁻³⁸.
  public let negativeLogLikelihood: Double
  /// The Brier score: K⁻¹ Σ (onehot − p)² over K classes.
  ///
  /// Source: Lakshminarayanan, Pritzel & Blundell 2017, §2.2.
  public let brierScore: Double

  enum CodingKeys: String, CodingKey {
    case accuracy
    case negativeLogLikelihood = "nll"
    case brierScore = "brier"
  }

  /// Scores predictions; `labels` are indices of classes, a point each.
  public init(_ predictions: ClassPredictions, labels: [Float]) {
    precondition(labels.count == predictions.points, "a label a point")
    var right = 0
    var likelihood = 0.0
    var brier = 0.0
    for (point, label) in labels.enumerated() {
      let label = Int(label)
      precondition((0..<predictions.classes).contains(label), "label \(label) is no class")
      if predictions.predictedClass(point) == label { right += 1 }
      likelihood -= log(max(predictions.probability(point, of: label), 1e-38))
      for index in 0..<predictions.classes {
        let error = predictions.probability(point, of: index) - (index == label ? 1 : 0)
        brier += error * error
      }
    }
    let count = Double(predictions.points)
    accuracy = Double(right) / count
    negativeLogLikelihood = likelihood / count
    brierScore = brier / count / Double(predictions.classes)
  }
}

extension SupervisedModel {
  /// Adds predictions of examples: `count` draws, each for all examples.
  public mutating func predict(
    _ examples: Examples, draws count: Int, batch: inout Minibatch, into predictions: inout ClassPredictions
  ) {
    forEachBlock(examples, draws: count, batch: &batch) { predictions.append(logits: $0, rows: $1) }
  }
}

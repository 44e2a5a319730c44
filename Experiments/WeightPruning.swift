import BanditTraining
import BanditLearning
import BanditNumerics
import Foundation

/// The signal-to-noise ratios |μ|/σ of a posterior's weights, and the posterior without the lowest.
///
/// Source: Blundell et al. 2015, §5.1 and figures 3 and 4; the report, §4.2.
struct WeightPruning {
  /// Ratios of each layer's weights; biases have none and are never pruned.
  let ratios: [[Float]]
  private let sorted: [Float]
  private let model: BayesianModel

  init(_ model: BayesianModel) {
    self.model = model
    let means = model.network.means
    let sigmas = model.network.standardDeviations
    ratios = model.network.architecture.layers.map { layer in
      (layer.weights..<layer.biases).map { abs(means[$0]) / sigmas[$0] }
    }
    sorted = ratios.joined().sorted()
  }

  /// The ratio that a share of all weights is below, between order statistics by linear interpolation.
  func threshold(_ share: Double) -> Float {
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + Float(position - Double(below)) * (sorted[above] - sorted[below])
  }

  /// The share of each layer's weights whose ratio is below a threshold.
  func shares(below threshold: Float) -> [Double] {
    ratios.map { layer in Double(layer.count { $0 < threshold }) / Double(layer.count) }
  }

  /// The model with zeros in place of all weights whose ratio is below a threshold.
  func pruned(below threshold: Float) -> BayesianModel {
    var means = model.network.means
    var rhos = model.network.rhos
    for (layer, ratios) in zip(model.network.architecture.layers, ratios) {
      for (index, ratio) in ratios.enumerated() where ratio < threshold {
        means[layer.weights + index] = 0
        rhos[layer.weights + index] = -1_000  // σ = 1.6e-38, the least there is
      }
    }
    var result = model
    result.replace(means: means, rhos: rhos)
    return result
  }
}

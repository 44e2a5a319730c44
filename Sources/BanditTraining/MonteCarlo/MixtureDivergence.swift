import Foundation

/// How far one predictive distribution is from another at a place: both are mixtures of normals with one σ.
public enum MixtureDivergence {
  /// KL[p ‖ q] in nats by the trapezoidal rule, over all that p's normals reach within 8 σ, in steps of σ/4.
  ///
  /// - Parameters:
  ///   - truth: the means of p's normals, of equal weights.
  ///   - other: those of q's.
  ///   - sigma: their standard deviation, above 0.
  public static func kl(_ truth: [Double], _ other: [Double], sigma: Double) -> Double {
    precondition(!truth.isEmpty && !other.isEmpty && sigma > 0, "two mixtures of normals")
    let from = (truth.min() ?? 0) - 8 * sigma
    let to = (truth.max() ?? 0) + 8 * sigma
    let count = max(2, Int(((to - from) / (sigma / 4)).rounded(.up)))
    let step = (to - from) / Double(count)
    var sum = 0.0
    for index in 0...count {
      let y = from + step * Double(index)
      let p = logDensity(y, truth, sigma)
      // No weight where p is nothing.
      guard p > -700 else { continue }
      let part = exp(p) * (p - logDensity(y, other, sigma))
      sum += index == 0 || index == count ? part / 2 : part
    }
    return sum * step
  }

  private static func logDensity(_ y: Double, _ means: [Double], _ sigma: Double) -> Double {
    var least = Double.infinity
    for mean in means { least = min(least, (y - mean) * (y - mean)) }
    let scale = 0.5 / (sigma * sigma)
    var sum = 0.0
    for mean in means { sum += exp(-scale * ((y - mean) * (y - mean) - least)) }
    return -scale * least + log(sum / Double(means.count)) - log(sigma) - 0.5 * log(2 * .pi)
  }
}

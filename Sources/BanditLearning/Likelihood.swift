import Foundation

/// What a network's single output says of a target, as a cost to minimise.
public enum Likelihood: Hashable, Sendable {
  /// y ~ N(output, sigma²); the cost is the negative log-likelihood in nats.
  case gaussian(sigma: Double)
  /// y ~ Laplace(output, scale); the cost is the negative log-likelihood in nats.
  case laplace(scale: Double)
  /// The cost is (y − output)²: a Gaussian of σ² = ½ without its constant.
  case squaredError

  /// Adds up the cost of a minibatch and writes its derivatives by the outputs.
  ///
  /// - Parameters:
  ///   - outputs: one output a row.
  ///   - scale: what every row's derivative is multiplied by; 1 for a sum, 1/rows for a mean.
  ///   - deltas: one derivative a row.
  /// - Returns: the sum over rows, each times its example weight; not scaled.
  package func cost(
    _ batch: borrowing Minibatch, outputs: UnsafePointer<Float>, scale: Float,
    deltas: UnsafeMutablePointer<Float>
  ) -> Double {
    switch self {
    case .gaussian(let sigma):
      let precision = Float(1 / (sigma * sigma))
      let halfLogTwoPi = 0.5 * log(2 * .pi)
      let logSigma = log(sigma)
      return Self.sum(batch, outputs, scale, deltas) { error in
        (0.5 * Double(error * error * precision) + halfLogTwoPi + logSigma, error * precision)
      }
    case .laplace(let width):
      let logTwoWidth = log(2 * width)
      return Self.sum(batch, outputs, scale, deltas) { error in
        let slope: Float = error > 0 ? 1 : error < 0 ? -1 : 0
        return (Double(error.magnitude) / width + logTwoWidth, slope / Float(width))
      }
    case .squaredError:
      return Self.sum(batch, outputs, scale, deltas) { error in (Double(error * error), 2 * error) }
    }
  }

  /// The loop over rows; the body gives a row's cost and its derivative by the output, from output − target.
  @inline(__always)
  private static func sum(
    _ batch: borrowing Minibatch, _ outputs: UnsafePointer<Float>, _ scale: Float,
    _ deltas: UnsafeMutablePointer<Float>, _ costAndSlope: (Float) -> (Double, Float)
  ) -> Double {
    var total: Double = 0
    for row in 0..<batch.count {
      let weight = batch.exampleWeights[row]
      let (cost, slope) = costAndSlope(outputs[row] - batch.targets[row])
      total += Double(weight) * cost
      deltas[row] = slope * weight * scale
    }
    return total
  }
}

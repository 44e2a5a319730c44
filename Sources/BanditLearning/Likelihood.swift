import BanditNumerics
import CBanditKernels
import Foundation

/// What a network's outputs say of a target, as a cost to minimise.
///
/// Sources: Lakshminarayanan et al. 2017, equation 1, for `gaussianMeanVariance`; Bishop 2006, §4.3.4, for
/// `softmaxCrossEntropy`.
///
/// *Deviations*: the two-output heads add 10⁻⁶ to the softplus, which keeps widths from 0, as the paper does.
public enum Likelihood: Codable, Hashable, Sendable {
  /// y ~ N(output, sigma²); the cost is the negative log-likelihood in nats.
  case gaussian(sigma: Double)
  /// y ~ Laplace(output, scale); the cost is the negative log-likelihood in nats.
  case laplace(scale: Double)
  /// The cost is (y − output)²: a Gaussian of σ² = ½ without its constant.
  case squaredError
  /// The cost is |y − output|: a Laplace distribution of scale 1 without its constant.
  case absoluteError
  /// The target is the index of a class, 0 to classes − 1, and the outputs are the classes' logits; the cost is
  /// log Σ exp(outputs) − outputs[target] in nats.
  case softmaxCrossEntropy(classes: Int)
  /// Outputs (m, ρ): y ~ N(m, v) with the variance v = log(1 + exp ρ) + 10⁻⁶; the cost is the negative
  /// log-likelihood in nats.
  case gaussianMeanVariance
  /// Outputs (m, ρ): y ~ Laplace(m, b) with the scale b = log(1 + exp ρ) + 10⁻⁶; the cost is the negative
  /// log-likelihood in nats.
  case laplaceMeanScale

  /// How many outputs a network needs.
  public var outputs: Int {
    switch self {
    case .gaussian, .laplace, .squaredError, .absoluteError: 1
    case .gaussianMeanVariance, .laplaceMeanScale: 2
    case .softmaxCrossEntropy(let classes): classes
    }
  }

  /// What the networks ask of an architecture.
  func checkOutputs(_ architecture: NetworkArchitecture) {
    precondition(
      architecture.outputs == outputs, "\(self) needs \(outputs) outputs, not \(architecture.outputs)")
  }

  /// Adds up the cost of a minibatch and writes its derivatives by the outputs.
  ///
  /// - Parameters:
  ///   - outputs: `[rows × outputs]`.
  ///   - scale: what every row's derivative is multiplied by; 1 for a sum, 1/rows for a mean.
  ///   - deltas: a derivative for each output.
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
        (Double(error.magnitude) / width + logTwoWidth, error.direction / Float(width))
      }
    case .squaredError:
      return Self.sum(batch, outputs, scale, deltas) { error in (Double(error * error), 2 * error) }
    case .absoluteError:
      return Self.sum(batch, outputs, scale, deltas) { error in (Double(error.magnitude), error.direction) }
    case .softmaxCrossEntropy(let classes):
      for target in batch.targets[..<batch.count] {
        precondition(
          target >= 0 && target < Float(classes) && target == target.rounded(),
          "target \(target) is no class of \(classes)")
      }
      return Self.withTargets(batch) { targets, weights in
        kernels.softmax_cost(batch.count, classes, outputs, targets, weights, scale, deltas)
      }
    case .gaussianMeanVariance, .laplaceMeanScale:
      return Self.withTargets(batch) { targets, weights in
        kernels.heads_cost(batch.count, self == .laplaceMeanScale, outputs, targets, weights, scale, deltas)
      }
    }
  }

  private var kernels: bandit_kernels { Kernels.best.functions.pointee }

  /// Lends the targets and example weights of a minibatch that has rows; 0 for one that has none.
  private static func withTargets(
    _ batch: borrowing Minibatch, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Double
  ) -> Double {
    batch.targets.withUnsafeBufferPointer { targets in
      batch.exampleWeights.withUnsafeBufferPointer { weights in
        guard let targets = targets.baseAddress, let weights = weights.baseAddress else { return 0 }
        return body(targets, weights)
      }
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

extension FloatingPoint {
  /// 1, −1 or 0, as the number is above, below or at 0.
  var direction: Self { self > 0 ? 1 : self < 0 ? -1 : 0 }
}

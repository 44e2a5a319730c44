import BanditNumerics
import CBanditKernels

/// What outputs predict, once training is done.
extension Likelihood {
  /// The probabilities of the classes, from a network's outputs; `softmaxCrossEntropy` alone.
  ///
  /// - Parameters:
  ///   - outputs: logits, `[rows × classes]`. Finite ones of any size give finite probabilities.
  ///   - rows: the number of rows.
  ///   - probabilities: `[rows × classes]`, each row summing to 1; may be the memory of the outputs.
  public func probabilities(
    _ outputs: UnsafePointer<Float>, rows: Int, into probabilities: UnsafeMutablePointer<Float>
  ) {
    guard case .softmaxCrossEntropy(let classes) = self else {
      preconditionFailure("\(self) gives no classes' probabilities")
    }
    Kernels.best.functions.pointee.softmax(rows, classes, outputs, probabilities)
  }

  /// The mean and the variance of the target, from a network's outputs; every likelihood but
  /// `softmaxCrossEntropy`.
  ///
  /// The variance is that of the observation's noise: σ² of a Gaussian, 2 b² of a Laplace distribution of scale b,
  /// ½ for squared and 2 for absolute errors. A mixture over networks or weight samples of means m and variances v has the mean m̄ and
  /// the variance mean(v + m²) − m̄².
  ///
  /// - Parameters:
  ///   - outputs: `[rows × outputs]`.
  ///   - rows: the number of rows.
  ///   - means: `[rows]`.
  ///   - variances: `[rows]`.
  public func moments(
    _ outputs: UnsafePointer<Float>, rows: Int, means: UnsafeMutablePointer<Float>,
    variances: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .gaussianMeanVariance:
      Kernels.best.functions.pointee.heads(rows, outputs, means, variances)
    case .laplaceMeanScale:
      Kernels.best.functions.pointee.heads(rows, outputs, means, variances)
      for row in 0..<rows { variances[row] *= 2 * variances[row] }
    case .gaussian(let sigma): copy(outputs, rows, means, variances, variance: sigma * sigma)
    case .laplace(let scale): copy(outputs, rows, means, variances, variance: 2 * scale * scale)
    case .squaredError: copy(outputs, rows, means, variances, variance: 0.5)
    case .absoluteError: copy(outputs, rows, means, variances, variance: 2)
    case .softmaxCrossEntropy: preconditionFailure("classes have no mean and variance")
    }
  }

  private func copy(
    _ outputs: UnsafePointer<Float>, _ rows: Int, _ means: UnsafeMutablePointer<Float>,
    _ variances: UnsafeMutablePointer<Float>, variance: Double
  ) {
    means.update(from: outputs, count: rows)
    variances.update(repeating: Float(variance), count: rows)
  }
}

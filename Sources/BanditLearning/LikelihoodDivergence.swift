import Foundation

/// How far one prediction is from another.
extension Likelihood {
  /// Adds up KL[distribution of `reference` ‖ distribution of `outputs`] over rows and writes its derivatives by the
  /// outputs; squared and absolute errors are the distributions that they leave out the constants of.
  ///
  /// - Parameters:
  ///   - reference: what is predicted, `[rows × outputs]`, taken for constant.
  ///   - outputs: what is compared with it, `[rows × outputs]`.
  ///   - scale: what every row's derivative is multiplied by.
  ///   - deltas: a derivative for each output.
  /// - Returns: the sum over rows in nats, each times its example weight; not scaled.
  package func divergence(
    _ batch: borrowing Minibatch, from reference: UnsafePointer<Float>, to outputs: UnsafePointer<Float>,
    scale: Float, deltas: UnsafeMutablePointer<Float>
  ) -> Double {
    var total = 0.0
    for row in 0..<batch.count {
      let start = row * self.outputs
      let weight = Double(batch.exampleWeights[row])
      let value = divergence(
        reference + start, outputs + start, slope: weight * Double(scale), deltas: deltas + start)
      total += weight * value
    }
    return total
  }

  /// The divergence of one row; its derivatives are multiplied by `slope`.
  private func divergence(
    _ reference: UnsafePointer<Float>, _ outputs: UnsafePointer<Float>, slope: Double,
    deltas: UnsafeMutablePointer<Float>
  ) -> Double {
    let change = Double(outputs[0]) - Double(reference[0])
    switch self {
    case .gaussian(let sigma):
      deltas[0] = Float(slope * change / (sigma * sigma))
      return change * change / (2 * sigma * sigma)
    case .squaredError:
      deltas[0] = Float(slope * 2 * change)
      return change * change
    case .laplace(let scale):
      return Self.laplace(change, from: scale, to: scale, slope: slope, deltas: deltas).value
    case .absoluteError:
      return Self.laplace(change, from: 1, to: 1, slope: slope, deltas: deltas).value
    case .softmaxCrossEntropy(let classes):
      return Self.softmax(classes, reference, outputs, slope: slope, deltas: deltas)
    case .gaussianMeanVariance:
      let (from, to) = (Self.width(reference[1]), Self.width(outputs[1]))
      let square = from.value + change * change
      deltas[0] = Float(slope * change / to.value)
      deltas[1] = Float(slope * 0.5 * (1 - square / to.value) / to.value * to.slope)
      return 0.5 * (log(to.value / from.value) + square / to.value - 1)
    case .laplaceMeanScale:
      let (from, to) = (Self.width(reference[1]), Self.width(outputs[1]))
      let (value, byScale) = Self.laplace(
        change, from: from.value, to: to.value, slope: slope, deltas: deltas)
      deltas[1] = Float(slope * byScale * to.slope)
      return value
    }
  }

  /// log(1 + exp ρ) + 10⁻⁶ and its derivative.
  private static func width(_ rho: Float) -> (value: Double, slope: Double) {
    let rho = Double(rho)
    return (max(rho, 0) + log1p(exp(-abs(rho))) + 1e-6, 1 / (1 + exp(-rho)))
  }

  /// KL[Laplace(0, from) ‖ Laplace(change, to)] and its derivative by `to`; the one by `change` goes to `deltas`.
  private static func laplace(
    _ change: Double, from: Double, to: Double, slope: Double, deltas: UnsafeMutablePointer<Float>
  ) -> (value: Double, byScale: Double) {
    let near = exp(-abs(change) / from)
    let distance = from * near + abs(change)
    deltas[0] = Float(slope * change.direction * (1 - near) / to)
    return (log(to / from) + distance / to - 1, (1 - distance / to) / to)
  }

  private static func softmax(
    _ classes: Int, _ reference: UnsafePointer<Float>, _ outputs: UnsafePointer<Float>, slope: Double,
    deltas: UnsafeMutablePointer<Float>
  ) -> Double {
    let from = logSumExp(classes, reference)
    let to = logSumExp(classes, outputs)
    var value = 0.0
    for index in 0..<classes {
      let (old, new) = (Double(reference[index]) - from, Double(outputs[index]) - to)
      let probability = exp(old)
      if probability > 0 { value += probability * (old - new) }
      deltas[index] = Float(slope * (exp(new) - probability))
    }
    return value
  }

  private static func logSumExp(_ count: Int, _ values: UnsafePointer<Float>) -> Double {
    var largest = Double(values[0])
    for index in 1..<count { largest = max(largest, Double(values[index])) }
    var sum = 0.0
    for index in 0..<count { sum += exp(Double(values[index]) - largest) }
    return largest + log(sum)
  }
}

import BanditNumerics
import CBanditKernels

/// The cost's derivatives by the inputs, as the fast gradient sign method needs them.
///
/// Source: Goodfellow, Shlens & Szegedy 2015, §4.
extension DenseNetwork {
  /// Writes the derivatives by dense inputs, `[rows × columns]`, after a backward pass.
  func inputGradient(
    rows: Int, parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>
  ) {
    guard case .dense = architecture.input else { preconditionFailure("one-hot inputs have no gradient") }
    let layer = architecture.layers[0]
    LayerProducts(layer: layer, rows: rows, row: layer.rowLength, kernels: .best).inputDelta(
      deltas.pointer + offsets[0], weights: parameters + layer.weights, out: gradient, outRow: layer.inputs)
  }
}

extension PointNetwork {
  /// Writes each row's gradient of its own cost by its inputs, `[rows × columns]`, with all units kept.
  ///
  /// The inputs are dense. Penalties do not depend on them.
  public mutating func inputGradient(
    _ batch: borrowing Minibatch, into gradient: UnsafeMutablePointer<Float>
  ) {
    network.forward(batch, parameters: parameters.pointer)
    _ = likelihood.cost(batch, outputs: network.outputs, scale: 1, deltas: network.outputDeltas)
    network.backward(batch, parameters: parameters.pointer, gradient: self.gradient.mutablePointer)
    network.inputGradient(rows: batch.count, parameters: parameters.pointer, into: gradient)
  }
}

extension BayesianNetwork {
  /// Writes each row's gradient of its own cost by its inputs, `[rows × columns]`, under the weights drawn last; the
  /// inputs are dense.
  public mutating func drawnInputGradient(
    _ batch: borrowing Minibatch, into gradient: UnsafeMutablePointer<Float>
  ) {
    drawn.inputGradient(batch, likelihood: objective.likelihood, into: gradient)
  }

  /// Writes the mean over newly drawn weights of each row's gradient of its own cost by its inputs,
  /// `[rows × columns]`; the inputs are dense.
  public mutating func inputGradient(
    _ batch: borrowing Minibatch, draws: Int, into gradient: UnsafeMutablePointer<Float>
  ) {
    precondition(draws > 0, "at least one draw")
    let count = batch.count * batch.encoding.columns
    var sample = FloatBuffer(count: count)
    gradient.update(repeating: 0, count: count)
    for _ in 0..<draws {
      drawWeights()
      drawnInputGradient(batch, into: sample.mutablePointer)
      for index in 0..<count { gradient[index] += sample.pointer[index] / Float(draws) }
    }
  }
}

extension WeightSample {
  /// Writes each row's gradient of its own cost by its inputs under these weights.
  mutating func inputGradient(
    _ batch: borrowing Minibatch, likelihood: Likelihood, into gradient: UnsafeMutablePointer<Float>
  ) {
    differentiate(batch, likelihood: likelihood)
    network.inputGradient(rows: batch.count, parameters: weights.pointer, into: gradient)
  }
}

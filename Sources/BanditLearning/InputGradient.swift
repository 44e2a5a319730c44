import BanditNumerics
import CBanditKernels

/// What is differentiated by the inputs.
public enum InputObjective: String, CaseIterable, Codable, Hashable, Sendable {
  /// Each row's own cost.
  case cost
  /// Each row's margin: the largest logit of a wrong class less that of the right one.
  ///
  /// It has the sign of the mistake, and derivatives where the cost's round to nothing: once the right class has the
  /// probability 1 in single precision, that of the cost by its logit, p − 1, is 0. Its user has dense inputs and
  /// classes; example weights do not count.
  case margin
}

/// Derivatives by the inputs, as attacks on a network need them.
///
/// Sources: Goodfellow, Shlens & Szegedy 2015, §4, for the cost; Carlini & Wagner 2017, §V, for the margin.
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

  /// Both passes of a minibatch, down to its inputs, without derivatives by the parameters.
  mutating func inputGradient(
    _ batch: borrowing Minibatch, of objective: InputObjective, likelihood: Likelihood,
    parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>
  ) {
    forward(batch, parameters: parameters)
    likelihood.slopes(batch, of: objective, outputs: outputs, deltas: outputDeltas)
    backward(batch, parameters: parameters, gradient: nil, masks: nil)
    inputGradient(rows: batch.count, parameters: parameters, into: gradient)
  }
}

extension PointNetwork {
  /// Writes each row's gradient of an objective by its inputs, `[rows × columns]`, with all units kept.
  ///
  /// The inputs are dense. Penalties do not depend on them.
  public mutating func inputGradient(
    _ batch: borrowing Minibatch, of objective: InputObjective, into gradient: UnsafeMutablePointer<Float>
  ) {
    network.inputGradient(
      batch, of: objective, likelihood: likelihood, parameters: parameters.pointer, into: gradient)
  }
}

extension BayesianNetwork {
  /// Writes the mean over newly drawn weights of each row's gradient of an objective by its inputs,
  /// `[rows × columns]`; the inputs are dense.
  public mutating func inputGradient(
    _ batch: borrowing Minibatch, of objective: InputObjective, draws: Int,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    precondition(draws > 0, "at least one draw")
    let count = batch.count * batch.encoding.columns
    var sample = FloatBuffer(count: count)
    gradient.update(repeating: 0, count: count)
    for _ in 0..<draws {
      drawWeights()
      drawn.network.inputGradient(
        batch, of: objective, likelihood: self.objective.likelihood, parameters: drawn.weights.pointer,
        into: sample.mutablePointer)
      for index in 0..<count { gradient[index] += sample.pointer[index] / Float(draws) }
    }
  }
}

extension Likelihood {
  /// Writes the derivatives of each row's objective by the outputs.
  func slopes(
    _ batch: borrowing Minibatch, of objective: InputObjective, outputs: UnsafePointer<Float>,
    deltas: UnsafeMutablePointer<Float>
  ) {
    switch objective {
    case .cost: _ = cost(batch, outputs: outputs, scale: 1, deltas: deltas)
    case .margin:
      let classes = self.outputs
      deltas.update(repeating: 0, count: batch.count * classes)
      for row in 0..<batch.count {
        let right = Int(batch.targets[row])
        deltas[row * classes + margin(outputs + row * classes, right: right).rival] = 1
        deltas[row * classes + right] = -1
      }
    }
  }

  /// The largest of one row's logits but for the right class's, of equals the first, less that one's.
  package func margin(_ logits: UnsafePointer<Float>, right: Int) -> (value: Float, rival: Int) {
    guard case .softmaxCrossEntropy(let classes) = self, classes > 1, (0..<classes).contains(right) else {
      preconditionFailure("\(self) has no margin for class \(right)")
    }
    var rival = right == 0 ? 1 : 0
    for index in 0..<classes where index != right && logits[index] > logits[rival] { rival = index }
    return (logits[rival] - logits[right], rival)
  }
}

public import BanditNumerics
import CBanditKernels

/// The diagonal of Z = λI + Σ g gᵀ, where g are gradients of a network's first output by all its parameters.
///
/// A layer's gradient is an outer product, gᵢₒ = aᵢ δₒ, of its inputs and the output's derivatives by its units. So its
/// squares are one too, and Σ g²/Z of a row is a product of squared inputs with the matrix 1/Z, times squared
/// derivatives: no gradient is ever written down. A query costs about a forward and a backward pass.
///
/// Source: Zhou, Li & Gu 2020, algorithm 1, with the diagonal of its matrix alone, as in the authors' code.
public struct GradientPrecision: Sendable {
  /// The precision of every parameter, laid out as the parameters are.
  private var precision: FloatBuffer
  /// 1/precision.
  private var inverse: FloatBuffer
  /// Squared inputs of a layer, `[rows × inputs]`.
  private var squares: FloatBuffer
  /// Products of squared inputs with a layer's part of `inverse`.
  private var sums: FloatBuffer

  /// Z = λI for a network and minibatches of at most `capacity` rows.
  public init(_ architecture: NetworkArchitecture, priorPrecision: Double, capacity: Int) {
    precondition(priorPrecision > 0 && priorPrecision.isFinite, "a precision is positive")
    precision = FloatBuffer(count: architecture.parameterCount, repeating: Float(priorPrecision))
    inverse = FloatBuffer(count: architecture.parameterCount, repeating: 1 / Float(priorPrecision))
    let widths = [architecture.input.columns] + architecture.layers.map(\.rowLength)
    let widest = widths.max() ?? 0
    squares = FloatBuffer(count: capacity * widest)
    sums = FloatBuffer(count: capacity * widest)
  }

  /// Writes gᵀZ⁻¹g for each row of the minibatch that the network predicted last.
  public mutating func variances(
    _ network: inout PointNetwork, predicted batch: borrowing Minibatch, into variances: inout [Double]
  ) {
    let rows = batch.count
    for row in 0..<rows { variances[row] = 0 }
    let (inverse, sums) = (inverse.pointer, sums.mutablePointer)
    let squares = squares.mutablePointer
    network.withGradientFactors(batch) { layer, input, deltas in
      LayerProducts(layer: layer, rows: rows, row: layer.rowLength, kernels: .best).forward(
        input.squared(rows: rows, inputs: layer.inputs, into: squares), weights: inverse + layer.weights,
        biases: inverse + layer.biases, relu: false, out: sums)
      for row in 0..<rows {
        var sum: Double = 0
        for unit in (row * layer.rowLength)..<(row * layer.rowLength + layer.outputs) {
          sum += Double(sums[unit]) * Double(deltas[unit]) * Double(deltas[unit])
        }
        variances[row] += sum
      }
    }
  }

  /// Adds the squared gradient of the first row of the minibatch that the network predicted last.
  public mutating func add(_ network: inout PointNetwork, predicted batch: borrowing Minibatch) {
    let (precision, inverse) = (precision.mutablePointer, inverse.mutablePointer)
    network.withGradientFactors(batch) { layer, input, deltas in
      func add(_ square: Float, to start: Int) {
        for unit in 0..<layer.outputs {
          precision[start + unit] += square * deltas[unit] * deltas[unit]
          inverse[start + unit] = 1 / precision[start + unit]
        }
      }
      input.forEachOfFirstRow(inputs: layer.inputs) { column, value in
        add(value * value, to: layer.weights + column * layer.outputs)
      }
      add(1, to: layer.biases)
    }
  }

  /// The precisions.
  public var state: StoredArray<Float> { StoredArray(wrappedValue: precision.array) }

  /// Continues with the precisions of a network of the same sizes; nothing changes if they do not fit.
  public mutating func restore(_ state: StoredArray<Float>) throws(TensorError) {
    let values = state.wrappedValue
    guard values.count == precision.count, values.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw .wrongState("precisions of \(precision.count) parameters, not \(values.count)")
    }
    precision = FloatBuffer(values)
    inverse = FloatBuffer(values.map { 1 / $0 })
  }
}

extension PointNetwork {
  /// Calls `body` with each layer, its inputs and the derivatives of each row's first output by its units, for the
  /// minibatch that `predict` saw last; rows of both are as far apart as the layers say.
  fileprivate mutating func withGradientFactors(
    _ batch: borrowing Minibatch,
    _ body: (NetworkArchitecture.Layer, LayerInput, UnsafePointer<Float>) -> Void
  ) {
    let (rows, outputs) = (batch.count, architecture.outputs)
    let outputDeltas = network.outputDeltas
    for index in 0..<(rows * outputs) { outputDeltas[index] = index % outputs == 0 ? 1 : 0 }
    network.backward(batch, parameters: parameters.pointer, gradient: nil, masks: nil)
    let deltas = network.deltas.pointer
    network.withPass(batch, parameters: parameters.pointer, masks: nil) { pass in
      for (index, layer) in pass.layers.enumerated() {
        body(layer, pass.input(index), deltas + pass.offsets[index])
      }
    }
  }
}

extension LayerInput {
  /// The same with every number squared, dense ones in memory that is lent.
  fileprivate func squared(rows: Int, inputs: Int, into squares: UnsafeMutablePointer<Float>) -> LayerInput {
    guard case .dense(let values, let row) = self else { return self }
    for index in 0..<rows {
      Kernels.best.functions.pointee.multiply_elements(
        inputs, values + index * row, values + index * row, squares + index * inputs)
    }
    return .dense(squares, row: inputs)
  }

  /// The columns of the first row that are not 0, with their values.
  fileprivate func forEachOfFirstRow(inputs: Int, _ body: (Int, Float) -> Void) {
    switch self {
    case .dense(let values, _):
      for column in 0..<inputs where values[column] != 0 { body(column, values[column]) }
    case .oneHot(let lists):
      for place in 0..<lists.maximumActive {
        let column = lists.active[place]
        if column < 0 { return }
        body(Int(column), 1)
      }
    }
  }
}

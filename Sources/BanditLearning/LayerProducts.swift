import BanditNumerics
import CBanditKernels

/// What a layer multiplies with its weights.
enum LayerInput {
  /// `[rows × inputs]`, rows `row` floats apart.
  case dense(UnsafePointer<Float>, row: Int)
  /// The rows of a sorted one-hot minibatch.
  case oneHot(OneHotRows)

  /// The lists of a one-hot minibatch, valid while it lives.
  struct OneHotRows {
    let maximumActive: Int
    let active: UnsafePointer<Int32>
    let columnStarts: UnsafePointer<Int32>
    let rowsByColumn: UnsafePointer<Int32>
  }

  /// The same from a row on, for a forward pass.
  func from(_ first: Int) -> LayerInput {
    switch self {
    case .dense(let values, let row):
      return .dense(values + first * row, row: row)
    case .oneHot(let lists):
      return .oneHot(
        OneHotRows(
          maximumActive: lists.maximumActive, active: lists.active + first * lists.maximumActive,
          columnStarts: lists.columnStarts, rowsByColumn: lists.rowsByColumn))
    }
  }
}

extension Minibatch {
  /// Calls `body` with this minibatch as the input of a first layer.
  func withLayerInput<Result>(_ body: (LayerInput) -> Result) -> Result {
    features.withUnsafeBufferPointer { features in
      activeIndices.withUnsafeBufferPointer { active in
        columnStarts.withUnsafeBufferPointer { starts in
          rowsByColumn.withUnsafeBufferPointer { rows in
            if case .oneHot(_, let maximumActive) = encoding, let active = active.baseAddress,
              let starts = starts.baseAddress, let rows = rows.baseAddress
            {
              return body(
                .oneHot(
                  LayerInput.OneHotRows(
                    maximumActive: maximumActive, active: active, columnStarts: starts, rowsByColumn: rows)))
            }
            guard let features = features.baseAddress else { preconditionFailure("a minibatch has room") }
            return body(.dense(features, row: encoding.columns))
          }
        }
      }
    }
  }
}

/// The products of one layer for `rows` examples.
struct LayerProducts {
  let layer: NetworkArchitecture.Layer
  let rows: Int
  /// Floats from one row of the layer's outputs, and of the derivatives by them, to the next.
  let row: Int
  let kernels: Kernels

  /// out = input · weights + biases, rectified if `relu`.
  func forward(
    _ input: LayerInput, weights: UnsafePointer<Float>, biases: UnsafePointer<Float>, relu: Bool,
    out: UnsafeMutablePointer<Float>
  ) {
    switch input {
    case .dense(let values, let inputRow):
      kernels.functions.pointee.multiply(
        rows, layer.outputs, layer.inputs, values, inputRow, 1, weights, layer.outputs, biases, relu, out, row
      )
    case .oneHot(let lists):
      kernels.functions.pointee.gather_forward(
        rows, lists.maximumActive, lists.active, layer.outputs, weights, biases, relu, out, row)
    }
  }

  /// gradient = inputᵀ · delta for some of the inputs, `[inputs × outputs]`; all of them if none are named.
  func weightGradient(
    _ input: LayerInput, inputs: Range<Int>? = nil, delta: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) {
    let inputs = inputs ?? 0..<layer.inputs
    switch input {
    case .dense(let values, let inputRow):
      kernels.functions.pointee.multiply(
        inputs.count, layer.outputs, rows, values + inputs.lowerBound, 1, inputRow, delta, row, nil, false,
        gradient, layer.outputs)
    case .oneHot(let lists):
      kernels.functions.pointee.gather_backward(
        inputs.count, lists.columnStarts + inputs.lowerBound, lists.rowsByColumn, layer.outputs, delta, row,
        gradient)
    }
  }

  /// gradient = the sums of delta over rows, `[outputs]`.
  func biasGradient(delta: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>) {
    kernels.functions.pointee.column_sums(rows, layer.outputs, delta, row, gradient)
  }

  /// out = delta · weightsᵀ, `[rows × inputs]`, rows `outRow` floats apart.
  func inputDelta(
    _ delta: UnsafePointer<Float>, weights: UnsafePointer<Float>, out: UnsafeMutablePointer<Float>,
    outRow: Int
  ) {
    kernels.functions.pointee.multiply_transposed(
      rows, layer.inputs, layer.outputs, delta, row, weights, layer.outputs, out, outRow)
  }
}

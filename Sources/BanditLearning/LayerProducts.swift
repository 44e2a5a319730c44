import BanditNumerics
import CBanditKernels

/// What a layer multiplies with its weights.
enum LayerInput {
  /// `[rows × inputs]`.
  case dense(UnsafePointer<Float>)
  /// The rows of a sorted one-hot minibatch.
  case oneHot(OneHotRows)

  /// The lists of a one-hot minibatch, valid while it lives.
  struct OneHotRows {
    let maximumActive: Int
    let active: UnsafePointer<Int32>
    let columnStarts: UnsafePointer<Int32>
    let rowsByColumn: UnsafePointer<Int32>
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
            return body(.dense(features))
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
  let kernels: Kernels

  /// out = input · weights + biases, `[rows × outputs]`.
  func forward(
    _ input: LayerInput, weights: UnsafePointer<Float>, biases: UnsafePointer<Float>,
    out: UnsafeMutablePointer<Float>
  ) {
    switch input {
    case .dense(let values):
      kernels.functions.pointee.multiply(
        rows, layer.outputs, layer.inputs, values, layer.inputs, 1, weights, layer.outputs, biases, false,
        out,
        layer.outputs)
    case .oneHot(let lists):
      kernels.functions.pointee.gather_forward(
        rows, lists.maximumActive, lists.active, layer.outputs, weights, biases, false, out, layer.outputs)
    }
  }

  /// gradient = inputᵀ · delta, `[inputs × outputs]`.
  func weightGradient(
    _ input: LayerInput, delta: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    switch input {
    case .dense(let values):
      kernels.functions.pointee.multiply(
        layer.inputs, layer.outputs, rows, values, 1, layer.inputs, delta, layer.outputs, nil, false,
        gradient,
        layer.outputs)
    case .oneHot(let lists):
      kernels.functions.pointee.gather_backward(
        layer.inputs, lists.columnStarts, lists.rowsByColumn, layer.outputs, delta, layer.outputs, gradient)
    }
  }

  /// gradient = the sums of delta over rows, `[outputs]`.
  func biasGradient(delta: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>) {
    kernels.functions.pointee.column_sums(rows, layer.outputs, delta, layer.outputs, gradient)
  }

  /// out = delta · weightsᵀ, `[rows × inputs]`; `row` is from one row of delta to the next, `turned` has room for the
  /// weights.
  func inputDelta(
    _ delta: UnsafePointer<Float>, row: Int, weights: UnsafePointer<Float>,
    turned: UnsafeMutablePointer<Float>,
    out: UnsafeMutablePointer<Float>
  ) {
    kernels.functions.pointee.transpose(layer.inputs, layer.outputs, weights, turned, layer.inputs)
    kernels.functions.pointee.multiply(
      rows, layer.inputs, layer.outputs, delta, row, 1, turned, layer.inputs, nil, false, out,
      layer.inputs)
  }
}

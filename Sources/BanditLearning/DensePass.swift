import BanditNumerics
import CBanditKernels

/// The forward pass over some rows of a minibatch, on memory that a network lends; ranges of rows may run side by
/// side.
struct DensePass {
  let layers: [NetworkArchitecture.Layer]
  /// Where each layer's activations start.
  let offsets: [Int]
  let input: LayerInput
  let masks: DropoutMasks?
  let parameters: UnsafePointer<Float>
  let activations: UnsafeMutablePointer<Float>
  let kernels = Kernels.best

  /// Computes the activations of all layers.
  func forward(_ rows: Range<Int>) {
    for (index, layer) in layers.enumerated() {
      let out = activations(index, rows.lowerBound)
      if index == 0 {
        forwardInput(layer, rows, out)
      } else if layer.outputs == 1 && !layer.isHidden {
        kernels.functions.pointee.dot_forward(
          rows.count, layer.inputs, activations(index - 1, rows.lowerBound), layers[index - 1].rowLength,
          parameters + layer.weights, parameters[layer.biases], out)
      } else {
        multiply(layer, rows, activations(index - 1, rows.lowerBound), layers[index - 1].rowLength, out)
      }
      masks?.apply(to: out, layer: index, rows: rows)
    }
  }

  /// A layer's activations from a row on.
  func activations(_ index: Int, _ row: Int) -> UnsafeMutablePointer<Float> {
    activations + offsets[index] + row * layers[index].rowLength
  }

  private func forwardInput(
    _ layer: NetworkArchitecture.Layer, _ rows: Range<Int>, _ out: UnsafeMutablePointer<Float>
  ) {
    switch input {
    case .dense(let values):
      multiply(layer, rows, values + rows.lowerBound * layer.inputs, layer.inputs, out)
    case .oneHot(let lists):
      kernels.functions.pointee.gather_forward(
        rows.count, lists.maximumActive, lists.active + rows.lowerBound * lists.maximumActive, layer.outputs,
        parameters + layer.weights, parameters + layer.biases, layer.isHidden, out, layer.rowLength)
    }
  }

  private func multiply(
    _ layer: NetworkArchitecture.Layer, _ rows: Range<Int>, _ below: UnsafePointer<Float>, _ belowRow: Int,
    _ out: UnsafeMutablePointer<Float>
  ) {
    kernels.functions.pointee.multiply(
      rows.count, layer.outputs, layer.inputs, below, belowRow, 1, parameters + layer.weights, layer.outputs,
      parameters + layer.biases, layer.isHidden, out, layer.rowLength)
  }
}

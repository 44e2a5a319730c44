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
      if index > 0 && layer.outputs == 1 && !layer.isHidden {
        kernels.functions.pointee.dot_forward(
          rows.count, layer.inputs, activations(index - 1, rows.lowerBound), layers[index - 1].rowLength,
          parameters + layer.weights, parameters[layer.biases], out)
      } else {
        products(index, rows: rows.count).forward(
          self.input(index).from(rows.lowerBound), weights: parameters + layer.weights,
          biases: parameters + layer.biases, relu: layer.isHidden, out: out)
      }
      masks?.apply(to: out, layer: index, rows: rows)
    }
  }

  /// A layer's activations from a row on.
  func activations(_ index: Int, _ row: Int) -> UnsafeMutablePointer<Float> {
    activations + offsets[index] + row * layers[index].rowLength
  }

  /// What a layer multiplies with its weights: the minibatch, or the activations below.
  func input(_ index: Int) -> LayerInput {
    index == 0 ? input : .dense(activations(index - 1, 0), row: layers[index - 1].rowLength)
  }

  /// A layer's products.
  func products(_ index: Int, rows: Int) -> LayerProducts {
    LayerProducts(layer: layers[index], rows: rows, row: layers[index].rowLength, kernels: kernels)
  }
}

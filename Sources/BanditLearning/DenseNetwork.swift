import BanditNumerics
import CBanditKernels

/// The forward and backward pass of a fully connected network, with the memory they need.
///
/// It owns no parameters: the same pass serves point estimates and samples of a posterior.
public struct DenseNetwork: Sendable {
  /// The sizes.
  public let architecture: NetworkArchitecture
  /// The largest minibatch.
  public let capacity: Int

  /// Every layer's activations `[capacity × outputs]` one after the other, and the cost's derivatives by them; their
  /// rows are as far apart as the layer says.
  private var activations: FloatBuffer
  var deltas: FloatBuffer
  let offsets: [Int]

  /// Creates the passes for minibatches of at most `capacity` rows.
  public init(_ architecture: NetworkArchitecture, capacity: Int) {
    precondition(capacity > 0, "a minibatch has at least one row")
    self.architecture = architecture
    self.capacity = capacity
    var offsets: [Int] = []
    var position = 0
    for layer in architecture.layers {
      offsets.append(position)
      position += (capacity * layer.rowLength + 15) / 16 * 16
    }
    self.offsets = offsets
    activations = FloatBuffer(count: position)
    deltas = FloatBuffer(count: position)
  }

  /// The outputs of the last forward pass, `[rows × outputs]`.
  public var outputs: UnsafePointer<Float> { activations.pointer + offsets[offsets.count - 1] }

  /// The last hidden layer's activations in the last forward pass, rows as far apart as the layer says.
  var lastHidden: UnsafePointer<Float> {
    precondition(offsets.count > 1, "a network without hidden layers has no hidden activations")
    return activations.pointer + offsets[offsets.count - 2]
  }

  /// Where the derivatives of the cost by the outputs go before a backward pass, `[rows × outputs]`.
  public var outputDeltas: UnsafeMutablePointer<Float> {
    mutating get { deltas.mutablePointer + offsets[offsets.count - 1] }
  }

  /// Computes the outputs of a minibatch under `parameters`, laid out as the architecture says.
  public mutating func forward(_ batch: borrowing Minibatch, parameters: UnsafePointer<Float>) {
    forward(batch, parameters: parameters, masks: nil)
  }

  /// The same with units dropped out.
  mutating func forward(
    _ batch: borrowing Minibatch, parameters: UnsafePointer<Float>, masks: DropoutMasks?
  ) {
    let rows = batch.count
    withPass(batch, parameters: parameters, masks: masks) { $0.forward(0..<rows) }
  }

  /// Lends the memory of a forward pass, and what a backward pass reads of it.
  mutating func withPass(
    _ batch: borrowing Minibatch, parameters: UnsafePointer<Float>, masks: DropoutMasks?,
    _ body: (DensePass) -> Void
  ) {
    precondition(batch.count <= capacity, "\(batch.count) rows, room for \(capacity)")
    precondition(
      batch.encoding == architecture.input, "a minibatch in \(batch.encoding), not \(architecture.input)")
    let activations = activations.mutablePointer
    batch.withLayerInput { input in
      body(
        DensePass(
          layers: architecture.layers, offsets: offsets,
          input: masks?.inputs.map { .dense($0, row: architecture.input.columns) } ?? input,
          masks: masks, parameters: parameters, activations: activations))
    }
  }

  /// Writes the gradient of the cost by every parameter, from `outputDeltas`, and the last forward pass.
  ///
  /// The minibatch is sorted by column.
  public mutating func backward(
    _ batch: borrowing Minibatch, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    backward(batch, parameters: parameters, gradient: gradient, masks: nil)
  }

  /// The same with the units dropped out that the forward pass dropped; without a gradient to write, only the
  /// derivatives by the activations.
  mutating func backward(
    _ batch: borrowing Minibatch, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>?,
    masks: DropoutMasks?
  ) {
    precondition(
      gradient == nil || batch.isSorted, "a minibatch is sorted by column before a gradient")
    let deltas = deltas.mutablePointer
    let rows = batch.count
    withPass(batch, parameters: parameters, masks: masks) { pass in
      for (index, layer) in pass.layers.enumerated().reversed() {
        let products = pass.products(index, rows: rows)
        let delta = deltas + pass.offsets[index]
        let weights = parameters + layer.weights
        let isDot = gradient != nil && index > 0 && layer.outputs == 1
        if let gradient {
          products.biasGradient(delta: delta, gradient: gradient + layer.biases)
          if !isDot {
            products.weightGradient(pass.input(index), delta: delta, gradient: gradient + layer.weights)
          }
        }
        guard index > 0 else { continue }
        let below = pass.activations(index - 1, 0)
        let belowDelta = deltas + pass.offsets[index - 1]
        let belowRow = pass.layers[index - 1].rowLength
        if isDot, let gradient {
          pass.kernels.functions.pointee.dot_backward(
            rows, layer.inputs, below, belowRow, weights, delta, gradient + layer.weights, belowDelta)
        } else {
          products.inputDelta(delta, weights: weights, out: belowDelta, outRow: belowRow)
          pass.kernels.functions.pointee.relu_backward(rows, belowRow, below, belowDelta)
        }
        masks?.apply(to: belowDelta, layer: index - 1, rows: 0..<rows)
      }
    }
  }
}

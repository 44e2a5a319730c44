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
  /// A layer's weights transposed, `[outputs × inputs]`, rows as long as the activations' below.
  private var transposed: FloatBuffer
  private let kernels = Kernels.best

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
    let turned = zip(architecture.layers, architecture.layers.dropFirst()).filter { $0.1.outputs > 1 }
    transposed = FloatBuffer(count: turned.map { $0.rowLength * $1.outputs }.max() ?? 0)
  }

  /// The outputs of the last forward pass, `[rows × outputs]`.
  public var outputs: UnsafePointer<Float> { activations.pointer + offsets[offsets.count - 1] }

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
    precondition(batch.count <= capacity, "\(batch.count) rows, room for \(capacity)")
    precondition(
      batch.encoding == architecture.input, "a minibatch in \(batch.encoding), not \(architecture.input)")
    let activations = activations.mutablePointer
    let rows = batch.count
    for index in architecture.layers.indices {
      let layer = architecture.layers[index]
      let weights = parameters + layer.weights
      let biases = parameters + layer.biases
      let out = activations + offsets[index]
      defer { masks?.apply(to: out, layer: index, rows: rows) }
      if index == 0 {
        forwardInput(batch, layer, weights, biases, out, masks: masks)
        continue
      }
      let below = activations + offsets[index - 1]
      let belowRow = architecture.layers[index - 1].rowLength
      if layer.outputs == 1 && !layer.isHidden {
        kernels.functions.pointee.dot_forward(rows, layer.inputs, below, belowRow, weights, biases[0], out)
      } else {
        kernels.functions.pointee.multiply(
          rows, layer.outputs, layer.inputs, below, belowRow, 1, weights, layer.outputs, biases,
          layer.isHidden, out,
          layer.rowLength)
      }
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

  /// The same with the units dropped out that the forward pass dropped.
  mutating func backward(
    _ batch: borrowing Minibatch, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    masks: DropoutMasks?
  ) {
    precondition(batch.isSorted, "a minibatch is sorted by column before a gradient")
    let activations = activations.pointer
    let deltas = deltas.mutablePointer
    let rows = batch.count
    for index in architecture.layers.indices.reversed() {
      let layer = architecture.layers[index]
      let delta = deltas + offsets[index]
      let row = layer.rowLength
      let weightsGradient = gradient + layer.weights
      kernels.functions.pointee.column_sums(rows, layer.outputs, delta, row, gradient + layer.biases)
      if index == 0 {
        backwardInput(batch, layer, delta, weightsGradient, masks: masks)
        continue
      }
      let below = activations + offsets[index - 1]
      let belowDelta = deltas + offsets[index - 1]
      let belowRow = architecture.layers[index - 1].rowLength
      if layer.outputs == 1 {
        kernels.functions.pointee.dot_backward(
          rows, layer.inputs, below, belowRow, parameters + layer.weights, delta, weightsGradient, belowDelta)
      } else {
        kernels.functions.pointee.multiply(
          layer.inputs, layer.outputs, rows, below, 1, belowRow, delta, row, nil, false, weightsGradient,
          layer.outputs)
        let turned = transposed.mutablePointer
        kernels.functions.pointee.transpose(
          layer.inputs, layer.outputs, parameters + layer.weights, turned, belowRow)
        kernels.functions.pointee.multiply(
          rows, layer.inputs, layer.outputs, delta, row, 1, turned, belowRow, nil, false, belowDelta, belowRow
        )
        kernels.functions.pointee.relu_backward(rows, belowRow, below, belowDelta)
      }
      masks?.apply(to: belowDelta, layer: index - 1, rows: rows)
    }
  }

  private func forwardInput(
    _ batch: borrowing Minibatch, _ layer: NetworkArchitecture.Layer, _ weights: UnsafePointer<Float>,
    _ biases: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, masks: DropoutMasks?
  ) {
    switch architecture.input {
    case .oneHot(_, let maximumActive):
      batch.activeIndices.withUnsafeBufferPointer { active in
        guard let active = active.baseAddress else { return }
        kernels.functions.pointee.gather_forward(
          batch.count, maximumActive, active, layer.outputs, weights, biases, layer.isHidden, out,
          layer.rowLength)
      }
    case .dense(let columns):
      batch.features.withUnsafeBufferPointer { features in
        guard let features = masks?.inputs ?? features.baseAddress else { return }
        kernels.functions.pointee.multiply(
          batch.count, layer.outputs, columns, features, columns, 1, weights, layer.outputs, biases,
          layer.isHidden,
          out, layer.rowLength)
      }
    }
  }

  private func backwardInput(
    _ batch: borrowing Minibatch, _ layer: NetworkArchitecture.Layer, _ delta: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, masks: DropoutMasks?
  ) {
    switch architecture.input {
    case .oneHot(let columns, _):
      batch.columnStarts.withUnsafeBufferPointer { starts in
        batch.rowsByColumn.withUnsafeBufferPointer { rows in
          kernels.functions.pointee.gather_backward(
            columns, starts.baseAddress, rows.baseAddress, layer.outputs, delta, layer.rowLength, gradient)
        }
      }
    case .dense(let columns):
      batch.features.withUnsafeBufferPointer { features in
        guard let features = masks?.inputs ?? features.baseAddress else { return }
        kernels.functions.pointee.multiply(
          columns, layer.outputs, batch.count, features, 1, columns, delta, layer.rowLength, nil, false,
          gradient,
          layer.outputs)
      }
    }
  }
}

import BanditNumerics
import CBanditKernels

/// The passes of a network whose pre-activations are a mean and a perturbation, with the memory they need.
///
/// Every layer multiplies two pairs: its inputs a with the posterior's means, and a second input with second
/// weights. Under `gaussian` the second pair is a² and σ², whose product is a variance, and a normal number times
/// its root is added; under `signs` it is a with random signs and a perturbation of the weights, whose product is
/// added with random signs.
struct PerturbedNetwork {
  enum Kind: Hashable {
    /// Normal noise of the second product's variance plus `floor`.
    case gaussian(floor: Float)
    /// Random signs before and after the second product.
    case signs
  }

  let architecture: NetworkArchitecture
  let capacity: Int
  private let kind: Kind
  private let kernels = Kernels.best

  /// By layer, `[rows × outputs]`: activations, the cost's derivatives by pre-activations, the second product and
  /// then its slope, and the noise.
  private var activations: FloatBuffer
  private var deltas: FloatBuffer
  private var slopes: FloatBuffer
  private var noise: FloatBuffer
  /// By layer, `[rows × inputs]`: the second inputs and, under `signs`, their signs.
  private var secondInputs: FloatBuffer
  private var inputSigns: FloatBuffer
  /// For one layer at a time: two lists of derivatives by the second stream.
  private var scratch: (FloatBuffer, FloatBuffer)
  /// Every layer's biases, one after the other.
  private(set) var biases: FloatBuffer
  private let offsets: [Int]
  private let inputOffsets: [Int]
  private let biasOffsets: [Int]

  init(_ architecture: NetworkArchitecture, capacity: Int, kind: Kind) {
    precondition(capacity > 0, "a minibatch has at least one row")
    self.architecture = architecture
    self.capacity = capacity
    self.kind = kind
    func starts(_ sizes: [Int]) -> [Int] { sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) } }
    let layers = architecture.layers
    offsets = starts(layers.map { capacity * $0.outputs })
    biasOffsets = starts(layers.map(\.outputs))
    // A one-hot input is its own square, and keeps its signs.
    var denseInputs = layers.map { capacity * $0.inputs }
    if case .oneHot = architecture.input { denseInputs[0] = 0 }
    inputOffsets = starts(denseInputs)
    let total = offsets[layers.count]
    activations = FloatBuffer(count: total)
    deltas = FloatBuffer(count: total)
    slopes = FloatBuffer(count: total)
    noise = FloatBuffer(count: total)
    secondInputs = FloatBuffer(count: inputOffsets[layers.count])
    inputSigns = FloatBuffer(count: kind == .signs ? inputOffsets[layers.count] : 0)
    biases = FloatBuffer(count: biasOffsets[layers.count])
    let widest = capacity * (layers.flatMap { [$0.inputs, $0.outputs] }.max() ?? 0)
    scratch = (FloatBuffer(count: widest), FloatBuffer(count: widest))
  }

  /// The number of biases.
  var biasCount: Int { biases.count }

  /// Draws the noise of `rows` examples.
  mutating func drawNoise(_ stream: inout NormalStream, rows: Int) {
    precondition(rows <= capacity, "\(rows) rows, room for \(capacity)")
    for (index, layer) in architecture.layers.enumerated() {
      let noise = noise.mutablePointer + offsets[index]
      guard kind == .signs else {
        kernels.functions.pointee.normals(&stream.lanes, rows * layer.outputs, noise)
        continue
      }
      kernels.functions.pointee.signs(&stream.lanes, rows * layer.outputs, noise)
      guard hasSecondInput(index) else { continue }
      kernels.functions.pointee.signs(
        &stream.lanes, rows * layer.inputs, inputSigns.mutablePointer + inputOffsets[index])
    }
  }

  /// Takes given noise and returns what is left over.
  ///
  /// For each layer there are `[rows × outputs]` numbers, under `signs` followed by `[rows × inputs]` where the
  /// layer's input is dense.
  mutating func setNoise(_ values: [Float], rows: Int) -> ArraySlice<Float> {
    var left = values[...]
    for (index, layer) in architecture.layers.enumerated() {
      for position in 0..<(rows * layer.outputs) { noise[offsets[index] + position] = left.removeFirst() }
      guard kind == .signs, hasSecondInput(index) else { continue }
      for position in 0..<(rows * layer.inputs) {
        inputSigns[inputOffsets[index] + position] = left.removeFirst()
      }
    }
    return left
  }

  /// Takes the biases from parameters laid out as the architecture says.
  mutating func takeBiases(_ parameters: UnsafePointer<Float>) {
    let biases = biases.mutablePointer
    for (index, layer) in architecture.layers.enumerated() {
      (biases + biasOffsets[index]).update(from: parameters + layer.biases, count: layer.outputs)
    }
  }

  /// Calls `body` with every layer, its biases and where they start among all biases.
  mutating func withBiases(_ body: (NetworkArchitecture.Layer, UnsafeMutablePointer<Float>, Int) -> Void) {
    let biases = biases.mutablePointer
    for (index, layer) in architecture.layers.enumerated() {
      body(layer, biases + biasOffsets[index], biasOffsets[index])
    }
  }

  /// Computes the outputs of a minibatch under the last noise, and its cost and the derivatives by the outputs.
  mutating func forward(
    _ batch: borrowing Minibatch, mean: UnsafePointer<Float>, second: UnsafePointer<Float>,
    likelihood: Likelihood
  ) -> Double {
    precondition(
      batch.encoding == architecture.input, "a minibatch in \(batch.encoding), not \(architecture.input)")
    precondition(batch.count <= capacity, "\(batch.count) rows, room for \(capacity)")
    let activations = activations.mutablePointer
    let slopes = slopes.mutablePointer
    let rows = batch.count
    batch.withLayerInput { batchInput in
      for (index, layer) in architecture.layers.enumerated() {
        let input = index == 0 ? batchInput : .dense(activations + offsets[index - 1], row: layer.inputs)
        let products = LayerProducts(layer: layer, rows: rows, row: layer.outputs, kernels: kernels)
        let out = activations + offsets[index]
        let slope = slopes + offsets[index]
        products.forward(
          input, weights: mean + layer.weights, biases: biases.pointer + biasOffsets[index], relu: false,
          out: out)
        products.forward(
          makeSecondInput(index, input, rows: rows), weights: second + layer.weights,
          biases: second + layer.biases, relu: false, out: slope)
        addPerturbation(rows * layer.outputs, index, layer.isHidden, slope, out)
      }
    }
    let last = offsets[offsets.count - 2]
    return likelihood.cost(batch, outputs: activations + last, scale: 1, deltas: deltas.mutablePointer + last)
  }

  /// Writes the gradient of the cost by the means and, doubled under `gaussian`, by the second weights.
  mutating func backward(
    _ batch: borrowing Minibatch, mean: UnsafePointer<Float>, second: UnsafePointer<Float>,
    byMean: UnsafeMutablePointer<Float>, bySecond: UnsafeMutablePointer<Float>
  ) {
    precondition(batch.isSorted, "a minibatch is sorted by column before a gradient")
    let rows = batch.count
    let deltas = deltas.mutablePointer
    let secondDelta = scratch.0.mutablePointer
    let slopes = kind == .signs ? noise.pointer : slopes.pointer
    batch.withLayerInput { batchInput in
      for index in architecture.layers.indices.reversed() {
        let layer = architecture.layers[index]
        let products = LayerProducts(layer: layer, rows: rows, row: layer.outputs, kernels: kernels)
        let delta = deltas + offsets[index]
        kernels.functions.pointee.multiply_elements(
          rows * layer.outputs, delta, slopes + offsets[index], secondDelta)
        let input =
          index == 0 ? batchInput : .dense(activations.pointer + offsets[index - 1], row: layer.inputs)
        products.weightGradient(input, delta: delta, gradient: byMean + layer.weights)
        products.biasGradient(delta: delta, gradient: byMean + layer.biases)
        products.weightGradient(
          secondInput(index, input), delta: secondDelta, gradient: bySecond + layer.weights)
        products.biasGradient(delta: secondDelta, gradient: bySecond + layer.biases)
        if index > 0 { propagate(products, index, mean: mean, second: second, delta: delta) }
      }
    }
  }

  /// The derivatives by the pre-activations of the layer below, from those of layer `index` and the second stream's
  /// in the first scratch.
  private mutating func propagate(
    _ products: LayerProducts, _ index: Int, mean: UnsafePointer<Float>, second: UnsafePointer<Float>,
    delta: UnsafePointer<Float>
  ) {
    let layer = products.layer
    let below = activations.pointer + offsets[index - 1]
    let belowDelta = deltas.mutablePointer + offsets[index - 1]
    let belowSecond = scratch.1.mutablePointer
    products.inputDelta(delta, weights: mean + layer.weights, out: belowDelta, outRow: layer.inputs)
    products.inputDelta(
      scratch.0.pointer, weights: second + layer.weights, out: belowSecond, outRow: layer.inputs)
    kernels.functions.pointee.join_backward(
      products.rows * layer.inputs, below, factors(index, below), belowSecond, belowDelta)
  }

  private func addPerturbation(
    _ count: Int, _ index: Int, _ relu: Bool, _ slope: UnsafeMutablePointer<Float>,
    _ out: UnsafeMutablePointer<Float>
  ) {
    let noise = noise.pointer + offsets[index]
    switch kind {
    case .gaussian(let floor):
      kernels.functions.pointee.add_noise(count, relu, floor, noise, slope, out)
    case .signs:
      kernels.functions.pointee.add_products(count, relu, slope, noise, out)
    }
  }

  private func hasSecondInput(_ index: Int) -> Bool { inputOffsets[index + 1] > inputOffsets[index] }

  /// What a layer's inputs are multiplied with to give its second inputs: themselves, or signs.
  private func factors(_ index: Int, _ values: UnsafePointer<Float>) -> UnsafePointer<Float> {
    kind == .signs ? inputSigns.pointer + inputOffsets[index] : values
  }

  private mutating func makeSecondInput(_ index: Int, _ input: LayerInput, rows: Int) -> LayerInput {
    guard case .dense(let values, _) = input else { return input }
    kernels.functions.pointee.multiply_elements(
      rows * architecture.layers[index].inputs, values, factors(index, values),
      secondInputs.mutablePointer + inputOffsets[index])
    return secondInput(index, input)
  }

  private func secondInput(_ index: Int, _ input: LayerInput) -> LayerInput {
    guard case .dense = input else { return input }
    return .dense(secondInputs.pointer + inputOffsets[index], row: architecture.layers[index].inputs)
  }
}

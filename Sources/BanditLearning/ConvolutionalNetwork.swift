public import BanditNumerics
import CBanditKernels

/// A small convolutional network of point estimates.
///
/// Each convolution of an image is lowered to a matrix product; images follow one another, so that a product's memory
/// stays in the processor's cache.
///
/// Source: LeCun et al. 1998, §2. Parameters start as PyTorch's: U(±1/√inputs) for weights and biases.
public struct ConvolutionalNetwork: Sendable {
  /// The sizes.
  public let architecture: ConvolutionalArchitecture
  /// The weights and biases, laid out as the architecture says.
  public internal(set) var parameters: FloatBuffer
  /// The cost.
  public let likelihood: Likelihood
  /// The largest minibatch.
  public let capacity: Int

  let layers: [ConvolutionalArchitecture.Layer]
  private let head: NetworkArchitecture
  private let headStart: Int
  var gradient: FloatBuffer
  var optimiser: Optimiser
  /// Of each convolution, for all images of a minibatch.
  private var activations: [FloatBuffer]
  private var pooled: [FloatBuffer]
  private var pooledDeltas: [FloatBuffer]
  private var outputs: FloatBuffer
  private var outputDeltas: FloatBuffer
  private var scratch: Scratch
  private let kernels = Kernels.best

  /// Memory for one image, used for one convolution after the other.
  private struct Scratch {
    var patches: FloatBuffer
    var patchDeltas: FloatBuffer
    var delta: FloatBuffer
    var gradient: FloatBuffer

    init(_ layers: [ConvolutionalArchitecture.Layer]) {
      func buffer(_ size: (ConvolutionalArchitecture.Layer) -> Int) -> FloatBuffer {
        FloatBuffer(count: layers.map(size).max() ?? 0)
      }
      patches = buffer { $0.positions * $0.patch }
      patchDeltas = patches
      delta = buffer(\.activations)
      gradient = buffer { $0.end - $0.weights }
    }
  }

  /// Creates a network with random parameters from `stream`, for minibatches of at most `capacity` images.
  public init(
    _ architecture: ConvolutionalArchitecture, capacity: Int, likelihood: Likelihood, stream: RandomStream
  ) {
    precondition(capacity > 0, "a minibatch has at least one image")
    precondition(architecture.outputs == likelihood.outputs, "\(likelihood) needs other outputs")
    self.architecture = architecture
    self.likelihood = likelihood
    self.capacity = capacity
    layers = architecture.layers
    head = architecture.head
    headStart = architecture.parameterCount - head.parameterCount
    parameters = FloatBuffer(count: architecture.parameterCount)
    gradient = parameters
    optimiser = Optimiser(.adam, count: architecture.parameterCount)
    activations = layers.map { FloatBuffer(count: capacity * $0.activations) }
    pooled = layers.map { FloatBuffer(count: capacity * $0.pooled) }
    pooledDeltas = pooled
    outputs = FloatBuffer(count: capacity * architecture.outputs)
    outputDeltas = outputs
    scratch = Scratch(layers)
    var stream = stream
    for layer in layers { fill(layer.weights..<layer.end, inputs: layer.patch, &stream) }
    fill(headStart..<parameters.count, inputs: head.input.columns, &stream)
  }

  private mutating func fill(_ range: Range<Int>, inputs: Int, _ stream: inout RandomStream) {
    let bound = 1 / Double(inputs).squareRoot()
    for index in range { parameters[index] = Float(stream.uniform(from: -bound, to: bound)) }
  }

  /// Optimiser steps taken.
  public var steps: Int { optimiser.steps }

  /// Takes one optimiser step and returns the mean cost of the minibatch.
  public mutating func step(_ batch: borrowing Minibatch, learningRate: Double) -> Double {
    let cost = computeGradient(batch)
    optimiser.step(parameters.mutablePointer, gradient: gradient.pointer, learningRate: learningRate)
    return cost
  }

  /// The outputs of a minibatch, `[rows × outputs]`, valid until the network is used again.
  public mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    forward(batch)
    return outputs.pointer
  }

  /// Writes each row's gradient of an objective by its inputs, `[rows × columns]`.
  public mutating func inputGradient(
    _ batch: borrowing Minibatch, of objective: InputObjective, into gradient: UnsafeMutablePointer<Float>
  ) {
    forward(batch)
    likelihood.slopes(
      batch, of: objective, outputs: outputs.pointer, deltas: outputDeltas.mutablePointer)
    backward(batch, inputGradient: gradient)
  }

  /// Computes the gradient of the mean cost, which it returns.
  package mutating func computeGradient(_ batch: borrowing Minibatch) -> Double {
    precondition(batch.count > 0, "a step on an empty minibatch")
    forward(batch)
    let cost = likelihood.cost(
      batch, outputs: outputs.pointer, scale: 1 / Float(batch.count), deltas: outputDeltas.mutablePointer)
    backward(batch, inputGradient: nil)
    return cost / Double(batch.count)
  }

  /// The last gradient, for tests.
  package var lastGradient: [Float] { gradient.array }

  /// Replaces the parameters.
  package mutating func setParameters(_ values: [Float]) {
    precondition(
      values.count == parameters.count, "\(values.count) values for \(parameters.count) parameters")
    parameters = FloatBuffer(values)
  }

  private mutating func forward(_ batch: borrowing Minibatch) {
    precondition(batch.count <= capacity, "\(batch.count) images, room for \(capacity)")
    precondition(
      batch.encoding == architecture.input, "images of \(architecture.height * architecture.width)")
    let patches = scratch.patches.mutablePointer
    for (index, layer) in layers.enumerated() {
      let activations = activations[index].mutablePointer
      let pooled = pooled[index].mutablePointer
      withInputs(index, batch) { inputs in
        for image in 0..<batch.count {
          let out = activations + image * layer.activations
          layer.lower(inputs + image * layer.inputs, into: patches)
          kernels.functions.pointee.multiply(
            layer.positions, layer.filters, layer.patch, patches, layer.patch, 1,
            parameters.pointer + layer.weights, layer.filters, parameters.pointer + layer.biases, true, out,
            layer.filters)
          layer.pool(out, into: pooled + image * layer.pooled)
        }
      }
    }
    let out = outputs.mutablePointer
    headProducts(batch.count).forward(
      headInput, weights: parameters.pointer + headStart,
      biases: parameters.pointer + headStart + head.layers[0].biases, relu: false, out: out)
  }

  /// Writes the gradient by every parameter, from `outputDeltas`; and by the inputs, where there is room for it.
  private mutating func backward(_ batch: borrowing Minibatch, inputGradient: UnsafeMutablePointer<Float>?) {
    gradient.fill(0)
    let gradient = gradient.mutablePointer
    let products = headProducts(batch.count)
    let last = layers.count - 1
    products.weightGradient(headInput, delta: outputDeltas.pointer, gradient: gradient + headStart)
    products.biasGradient(
      delta: outputDeltas.pointer, gradient: gradient + headStart + head.layers[0].biases)
    products.inputDelta(
      outputDeltas.pointer, weights: parameters.pointer + headStart, out: pooledDeltas[last].mutablePointer,
      outRow: layers[last].pooled)
    for index in layers.indices.reversed() {
      let below = index > 0 ? pooledDeltas[index - 1].mutablePointer : inputGradient
      for image in 0..<batch.count { differentiate(index, image, batch, gradient, inputs: below) }
    }
  }

  /// Adds one image's part to the gradient of a convolution and writes the derivatives by its inputs.
  private mutating func differentiate(
    _ index: Int, _ image: Int, _ batch: borrowing Minibatch, _ gradient: UnsafeMutablePointer<Float>,
    inputs below: UnsafeMutablePointer<Float>?
  ) {
    let layer = layers[index]
    let delta = scratch.delta.mutablePointer
    let patches = scratch.patches.mutablePointer
    let own = scratch.gradient.mutablePointer
    let functions = kernels.functions
    layer.unpool(
      pooledDeltas[index].pointer + image * layer.pooled,
      pooled: pooled[index].pointer + image * layer.pooled,
      activations: activations[index].pointer + image * layer.activations, into: delta)
    withInputs(index, batch) { layer.lower($0 + image * layer.inputs, into: patches) }
    functions.pointee.multiply(
      layer.patch, layer.filters, layer.positions, patches, 1, layer.patch, delta, layer.filters, nil, false,
      own, layer.filters)
    functions.pointee.column_sums(
      layer.positions, layer.filters, delta, layer.filters, own + layer.biases - layer.weights)
    let sums = gradient + layer.weights
    for place in 0..<(layer.end - layer.weights) { sums[place] += own[place] }
    guard let below else { return }
    let patchDeltas = scratch.patchDeltas.mutablePointer
    functions.pointee.multiply_transposed(
      layer.positions, layer.patch, layer.filters, delta, layer.filters, parameters.pointer + layer.weights,
      layer.filters, patchDeltas, layer.patch)
    layer.raise(patchDeltas, into: below + image * layer.inputs)
  }

  /// Calls `body` with the images that a convolution sees.
  private func withInputs(
    _ index: Int, _ batch: borrowing Minibatch, _ body: (UnsafePointer<Float>) -> Void
  ) {
    guard index == 0 else { return body(pooled[index - 1].pointer) }
    batch.withLayerInput { input in
      if case .dense(let values, _) = input { body(values) }
    }
  }

  private var headInput: LayerInput {
    .dense(pooled[layers.count - 1].pointer, row: head.input.columns)
  }

  private func headProducts(_ rows: Int) -> LayerProducts {
    LayerProducts(layer: head.layers[0], rows: rows, row: architecture.outputs, kernels: kernels)
  }
}

public import BanditNumerics
import Foundation

/// The exact posterior of a small network's weights, in double precision: a Gaussian prior and a Gaussian likelihood.
///
/// Layers are dense with ReLU between them; a point has, layer by layer, weights `[inputs × outputs]` and then biases. The
/// prior is N(0, `priorSigma`²) on all of them, the likelihood N(y; f(x), `noiseSigma`²).
public struct NetworkPosterior: LogDensity {
  /// Columns, units of the hidden layers, and 1.
  public let sizes: [Int]
  private let inputs: [Double]
  private let targets: [Double]
  private let priorPrecision: Double
  private let noisePrecision: Double
  private let starts: [Int]
  /// All weights and biases.
  public let dimension: Int

  // By layer, [points × units]: a layer's outputs, and the derivatives by what it sums up.
  private var outputs: [[Double]]
  private var errors: [[Double]]

  /// Prepares the posterior of examples with one target each.
  public init(_ examples: Examples, hiddenLayers: [Int], priorSigma: Double, noiseSigma: Double) {
    let sizes = [examples.columns] + hiddenLayers + [1]
    self.sizes = sizes
    inputs = examples.features.map(Double.init)
    targets = examples.targets.map(Double.init)
    priorPrecision = 1 / (priorSigma * priorSigma)
    noisePrecision = 1 / (noiseSigma * noiseSigma)
    starts = sizes.indices.dropLast().reduce(into: [0]) {
      $0.append($0[$1] + (sizes[$1] + 1) * sizes[$1 + 1])
    }
    dimension = starts[starts.count - 1]
    outputs = sizes.dropFirst().map { Array(repeating: 0, count: $0 * examples.targets.count) }
    errors = outputs
  }

  /// A point drawn as networks start: weights N(0, 2/inputs) and biases 0 (He, Zhang, Ren and Sun 2015).
  public func start(_ stream: RandomStream) -> [Double] {
    var stream = stream
    return layers.flatMap { layer in
      let scale = (2 / Double(sizes[layer])).squareRoot()
      return (0..<(sizes[layer] * sizes[layer + 1])).map { _ in scale * stream.normal() }
        + Array(repeating: 0, count: sizes[layer + 1])
    }
  }

  /// The network's outputs at other places, `[rows × columns]`.
  public func predictions(_ point: [Double], at places: [Double]) -> [Double] {
    var values = places
    let rows = places.count / sizes[0]
    for layer in layers {
      var next = Array(repeating: 0.0, count: rows * sizes[layer + 1])
      forward(layer, point, from: values, into: &next, rows: rows)
      values = next
    }
    return values
  }

  /// Squares of weights and errors, and their derivatives by back-propagation.
  public mutating func evaluate(_ point: [Double], gradient: inout [Double]) -> Double {
    let rows = targets.count
    for layer in layers {
      forward(layer, point, from: layer == 0 ? inputs : outputs[layer - 1], into: &outputs[layer], rows: rows)
    }
    var squares = 0.0
    for row in 0..<rows {
      let error = targets[row] - outputs[layers.count - 1][row]
      squares += error * error
      errors[layers.count - 1][row] = noisePrecision * error
    }
    var weights = 0.0
    for index in point.indices {
      weights += point[index] * point[index]
      gradient[index] = -priorPrecision * point[index]
    }
    for layer in layers.reversed() {
      backward(layer, point, &gradient, rows: rows)
    }
    return -0.5 * (noisePrecision * squares + priorPrecision * weights)
  }

  private var layers: Range<Int> { 0..<(sizes.count - 1) }

  /// One layer: x W + b, cut at 0 but for the last.
  private func forward(
    _ layer: Int, _ point: [Double], from: [Double], into: inout [Double], rows: Int
  ) {
    let (width, height, start) = (sizes[layer], sizes[layer + 1], starts[layer])
    let isLast = layer + 1 == layers.count
    point.withUnsafeBufferPointer { point in
      from.withUnsafeBufferPointer { from in
        into.withUnsafeMutableBufferPointer { into in
          for row in 0..<rows {
            let own = row * height
            for unit in 0..<height { into[own + unit] = point[start + width * height + unit] }
            for column in 0..<width {
              let value = from[row * width + column]
              guard value != 0 else { continue }
              let weights = start + column * height
              for unit in 0..<height { into[own + unit] += value * point[weights + unit] }
            }
            if !isLast { for unit in 0..<height { into[own + unit] = max(0, into[own + unit]) } }
          }
        }
      }
    }
  }

  /// Adds a layer's derivatives to the gradient, and gives the layer before its errors.
  private mutating func backward(_ layer: Int, _ point: [Double], _ gradient: inout [Double], rows: Int) {
    let (width, height, start) = (sizes[layer], sizes[layer + 1], starts[layer])
    let from = layer == 0 ? inputs : outputs[layer - 1]
    let own = errors[layer]
    var before = layer == 0 ? [] : errors[layer - 1]
    if layer > 0 { errors[layer - 1] = [] }
    gradient.withUnsafeMutableBufferPointer { gradient in
      own.withUnsafeBufferPointer { own in
        for row in 0..<rows {
          for unit in 0..<height { gradient[start + width * height + unit] += own[row * height + unit] }
          for column in 0..<width {
            let value = from[row * width + column]
            // A unit that ReLU has cut passes nothing on, nor does an input of 0.
            guard value != 0 else {
              if layer > 0 { before[row * width + column] = 0 }
              continue
            }
            let weights = start + column * height
            var error = 0.0
            for unit in 0..<height {
              gradient[weights + unit] += value * own[row * height + unit]
              if layer > 0 { error += point[weights + unit] * own[row * height + unit] }
            }
            if layer > 0 { before[row * width + column] = error }
          }
        }
      }
    }
    if layer > 0 { errors[layer - 1] = before }
  }
}

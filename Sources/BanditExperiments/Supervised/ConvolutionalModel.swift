import BanditData
import BanditLearning
import BanditNumerics

/// A convolutional network under the harness.
struct ConvolutionalModel: SupervisedModel {
  private(set) var network: ConvolutionalNetwork

  init(_ network: ConvolutionalNetwork) { self.network = network }

  mutating func step(_ batch: borrowing Minibatch, klWeight: Double, learningRate: Double) -> Double {
    network.step(batch, learningRate: learningRate)
  }

  mutating func draw() {}

  mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> { network.predict(batch) }

  mutating func inputGradient(_ batch: borrowing Minibatch, into gradient: UnsafeMutablePointer<Float>) {
    network.inputGradient(batch, into: gradient)
  }

  func complexityCost() -> Double? { nil }

  /// `convolutions.0.weight` `[kernel, kernel, channels, filters]`, `convolutions.0.bias` and so on, and `linear.weight`
  /// `[inputs, outputs]`, whose inputs are rows, columns, channels.
  var tensors: [Tensor] {
    var left = network.parameters.array[...]
    return network.architecture.tensorShapes.map { name, shape in
      let count = shape.reduce(1, *)
      defer { left = left.dropFirst(count) }
      return Tensor(name, shape: shape, values: Array(left.prefix(count)))
    }
  }

  mutating func restore(_ contents: Safetensors, file: String) throws {
    network.setParameters(
      try network.architecture.tensorShapes.flatMap { try contents.values(of: $0, shape: $1, file: file) })
  }
}

extension Safetensors {
  /// The numbers of a tensor that must be there in this shape.
  func values(of name: String, shape: [Int], file: String) throws(DataFileError) -> [Float] {
    guard let tensor = tensor(named: name) else {
      throw DataFileError(file: file, reason: "has no tensor '\(name)'")
    }
    guard tensor.shape == shape else {
      throw DataFileError(
        file: file, reason: "tensor '\(name)' has the shape \(tensor.shape), not \(shape)")
    }
    return tensor.values
  }
}

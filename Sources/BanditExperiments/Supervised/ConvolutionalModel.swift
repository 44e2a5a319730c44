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

  var tensors: [NamedTensor] { network.tensors }

  var state: NetworkState { network.state }

  mutating func restore(_ state: NetworkState) throws { try network.restore(state) }

  mutating func restore(_ contents: Safetensors, file: String) throws {
    try network.load(contents, file: file)
  }
}

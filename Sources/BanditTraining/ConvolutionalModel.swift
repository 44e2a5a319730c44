package import BanditFiles
package import BanditLearning
package import BanditNumerics

/// A convolutional network under the harness.
package struct ConvolutionalModel: SupervisedModel {
  package private(set) var network: ConvolutionalNetwork

  package init(_ network: ConvolutionalNetwork) { self.network = network }

  package mutating func step(_ batch: borrowing Minibatch, klWeight: Double, learningRate: Double) -> Double {
    network.step(batch, learningRate: learningRate)
  }

  package mutating func draw() {}

  package mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    network.predict(batch)
  }

  package mutating func reseed(_ stream: RandomStream) {}

  package mutating func marginGradient(
    _ batch: borrowing Minibatch, draws: Int, into gradient: UnsafeMutablePointer<Float>
  ) {
    network.inputGradient(batch, of: .margin, into: gradient)
  }

  package func complexityCost() -> Double? { nil }

  package var tensors: [NamedTensor] { network.tensors }

  package var state: NetworkState { network.state }

  package mutating func restore(_ state: NetworkState) throws { try network.restore(state) }

  package mutating func restore(_ contents: Safetensors, file: String) throws {
    try network.load(contents, file: file)
  }
}

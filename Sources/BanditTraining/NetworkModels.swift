package import BanditFiles
package import BanditLearning
package import BanditNumerics

/// A network of point estimates under the harness.
package struct PointModel: SupervisedModel {
  package private(set) var network: PointNetwork
  /// What is done to the network before every step; nil for nothing.
  package var beforeStep: (@Sendable (inout PointNetwork) -> Void)?
  /// Whether `predict` drops units as training does (MC dropout), each example by itself.
  package var dropsUnitsInPrediction = false
  private var adversary: AdversarialTraining?

  package init(_ network: PointNetwork, against adversary: AdversarialTraining? = nil) {
    self.network = network
    self.adversary = adversary
  }

  package mutating func step(_ batch: borrowing Minibatch, klWeight: Double, learningRate: Double) -> Double {
    beforeStep?(&network)
    if let cost = adversary?.step(&network, batch, learningRate: learningRate) { return cost }
    return network.step(batch, learningRate: learningRate)
  }

  package mutating func draw() {}

  package mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    dropsUnitsInPrediction ? network.predictSample(batch) : network.predict(batch)
  }

  package mutating func reseed(_ stream: RandomStream) { network.predictionNoise = NormalStream(stream) }

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

extension AdversarialTraining {
  /// Takes a step of a network against this.
  fileprivate mutating func step(
    _ network: inout PointNetwork, _ batch: borrowing Minibatch, learningRate: Double
  ) -> Double {
    network.step(batch, against: &self, learningRate: learningRate)
  }
}

/// A network with a Gaussian posterior under the harness.
package struct BayesianModel: SupervisedModel {
  package private(set) var network: BayesianNetwork

  package init(_ network: BayesianNetwork) { self.network = network }

  package mutating func step(_ batch: borrowing Minibatch, klWeight: Double, learningRate: Double) -> Double {
    network.step(batch, klWeight: klWeight, learningRate: learningRate)
  }

  package mutating func draw() { network.drawWeights() }

  package mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    network.predict(batch)
  }

  package mutating func reseed(_ stream: RandomStream) { network.predictionNoise = NormalStream(stream) }

  package mutating func marginGradient(
    _ batch: borrowing Minibatch, draws: Int, into gradient: UnsafeMutablePointer<Float>
  ) {
    network.inputGradient(batch, of: .margin, draws: draws, into: gradient)
  }

  /// Replaces the posterior's parameters, laid out as the architecture says.
  package mutating func replace(means: [Float], rhos: [Float]) {
    network.setParameters(means: means, rhos: rhos)
  }

  /// In closed form where there is one, else from one draw of the weights.
  package mutating func complexityCost() -> Double? {
    if let exact = network.closedFormKL { return exact }
    network.drawWeights()
    return network.sampledKL
  }

  package var tensors: [NamedTensor] { network.tensors }

  package var state: NetworkState { network.state }

  package mutating func restore(_ state: NetworkState) throws { try network.restore(state) }

  package mutating func restore(_ contents: Safetensors, file: String) throws {
    try network.load(contents, file: file)
  }
}

extension RestorableNetwork {
  /// Replaces the parameters by those of a file.
  package mutating func load(_ contents: Safetensors, file: String) throws(DataFileError) {
    do {
      try load(contents.tensors)
    } catch {
      throw DataFileError(file: file, reason: "\(error)")
    }
  }
}

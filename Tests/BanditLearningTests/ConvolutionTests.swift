import BanditLearning
import BanditNumerics
import Foundation
import Testing

@Suite("Convolutional networks")
struct ConvolutionTests {
  /// What `reference_convolution.py` took from PyTorch.
  private struct Reference: Decodable {
    struct Case: Decodable {
      var height: Int
      var width: Int
      var filters: [Int]
      var kernel: Int
      var classes: Int
      var images: [Float]
      var targets: [Float]
      var parameters: [Float]
      var outputs: [Double]
      var cost: Double
      var gradient: [Double]
      var inputGradient: [Double]

      var batch: Minibatch {
        let pixels = height * width
        return denseBatch(
          targets.indices.map { Array(images[($0 * pixels)..<(($0 + 1) * pixels)]) }, targets: targets,
          capacity: 5)
      }

      var network: ConvolutionalNetwork {
        let architecture = ConvolutionalArchitecture(
          height: height, width: width, filters: filters, kernel: kernel, outputs: classes)
        var network = ConvolutionalNetwork(
          architecture, capacity: 5, likelihood: .softmaxCrossEntropy(classes: classes),
          stream: RandomStream(seed: 0))
        network.setParameters(parameters)
        return network
      }
    }

    var cases: [Case]

    static func read() throws -> [Case] {
      try JSONDecoder().decode(Reference.self, from: Data(PackageResources.reference_convolution_json)).cases
    }
  }

  @Test("Outputs, costs and gradients equal PyTorch's, by parameters and by inputs")
  func reference() throws {
    let cases = try Reference.read()
    for expected in cases {
      var network = expected.network
      let name = "\(expected.filters)"
      GradientTolerance().expect(network.outputs(expected.batch), expected.outputs, "outputs \(name)")
      let cost = network.computeGradient(expected.batch)
      #expect(abs(cost - expected.cost) < 1e-6 * expected.cost)
      GradientTolerance().expect(network.lastGradient, expected.gradient, "gradient \(name)")
      var byInputs = [Float](repeating: .nan, count: expected.images.count)
      network.inputGradient(expected.batch, of: .cost, into: &byInputs)
      GradientTolerance().expect(byInputs, expected.inputGradient, "by inputs \(name)")
    }
    #expect(cases.count == 3)
  }

  @Test("Gradients equal finite differences of the network written down once more")
  func finiteDifferences() throws {
    for given in try Reference.read() {
      var network = given.network
      let parameters = given.parameters.map(Double.init)
      let rows = given.targets.count
      let pixels = given.height * given.width
      func cost(_ parameters: [Double], _ images: [Double]) -> Double {
        (0..<rows).reduce(0) { total, row in
          let image = Array(images[(row * pixels)..<((row + 1) * pixels)])
          let outputs = Self.outputs(network.architecture, parameters, image)
          return total
            + network.likelihood.scalarCost(outputs, target: Double(given.targets[row])) / Double(rows)
        }
      }
      _ = network.computeGradient(given.batch)
      let images = given.images.map(Double.init)
      let byParameters = parameters.indices.map { index in
        derivative(at: parameters[index]) { value in
          var moved = parameters
          moved[index] = value
          return cost(moved, images)
        }
      }
      GradientTolerance().expect(network.lastGradient, byParameters, "by parameters")
      var gradient = [Float](repeating: .nan, count: images.count)
      network.inputGradient(given.batch, of: .cost, into: &gradient)
      let byInputs = images.indices.map { index in
        derivative(at: images[index]) { value in
          var moved = images
          moved[index] = value
          return Double(rows) * cost(parameters, moved)
        }
      }
      GradientTolerance().expect(gradient, byInputs, "by inputs")
    }
  }

  /// The outputs for one image, by the definition of a convolution.
  private static func outputs(
    _ architecture: ConvolutionalArchitecture, _ parameters: [Double], _ image: [Double]
  ) -> [Double] {
    var values = image
    var (height, width, channels, start) = (architecture.height, architecture.width, 1, 0)
    let kernel = architecture.kernel
    for filters in architecture.filters {
      let biases = start + kernel * kernel * channels * filters
      var pooled = [Double](repeating: 0, count: height * width / 4 * filters)
      for (y, x, filter) in all(height, width, filters) {
        var sum = parameters[biases + filter]
        for (row, column, channel) in all(kernel, kernel, channels) {
          let (sourceY, sourceX) = (y + row - kernel / 2, x + column - kernel / 2)
          guard (0..<height).contains(sourceY), (0..<width).contains(sourceX) else { continue }
          sum +=
            values[(sourceY * width + sourceX) * channels + channel]
            * parameters[start + ((row * kernel + column) * channels + channel) * filters + filter]
        }
        let place = (y / 2 * (width / 2) + x / 2) * filters + filter
        pooled[place] = max(pooled[place], sum)
      }
      values = pooled
      (height, width, channels, start) = (height / 2, width / 2, filters, biases + filters)
    }
    let outputs = architecture.outputs
    return (0..<outputs).map { output in
      var sum = parameters[start + values.count * outputs + output]
      for (index, value) in values.enumerated() {
        sum += value * parameters[start + index * outputs + output]
      }
      return sum
    }
  }

  private static func all(_ a: Int, _ b: Int, _ c: Int) -> [(Int, Int, Int)] {
    (0..<(a * b * c)).map { ($0 / (b * c), $0 / c % b, $0 % c) }
  }

  @Test(
    "A network learns to tell upright from lying bars, wherever they are, and the same seed gives the same bytes"
  )
  func learning() {
    func bar(_ place: Int, isUpright: Bool) -> [Float] {
      (0..<64).map { pixel in (isUpright ? pixel % 8 : pixel / 8) == place ? 1 : 0 }
    }
    let images = (0..<16).map { bar($0 / 2, isUpright: $0 % 2 == 1) }
    let batch = denseBatch(images, targets: (0..<16).map { Float($0 % 2) })
    let architecture = ConvolutionalArchitecture(height: 8, width: 8, filters: [4, 6], kernel: 3, outputs: 2)
    func trained() -> ConvolutionalNetwork {
      var network = ConvolutionalNetwork(
        architecture, capacity: 16, likelihood: .softmaxCrossEntropy(classes: 2),
        stream: RandomStream(seed: 4))
      for _ in 0..<200 { _ = network.step(batch, learningRate: 0.01) }
      return network
    }
    var network = trained()
    #expect(network.steps == 200)
    #expect(network.computeGradient(batch) < 0.01)
    #expect(trained().parameters.array == network.parameters.array)
  }

  @Test("A network that takes over another's state goes on as that one, bit for bit")
  func state() throws {
    let given = try #require(try Reference.read().first)
    let batch = given.batch
    var network = given.network
    for _ in 0..<3 { _ = network.step(batch, learningRate: 0.01) }
    var other = ConvolutionalNetwork(
      network.architecture, capacity: 5, likelihood: network.likelihood, stream: RandomStream(seed: 9))
    try other.restore(network.state)
    for _ in 0..<2 {
      #expect(network.step(batch, learningRate: 0.01) == other.step(batch, learningRate: 0.01))
    }
    #expect(other.steps == 5 && other.parameters.array == network.parameters.array)
    var state = network.state
    state.tensors.removeLast()
    #expect(throws: TensorError.missing("linear.bias")) { try other.restore(state) }
    state = network.state
    state.training.generators = [[]]
    #expect(throws: TensorError.self) { try other.restore(state) }
    #expect(other.state == network.state)
  }

  @Test("Only images that can be halved, and odd kernels, make a network")
  func architectures() throws {
    func isPossible(_ text: String) throws -> Bool {
      try JSONDecoder().decode(ConvolutionalArchitecture.self, from: Data(text.utf8)).isPossible
    }
    let good = #"{"height":28,"width":28,"filters":[16,32],"kernel":5,"outputs":10}"#
    #expect(try isPossible(good))
    for (from, to) in [
      ("\"height\":28", "\"height\":30"), ("\"width\":28", "\"width\":0"), ("16,32", ""), ("16,32", "16,-1"),
      ("\"kernel\":5", "\"kernel\":4"), ("\"outputs\":10", "\"outputs\":1000000"),
    ] { #expect(try !isPossible(good.replacing(from, with: to)), "\(to)") }
    let mnist = ConvolutionalArchitecture(height: 28, width: 28, filters: [16, 32], kernel: 5, outputs: 10)
    #expect(mnist.parameterCount == 416 + 12_832 + 15_690)
  }
}

extension ConvolutionalNetwork {
  /// The outputs as an array.
  fileprivate mutating func outputs(_ batch: borrowing Minibatch) -> [Float] {
    let outputs = predict(batch)
    let count = batch.count * architecture.outputs
    return withExtendedLifetime(self) { Array(UnsafeBufferPointer(start: outputs, count: count)) }
  }
}

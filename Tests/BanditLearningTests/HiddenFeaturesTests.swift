import BanditLearning
import BanditNumerics
import Testing

@Suite("Features of the last hidden layer")
struct HiddenFeaturesTests {
  private let batch = denseBatch(
    (0..<6).map { normals(UInt64(10 + $0), 4) }, targets: [1, -1, 0.5, 2, 0, -2])

  private func network(_ hidden: [Int]) -> PointNetwork {
    PointNetwork(
      NetworkArchitecture(input: .dense(columns: 4), hidden: hidden, outputs: 1), capacity: 6,
      likelihood: .squaredError, stream: RandomStream(seed: 1))
  }

  /// The network's last layer on the features of each row.
  private func outputs(_ features: HiddenFeatures, _ network: PointNetwork) -> [Double] {
    var row = Array(repeating: Double.nan, count: features.count)
    return (0..<batch.count).map { index in
      features.copy(row: index, to: &row)
      #expect(row.allSatisfy { $0 >= 0 })
      guard let layer = network.architecture.layers.last else { return .nan }
      return row.enumerated().reduce(Double(network.parameters[layer.biases])) {
        $0 + $1.element * Double(network.parameters[layer.weights + $1.offset])
      }
    }
  }

  @Test("The last layer on them is the network", arguments: [[7], [20, 1], [6, 40]])
  func lastLayer(hidden: [Int]) {
    var network = network(hidden)
    for _ in 0..<5 { _ = network.step(batch, learningRate: 0.01) }
    var features = HiddenFeatures(network, capacity: 6)
    features.refresh(network)
    features.compute(batch)
    #expect(features.count == hidden.last)
    for (output, expected) in zip(outputs(features, network), network.outputs(batch)) {
      #expect(abs(output - Double(expected)) < 1e-5)
    }
  }

  @Test("They stay while the network learns, until they are refreshed")
  func refresh() {
    var network = network([7])
    var features = HiddenFeatures(network, capacity: 6)
    features.refresh(network)
    let start = network
    _ = network.step(batch, learningRate: 0.1)
    features.compute(batch)
    let kept = outputs(features, start)
    var startCopy = start
    for (output, expected) in zip(kept, startCopy.outputs(batch)) {
      #expect(abs(output - Double(expected)) < 1e-5)
    }
    features.refresh(network)
    features.compute(batch)
    #expect(outputs(features, start) != kept)
  }
}

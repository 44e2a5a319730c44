import BanditNumerics
import Foundation
import Testing

@testable import BanditLearning

@Suite("Gradients of the output under a diagonal precision")
struct GradientPrecisionTests {
  private struct Reference: Decodable {
    struct Case: Decodable {
      var sizes: [Int]
      var precision: Double
      var isOneHot: Bool
      var parameters: [Float]
      var added: [[Float]]
      var queries: [[Float]]
      var variances: [Double]

      func batch(_ rows: [[Float]]) -> Minibatch {
        let targets = Array(repeating: Float(0), count: rows.count)
        guard isOneHot else { return denseBatch(rows, targets: targets) }
        let active = rows.map { row in row.indices.filter { row[$0] == 1 }.map { Int32($0) } }
        return oneHotBatch(active, columns: sizes[0], maximumActive: sizes[0], targets: targets)
      }

      func network(capacity: Int) -> PointNetwork {
        var network = PointNetwork(
          NetworkArchitecture(
            input: batch([queries[0]]).encoding, hidden: Array(sizes[1..<(sizes.count - 1)]),
            outputs: sizes[sizes.count - 1]), capacity: capacity,
          likelihood: sizes[sizes.count - 1] == 2 ? .gaussianMeanVariance : .squaredError,
          stream: RandomStream(seed: 1))
        network.setParameters(parameters)
        return network
      }
    }

    var cases: [Case]
  }

  private func cases() throws -> [Reference.Case] {
    try JSONDecoder().decode(Reference.self, from: Data(PackageResources.reference_gradients_json)).cases
  }

  /// The precision after a case's added rows.
  private func precision(_ reference: Reference.Case, _ network: inout PointNetwork) -> GradientPrecision {
    var precision = GradientPrecision(
      network.architecture, priorPrecision: reference.precision, capacity: reference.queries.count)
    for row in reference.added {
      let batch = reference.batch([row])
      _ = network.predict(batch)
      precision.add(&network, predicted: batch)
    }
    return precision
  }

  @Test("Variances equal those of complex-step gradients in NumPy, one parameter at a time")
  func reference() throws {
    let cases = try cases()
    for expected in cases {
      var network = expected.network(capacity: expected.queries.count)
      var precision = precision(expected, &network)
      let batch = expected.batch(expected.queries)
      var variances = Array(repeating: Double.nan, count: expected.queries.count)
      _ = network.predict(batch)
      precision.variances(&network, predicted: batch, into: &variances)
      for (variance, value) in zip(variances, expected.variances) {
        #expect(abs(variance - value) <= 1e-5 * value)
      }
    }
    #expect(cases.count == 5)
  }

  @Test("They equal finite differences of the network's output")
  func finiteDifferences() throws {
    for expected in try cases() where !expected.isOneHot {
      let parameters = expected.parameters.map { Double($0) }
      var network = expected.network(capacity: 1)
      let scalar = ScalarObjective(
        architecture: network.architecture, rows: expected.queries.map { $0.map { Double($0) } }, targets: [],
        exampleWeights: [], likelihood: .squaredError)
      for (index, query) in expected.queries.enumerated() {
        let gradient = scalar.gradient(at: parameters) { scalar.outputs($0)[index][0] }
        let squares = gradient.reduce(0) { $0 + $1 * $1 }
        var precision = GradientPrecision(network.architecture, priorPrecision: 2, capacity: 1)
        var variances = [Double.nan]
        let batch = expected.batch([query])
        _ = network.predict(batch)
        precision.variances(&network, predicted: batch, into: &variances)
        #expect(abs(variances[0] - squares / 2) <= 1e-4 * squares)
      }
    }
  }

  @Test("What was seen often varies little, and a query changes nothing")
  func falls() throws {
    let expected = try cases()[2]
    var network = expected.network(capacity: 1)
    var precision = GradientPrecision(network.architecture, priorPrecision: 1, capacity: 1)
    let batch = expected.batch([expected.queries[0]])
    var (before, after) = ([Double.nan], [Double.nan])
    for _ in 0..<2 {
      _ = network.predict(batch)
      precision.variances(&network, predicted: batch, into: &before)
    }
    for _ in 0..<99 { precision.add(&network, predicted: batch) }
    precision.variances(&network, predicted: batch, into: &after)
    // Every parameter that the output depends on has Z = 1 + 99 g²: each adds at most 1/99.
    #expect(before[0] > 1 && after[0] < Double(network.parameters.count) / 99)
  }

  @Test("A state of another network is refused, and one of the same continues")
  func states() throws {
    let expected = try cases()[1]
    var network = expected.network(capacity: expected.queries.count)
    let precision = precision(expected, &network)
    var other = GradientPrecision(network.architecture, priorPrecision: 9, capacity: 5)
    try other.restore(precision.state)
    #expect(other.state == precision.state)
    #expect(throws: TensorError.self) { try other.restore(StoredArray(wrappedValue: [1, 2])) }
    var broken = precision.state
    broken.wrappedValue[0] = 0
    #expect(throws: TensorError.self) { try other.restore(broken) }
    #expect(other.state == precision.state)
  }
}

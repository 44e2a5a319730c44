import BanditLearning
import BanditNumerics
import Testing

@Suite("Dropout")
struct DropoutTests {
  private let batch = denseBatch(
    (0..<6).map { row in normals(UInt64(10 + row), 4) }, targets: [1, -1, 0.5, 2, 0, -2])
  private let architecture = NetworkArchitecture(input: .dense(columns: 4), hidden: [40, 30], outputs: 1)

  private func network(_ dropout: Dropout, seed: UInt64 = 1, hidden: [Int] = [40, 30]) -> PointNetwork {
    PointNetwork(
      NetworkArchitecture(input: .dense(columns: 4), hidden: hidden, outputs: 1), capacity: 6,
      likelihood: .squaredError, dropout: dropout, stream: RandomStream(seed: seed))
  }

  @Test("Under fixed masks, gradients equal PyTorch's, with hidden units and inputs dropped")
  func reference() throws {
    let reference = try ModelReference.shared
    for expected in reference.dropout {
      let (network, start) = try reference.pointNetwork(
        expected.network, expected.likelihood,
        dropout: Dropout(input: expected.input, hidden: expected.hidden))
      var point = start
      let cost = point.computeGradient(network.batch, masks: expected.masks)
      GradientTolerance().expect(point.lastGradient, expected.gradient, "\(expected)")
      #expect(abs(cost - expected.cost) <= 1e-5 * abs(expected.cost))
    }
    #expect(reference.dropout.count == 5)
  }

  @Test("Under fixed masks, gradients equal finite differences", arguments: [[7], [6, 5], [6, 1, 5]])
  func finiteDifferences(hidden: [Int]) {
    var network = network(Dropout(hidden: 0.5), hidden: hidden)
    let masks = hidden.enumerated().map { index, units in
      normals(UInt64(20 + index), 6 * units).map { $0 < 0 ? 0 : 2.0 as Float }
    }
    let parameters = normals(2, network.parameters.count).map { 0.4 * $0 }
    network.setParameters(parameters)
    _ = network.computeGradient(batch, masks: Array(masks.joined()))
    let scalar = ScalarObjective(
      architecture: network.architecture,
      rows: (0..<6).map { normals(UInt64(10 + $0), 4).map { Double($0) } },
      targets: [1, -1, 0.5, 2, 0, -2], exampleWeights: Array(repeating: 1, count: 6),
      likelihood: .squaredError, masks: masks.map { $0.map { Double($0) } })
    let expected = scalar.gradient(at: parameters.map { Double($0) }) {
      scalar.penalised($0, l2: 0, l1: 0)
    }
    GradientTolerance().expect(network.lastGradient, expected, "hidden \(hidden)")
  }

  @Test("Samples of predictions differ, plain ones do not, and the linear ones' mean is the plain one")
  func predictions() {
    // Without hidden layers only inputs are dropped, and the mean over masks is exact.
    var network = network(Dropout(input: 0.25), hidden: [])
    let plain = network.outputs(batch)
    #expect(plain == network.outputs(batch))
    let draws = 20_000
    var sums = [Double](repeating: 0, count: 6)
    var squares = sums
    for _ in 0..<draws {
      for (row, output) in network.sampledOutputs(batch).enumerated() {
        sums[row] += Double(output) / Double(draws)
        squares[row] += Double(output) * Double(output) / Double(draws)
      }
    }
    for row in 0..<6 {
      let variance = squares[row] - sums[row] * sums[row]
      #expect(variance > 1e-4)
      #expect(abs(sums[row] - Double(plain[row])) <= 5 * (variance / Double(draws)).squareRoot())
    }
  }

  @Test("A sample of predictions differs from the next, and leaves the training as it is")
  func streams() {
    var quiet = network(Dropout(input: 0.2, hidden: 0.5))
    var busy = quiet
    for _ in 0..<10 {
      _ = quiet.step(batch, learningRate: 0.01)
      _ = busy.step(batch, learningRate: 0.01)
      #expect(busy.sampledOutputs(batch) != busy.sampledOutputs(batch))
    }
    #expect(quiet.parameters.array == busy.parameters.array)
    var other = network(Dropout(input: 0.2, hidden: 0.5), seed: 2)
    for _ in 0..<10 { _ = other.step(batch, learningRate: 0.01) }
    #expect(other.parameters.array != quiet.parameters.array)
  }

  @Test("Shared masks drop the same units of every example, and their mean is as that of masks of their own")
  func shared() {
    let row = normals(10, 4)
    let same = denseBatch(Array(repeating: row, count: 6), targets: Array(repeating: 0, count: 6))
    for dropout in [Dropout(hidden: 0.5), Dropout(input: 0.5), Dropout(input: 0.2, hidden: 0.2)] {
      var network = network(dropout)
      #expect(Set(network.sampledOutputs(same)).count > 1)
      let draws = (0..<20).map { _ in network.sampledOutputs(same, .shared) }
      #expect(draws.allSatisfy { Set($0).count == 1 })
      #expect(Set(draws).count > 1)
    }
    // Inputs alone: the mean over masks is exact.
    var network = network(Dropout(input: 0.25), hidden: [])
    let draws = (0..<20_000).map { _ in Double(network.sampledOutputs(same, .shared)[0]) }
    let mean = draws.reduce(0, +) / 20_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean - Double(network.outputs(same)[0])) <= 5 * (variance / 20_000).squareRoot())
  }

  @Test("Rates of 0 are plain training, bit for bit")
  func none() {
    var plain = PointNetwork(
      architecture, capacity: 6, likelihood: .squaredError, stream: RandomStream(seed: 1))
    var zero = network(Dropout(input: 0, hidden: 0))
    for _ in 0..<10 {
      #expect(plain.step(batch, learningRate: 0.01) == zero.step(batch, learningRate: 0.01))
    }
    #expect(plain.parameters.array == zero.parameters.array)
    #expect(zero.sampledOutputs(batch) == zero.outputs(batch))
    #expect(zero.cost(batch) == zero.computeGradient(batch))
  }

  @Test("A network with dropout still learns")
  func learns() {
    var network = network(Dropout(hidden: 0.2))
    let before = network.cost(batch)
    for _ in 0..<1_000 { _ = network.step(batch, learningRate: 0.01) }
    #expect(network.cost(batch) < 0.2 * before)
  }
}

extension PointNetwork {
  /// The outputs under new masks, as an array.
  fileprivate mutating func sampledOutputs(
    _ batch: borrowing Minibatch, _ sharing: Dropout.Sharing = .independent
  ) -> [Float] {
    let outputs = predictSample(batch, masks: sharing)
    let count = batch.count * likelihood.outputs
    return withExtendedLifetime(self) { Array(UnsafeBufferPointer(start: outputs, count: count)) }
  }
}

import BanditNumerics
import CBanditKernels
import Testing

/// Shapes that meet every path of the kernels: strips of 128 columns, whole blocks, tails and the report's 100.
private let widths = [1, 4, 16, 17, 100, 128, 130, 228, 300]
/// What separates the rows of activations in these tests.
private let gap = 3

@Suite("Kernels over activations")
struct LayerKernelTests {
  @Test("A one-hot layer forward adds the rows that the indices name", arguments: Kernels.available, widths)
  func gatherForward(kernels: Kernels, width: Int) {
    let layer = OneHotLayer(width: width)
    for relu in [false, true] {
      let out: [Float] = withGuardedMemory { memory in
        let weights = memory.place(layer.weights, offset: 1)
        let bias = memory.place(layer.bias, offset: 2)
        let out = memory.place(layer.spreadDelta, offset: 3)
        kernels.functions.pointee.gather_forward(
          layer.rows, layer.stride, layer.active, width, weights, bias, relu, out, width + gap)
        return gathered(memory.values(2), width: width, row: width + gap)
      }
      // Four roundings: the bias and up to four rows are added one by one.
      expectSums(out, ulps: 2) { position in
        let (row, column) = (position / width, position % width)
        let sum = layer.named(row).reduce(into: Sum(layer.bias[column])) {
          $0.add(layer.weights[$1 * width + column])
        }
        return relu ? sum.rectified : sum
      }
    }
  }

  @Test(
    "A one-hot layer backward sums the deltas of the rows that name a column",
    arguments: Kernels.available, widths)
  func gatherBackward(kernels: Kernels, width: Int) {
    let layer = OneHotLayer(width: width)
    let (starts, named) = layer.lists(kernels)
    let gradient: [Float] = withGuardedMemory { memory in
      // What was there before does not matter.
      let gradient = memory.place(layer.weights, offset: 1)
      let delta = memory.place(layer.spreadDelta, offset: 2)
      kernels.functions.pointee.gather_backward(
        layer.columns, starts, named, width, delta, width + gap, gradient)
      return memory.values(0)
    }
    // At most five rows name one column.
    expectSums(gradient, ulps: 2.5) { position in
      let (input, column) = (position / width, position % width)
      return (0..<layer.rows).reduce(into: Sum(0)) { sum, row in
        for named in layer.named(row) where named == input { sum.add(layer.delta[row * width + column]) }
      }
    }
  }

  @Test(
    "Lists of rows by column hold every row once for each of its active columns", arguments: Kernels.available
  )
  func invertedLists(kernels: Kernels) {
    let layer = OneHotLayer(width: 1)
    let (starts, named) = layer.lists(kernels)
    for column in 0..<layer.columns {
      let expected = (0..<layer.rows).flatMap { row in
        layer.named(row).filter { $0 == column }.map { _ in Int32(row) }
      }
      #expect(Array(named[Int(starts[column])..<Int(starts[column + 1])]) == expected)
    }
    #expect(Int(starts[layer.columns]) == (0..<layer.rows).reduce(0) { $0 + layer.named($1).count })
  }

  @Test("Column sums add up the rows", arguments: Kernels.available, widths)
  func columnSums(kernels: Kernels, width: Int) {
    let layer = OneHotLayer(width: width)
    let sums: [Float] = withGuardedMemory { memory in
      let sums = memory.place(layer.bias, offset: 1)
      let values = memory.place(layer.spreadDelta, offset: 2)
      kernels.functions.pointee.column_sums(layer.rows, width, values, width + gap, sums)
      return memory.values(0)
    }
    expectSums(sums, ulps: Double(layer.rows) / 2) { column in
      (0..<layer.rows).reduce(into: Sum(0)) { $0.add(layer.delta[$1 * width + column]) }
    }
  }

  @Test("A layer with one output forward is a dot product a row", arguments: Kernels.available, widths)
  func dotForward(kernels: Kernels, width: Int) {
    let layer = OneHotLayer(width: width)
    let out: [Float] = withGuardedMemory { memory in
      let out = memory.place(layer.outputDelta, offset: 1)
      let values = memory.place(layer.spreadDelta, offset: 2)
      kernels.functions.pointee.dot_forward(
        layer.rows, width, values, width + gap, memory.place(layer.bias), 0.5, out)
      return memory.values(0)
    }
    // A sixteenth of the products a lane, then four levels of sums and the bias.
    expectSums(out, ulps: Double(width) / 32 + 3) { row in
      (0..<width).reduce(into: Sum(0.5)) { $0.add(layer.delta[row * width + $1], layer.bias[$1]) }
    }
  }

  @Test(
    "A layer with one output backward gives weights' gradient and the deltas below its ReLU",
    arguments: Kernels.available, widths)
  func dotBackward(kernels: Kernels, width: Int) {
    let layer = OneHotLayer(width: width)
    let activations = layer.delta.map { max($0, 0) }
    let (gradient, below): ([Float], [Float]) = withGuardedMemory { memory in
      let gradient = memory.place(layer.bias, offset: 1)
      let row = width + gap
      let below = memory.place(layer.spreadDelta, offset: 3)
      let values = memory.place(spread(activations, width: width, row: row), offset: 2)
      kernels.functions.pointee.dot_backward(
        layer.rows, width, values, row, memory.place(layer.bias), layer.outputDelta, gradient, below)
      return (memory.values(0), gathered(memory.values(1), width: width, row: row))
    }
    expectSums(gradient, ulps: Double(layer.rows) / 2) { column in
      (0..<layer.rows).reduce(into: Sum(0)) {
        $0.add(layer.outputDelta[$1], activations[$1 * width + column])
      }
    }
    for (position, value) in below.enumerated() {
      let product = layer.outputDelta[position / width] * layer.bias[position % width]
      #expect(value == (activations[position] > 0 ? product : 0))
    }
  }

  @Test("All instruction sets give the same bits", arguments: widths)
  func sameBits(width: Int) {
    let all = Kernels.available.map { OneHotLayer(width: width).everything($0).map(\.bitPattern) }
    for bits in all { #expect(bits == all[0]) }
  }

  /// Compares outputs with sums in double precision, at a tolerance in ulp of the sum of magnitudes.
  private func expectSums(
    _ got: [Float], ulps: Double, sourceLocation: SourceLocation = #_sourceLocation, _ sum: (Int) -> Sum
  ) {
    for (position, value) in got.enumerated() {
      let expected = sum(position).expected
      #expect(
        expected.admits(value, ulps: ulps), "position \(position): \(value), not \(expected)",
        sourceLocation: sourceLocation)
    }
  }
}

/// A sum in double precision and the sum of its terms' magnitudes.
private struct Sum {
  private var value: Double
  private var magnitude: Double

  init(_ first: Float) {
    value = Double(first)
    magnitude = abs(value)
  }

  mutating func add(_ term: Float, _ factor: Float = 1) {
    value += Double(term) * Double(factor)
    magnitude += abs(Double(term) * Double(factor))
  }

  var expected: Expected { Expected(value, scale: magnitude) }

  var rectified: Sum {
    var copy = self
    copy.value = max(0, value)
    return copy
  }
}

/// Random numbers for a layer with five rows of up to four active columns out of six.
private struct OneHotLayer {
  let width: Int
  let rows = 5
  let stride = 4
  let columns = 6
  let active: [Int32] = [0, 5, 2, 3, 4, -1, 1, 1, -1, 0, 0, 0, 5, 0, 1, -1, 0, 2, -1, 7]
  let weights: [Float]
  let bias: [Float]
  let delta: [Float]
  let outputDelta: [Float]

  /// `delta` with a gap after every row.
  var spreadDelta: [Float] { spread(delta, width: width, row: width + gap) }

  init(width: Int) {
    self.width = width
    var stream = RandomStream(seed: 3).child("layer", width)
    weights = uniformFloats(6 * width, -2...2, &stream)
    bias = uniformFloats(width, -2...2, &stream)
    delta = uniformFloats(rows * width, -2...2, &stream)
    outputDelta = uniformFloats(rows, -2...2, &stream)
  }

  /// The active columns of a row: its indices up to the first −1.
  func named(_ row: Int) -> [Int] {
    active[(row * stride)..<((row + 1) * stride)].prefix { $0 >= 0 }.map { Int($0) }
  }

  /// The rows by column, as the kernel lists them.
  func lists(_ kernels: Kernels) -> (starts: [Int32], named: [Int32]) {
    var starts = [Int32](repeating: -7, count: columns + 1)
    var named = [Int32](repeating: -7, count: rows * stride)
    kernels.functions.pointee.invert_lists(rows, stride, active, columns, &starts, &named)
    return (starts, named)
  }

  /// The outputs of every kernel over activations.
  func everything(_ kernels: Kernels) -> [Float] {
    withGuardedMemory { memory in
      let functions = kernels.functions.pointee
      let w = memory.place(weights)
      let b = memory.place(bias)
      let out = (0..<3).map { _ in memory.place(delta) }
      let sums = (0..<2).map { _ in memory.place(bias) }
      let dots = memory.place(outputDelta)
      functions.gather_forward(rows, stride, active, width, w, b, true, out[0], width)
      let (starts, named) = lists(kernels)
      functions.gather_backward(columns, starts, named, width, out[1], width, w)
      functions.column_sums(rows, width, out[1], width, sums[0])
      functions.dot_forward(rows, width, out[1], width, b, 0.5, dots)
      functions.dot_backward(rows, width, out[1], width, b, dots, sums[1], out[2])
      return (0..<8).flatMap(memory.values)
    }
  }
}

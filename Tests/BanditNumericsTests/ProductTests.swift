import BanditNumerics
import CBanditKernels
import Testing

@Suite("Matrix products")
struct ProductTests {
  struct Shape: Sendable, CustomStringConvertible {
    var rows: Int
    var columns: Int
    var inner: Int
    var description: String { "\(rows)x\(columns)x\(inner)" }
  }

  /// One row, one column, one term; whole blocks and tails of both; the report's layers; one wide layer.
  static let shapes =
    [
      (1, 1, 1), (1, 7, 3), (5, 1, 9), (3, 5, 1), (17, 13, 11), (64, 100, 119), (31, 33, 65), (2, 400, 7),
      (12, 96, 4),
      (13, 112, 5), (7, 209, 3),
    ].map { Shape(rows: $0.0, columns: $0.1, inner: $0.2) }
    + (1...40).map { Shape(rows: 41 - $0, columns: $0 * 3, inner: 2) }

  @Test(
    "A product is that of the definition, the first factor transposed or not", arguments: Kernels.available,
    shapes)
  func definition(kernels: Kernels, shape: Shape) {
    let numbers = Numbers(shape)
    for transposed in [false, true] {
      for relu in [false, true] {
        let product = numbers.product(kernels, transposed: transposed, bias: relu, relu: relu)
        for (position, value) in product.enumerated() {
          let (row, column) = (position / shape.columns, position % shape.columns)
          var expected = Expected(0)
          for k in 0..<shape.inner {
            let term =
              Double(numbers.a[transposed ? k * shape.rows + row : row * shape.inner + k])
              * Double(numbers.b[k * shape.columns + column])
            expected = Expected(expected.value + term, scale: expected.scale + abs(term))
          }
          if relu {
            let sum = expected.value + Double(numbers.bias[column])
            expected = Expected(max(0, sum), scale: expected.scale + abs(Double(numbers.bias[column])))
          }
          // One rounding a term, and one for the bias.
          #expect(
            expected.admits(value, ulps: Double(shape.inner) / 2 + 1),
            "row \(row), column \(column): \(value)")
        }
      }
    }
  }

  @Test("All instruction sets give the same bits", arguments: shapes)
  func sameBits(shape: Shape) {
    let numbers = Numbers(shape)
    for transposed in [false, true] {
      let all = Kernels.available.map { kernels in
        numbers.product(kernels, transposed: transposed, bias: true, relu: false).map(\.bitPattern)
      }
      for bits in all { #expect(bits == all[0]) }
    }
  }

  @Test("A product over no terms is zero, or the bias", arguments: Kernels.available)
  func noTerms(kernels: Kernels) {
    let numbers = Numbers(Shape(rows: 2, columns: 3, inner: 0))
    #expect(numbers.product(kernels, transposed: false, bias: false, relu: false) == [0, 0, 0, 0, 0, 0])
    #expect(
      numbers.product(kernels, transposed: false, bias: true, relu: false) == numbers.bias + numbers.bias)
  }

  @Test(
    "A transposition moves every element to its place", arguments: Kernels.available,
    [(1, 1), (1, 40), (40, 1), (16, 16), (17, 33), (100, 100), (5, 130)])
  func transposition(kernels: Kernels, size: (rows: Int, columns: Int)) {
    let values = (0..<(size.rows * size.columns)).map { Float($0) }
    let turned: [Float] = withGuardedMemory { memory in
      let row = size.rows + 3
      let out = memory.place(spread(values.map { _ in -1 }, width: size.rows, row: row), offset: 1)
      kernels.functions.pointee.transpose(size.rows, size.columns, memory.place(values, offset: 3), out, row)
      return gathered(memory.values(0), width: size.rows, row: row)
    }
    let expected = (0..<size.columns).flatMap { column in
      (0..<size.rows).map { values[$0 * size.columns + column] }
    }
    #expect(turned == expected)
  }

  /// Random factors of a shape.
  private struct Numbers {
    let shape: Shape
    let a: [Float]
    let b: [Float]
    let bias: [Float]

    init(_ shape: Shape) {
      var stream = RandomStream(seed: 1)
      self.shape = shape
      a = uniformFloats(shape.rows * shape.inner, -2...2, &stream)
      b = uniformFloats(shape.inner * shape.columns, -2...2, &stream)
      bias = uniformFloats(shape.columns, -2...2, &stream)
    }

    func product(_ kernels: Kernels, transposed: Bool, bias hasBias: Bool, relu: Bool) -> [Float] {
      withGuardedMemory { memory in
        // What was there before does not matter, NaN included.
        let old = [Float](repeating: .nan, count: shape.rows * shape.columns)
        let (bRow, cRow) = (shape.columns + 3, shape.columns + 5)
        let c = memory.place(spread(old, width: shape.columns, row: cRow), offset: 1)
        kernels.functions.pointee.multiply(
          shape.rows, shape.columns, shape.inner, memory.place(a, offset: 2), transposed ? 1 : shape.inner,
          transposed ? shape.rows : 1, memory.place(spread(b, width: shape.columns, row: bRow), offset: 3),
          bRow,
          hasBias ? memory.place(bias, offset: 5) : nil, relu, c, cRow)
        return gathered(memory.values(0), width: shape.columns, row: cRow)
      }
    }
  }
}

import CBanditKernels
import COpenBLAS
import Testing

@testable import BanditNumerics

@Suite("Matrix products beside OpenBLAS's")
struct ProductReferenceTests {
  init() { OpenBLAS.serial }

  struct Shape: Sendable, CustomStringConvertible {
    var rows: Int
    var columns: Int
    var inner: Int
    var description: String { "\(rows)x\(columns)x\(inner)" }
  }

  /// Those of all instruction sets, and the best with OpenBLAS's products in place of its own.
  private static let kernels: [Kernels] = {
    var problem: UnsafePointer<CChar>?
    let joined = bandit_kernels_with_openblas(Kernels.available[0].functions, &problem)
    return Kernels.available + (joined.map { [Kernels(functions: $0)] } ?? [])
  }()

  /// The agents' layers, the digits' layers of all three sizes, and odd ones.
  static let shapes = [
    (64, 100, 119), (64, 100, 100), (128, 400, 784), (128, 1_200, 784), (128, 1_200, 1_200), (128, 10, 1_200),
    (784, 400, 128), (1, 1, 1), (3, 209, 7), (17, 13, 511), (50, 1, 300),
  ].map { Shape(rows: $0.0, columns: $0.1, inner: $0.2) }

  @Test(
    "Products are those of dgemm but for the roundings of their sums", arguments: Self.kernels, Self.shapes)
  func products(kernels: Kernels, shape: Shape) {
    #expect(Self.kernels.count == Kernels.available.count + 1)
    var stream = RandomStream(seed: 7)
    let a = (0..<(shape.rows * shape.inner)).map { _ in Float(stream.uniform(from: -2, to: 2)) }
    let b = (0..<(shape.inner * shape.columns)).map { _ in Float(stream.uniform(from: -2, to: 2)) }
    let exact = Self.product(a, b, shape, \.self)
    let scale = Self.product(a, b, shape, \.magnitude)
    func expect(_ name: Comment, _ fill: (UnsafeMutablePointer<Float>) -> Void) {
      var c = [Float](repeating: .nan, count: shape.rows * shape.columns)
      c.withUnsafeMutableBufferPointer { if let start = $0.baseAddress { fill(start) } }
      // One rounding a term, of 2⁻²⁴ each.
      let worst = c.indices.map { abs(Double(c[$0]) - exact[$0]) / scale[$0] }.max() ?? 0
      #expect(worst <= 0x1p-24 * (Double(shape.inner) / 2 + 1), name)
      #expect(!c.contains { $0.isNaN }, name)
    }
    let functions = kernels.functions.pointee
    let (rows, columns, inner) = (shape.rows, shape.columns, shape.inner)
    expect("plain") {
      functions.multiply(rows, columns, inner, a, inner, 1, b, columns, nil, false, $0, columns)
    }
    let biases = [Float](repeating: -1e9, count: columns - 1) + [1e9]
    var rectified = [Float](repeating: .nan, count: rows * columns)
    functions.multiply(rows, columns, inner, a, inner, 1, b, columns, biases, true, &rectified, columns)
    #expect(rectified.indices.allSatisfy { (rectified[$0] > 0) == ($0 % columns == columns - 1) })
    let turnedA = Self.transposed(a, rows, inner)
    expect("first transposed") {
      functions.multiply(rows, columns, inner, turnedA, 1, rows, b, columns, nil, false, $0, columns)
    }
    let turnedB = Self.transposed(b, inner, columns)
    expect("second transposed") {
      functions.multiply_transposed(rows, columns, inner, a, inner, turnedB, inner, $0, columns)
    }
  }

  /// The product in double precision, of numbers or of their magnitudes.
  private static func product(_ a: [Float], _ b: [Float], _ shape: Shape, _ value: (Double) -> Double)
    -> [Double]
  {
    var c = [Double](repeating: 0, count: shape.rows * shape.columns)
    let (rows, columns, inner) = (Int32(shape.rows), Int32(shape.columns), Int32(shape.inner))
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, columns, inner, 1, a.map { value(Double($0)) }, inner,
      b.map { value(Double($0)) }, columns, 0, &c, columns)
    return c
  }

  private static func transposed(_ values: [Float], _ rows: Int, _ columns: Int) -> [Float] {
    (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
  }
}

import BanditNumerics
import CBanditKernels
import Testing

@Suite("Kernels of triangular factors")
struct TriangleKernelTests {
  static let dimensions = Array(1...20) + [41, 118]

  /// Numbers of a factor, an example with some zeros, and their scalar arithmetic.
  private struct Problem {
    let dimension: Int
    var factor: [Double]
    var work: [Double]

    init(_ dimension: Int, seed: UInt64) {
      var stream = RandomStream(seed: seed)
      self.dimension = dimension
      factor = (0..<(dimension * (dimension + 3) / 2)).map { _ in stream.uniform(from: 0.5, to: 2) }
      work = (0...dimension).map { _ in stream.bernoulli(0.3) ? 0 : stream.normal() }
      if dimension > 12 { for index in 4..<12 { work[index] = 0 } }
    }

    /// Forward substitution, a row at a time.
    mutating func solve() -> Double {
      var (row, squares) = (0, 0.0)
      for index in 0..<dimension {
        let solved = work[index] / factor[row]
        squares += solved * solved
        for column in 1..<(dimension - index + 1) { work[index + column] -= solved * factor[row + column] }
        row += dimension - index + 1
      }
      return squares
    }

    /// Givens rotations, a row at a time.
    mutating func rotate() {
      var row = 0
      for index in 0..<dimension {
        let length = dimension - index + 1
        if work[index] != 0 {
          let radius = (factor[row] * factor[row] + work[index] * work[index]).squareRoot()
          let (cosine, sine) = (factor[row] / radius, work[index] / radius)
          factor[row] = radius
          for column in 1..<length {
            let (above, below) = (factor[row + column], work[index + column])
            factor[row + column] = cosine * above + sine * below
            work[index + column] = cosine * below - sine * above
          }
        }
        row += length
      }
    }
  }

  @Test(
    "A triangular solve has the bits of the textbook's", arguments: Kernels.available, Self.dimensions)
  func solve(kernels: Kernels, dimension: Int) {
    var expected = Problem(dimension, seed: 1)
    var solved = expected.work + [7, 7]
    let squares = kernels.functions.pointee.solve_triangle(dimension, expected.factor, &solved)
    #expect(squares == expected.solve())
    #expect(solved[dimension] == expected.work[dimension] && solved.suffix(2) == [7, 7])
  }

  @Test("Rotations have the bits of the textbook's", arguments: Kernels.available, Self.dimensions)
  func rotate(kernels: Kernels, dimension: Int) {
    var expected = Problem(dimension, seed: 2)
    var (factor, work) = (expected.factor + [7, 7], expected.work + [7, 7])
    kernels.functions.pointee.rotate_triangle(dimension, &factor, &work)
    expected.rotate()
    #expect(factor == expected.factor + [7, 7])
    #expect(work[dimension] == expected.work[dimension] && work.suffix(2) == [7, 7])
  }

  @Test("A multiple is added to each element alone", arguments: Kernels.available, [0, 1, 7, 8, 9, 33])
  func addMultiple(kernels: Kernels, count: Int) {
    var stream = RandomStream(seed: 3)
    let from = (0...count).map { _ in stream.normal() }
    let start = (0...count).map { _ in stream.normal() }
    var sums = start
    kernels.functions.pointee.add_multiple(count, -0.3, from, &sums)
    for index in 0..<count { #expect(sums[index] == start[index] + -0.3 * from[index]) }
    #expect(sums[count] == start[count])
  }
}

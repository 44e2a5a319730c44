import BanditLearning
import BanditNumerics
import CBanditKernels
import COpenBLAS
import Testing

@Suite("Triangles beside OpenBLAS's and LAPACK's")
struct TriangleReferenceTests {
  init() { OpenBLAS.serial }

  static let dimensions = [1, 2, 7, 24, 118, 400]

  /// Examples of a regression, and XᵀX + λI.
  private struct Problem {
    let dimension: Int
    let examples: [(features: [Double], target: Double)]
    static let precision = 0.25

    init(_ dimension: Int) {
      var stream = RandomStream(seed: 11)
      self.dimension = dimension
      examples = (0..<(dimension + 20)).map { _ in
        ((0..<dimension).map { _ in stream.normal() }, 3 * stream.normal())
      }
    }

    /// The lower triangle by columns, which is the upper one by rows.
    var precisionMatrix: [Double] {
      var matrix = [Double](repeating: 0, count: dimension * dimension)
      for index in 0..<dimension { matrix[index * (dimension + 1)] = Self.precision }
      for example in examples {
        cblas_dsyr(
          CblasRowMajor, CblasUpper, Int32(dimension), 1, example.features, 1, &matrix, Int32(dimension))
      }
      return matrix
    }

    /// LAPACK's factor R with RᵀR = XᵀX + λI, an upper triangle by rows.
    var factor: [Double] {
      var (matrix, size, info) = (precisionMatrix, Int32(dimension), Int32(0))
      dpotrf_("L", &size, &matrix, &size, &info)
      #expect(info == 0)
      for row in 0..<dimension { for column in 0..<row { matrix[row * dimension + column] = 0 } }
      return matrix
    }
  }

  private static func expectEqual(_ ours: [Double], _ theirs: [Double], _ name: Comment) {
    let scale = theirs.map(\.magnitude).max() ?? 1
    let worst = zip(ours, theirs).map { abs($0 - $1) }.max() ?? .infinity
    #expect(ours.count == theirs.count && worst <= 1e-12 * scale, name)
  }

  @Test("Cholesky's factor, fitted at once or rotated in row by row, is dpotrf's", arguments: Self.dimensions)
  func cholesky(dimension: Int) {
    let problem = Problem(dimension)
    var equations = NormalEquations(dimension: dimension)
    var rotated = LinearRegressionPosterior(dimension: dimension, priorPrecision: Problem.precision)
    for example in problem.examples {
      equations.add(example.features, target: example.target)
      rotated.add(example.features, target: example.target)
    }
    var fitted = LinearRegressionPosterior(dimension: dimension, priorPrecision: Problem.precision)
    fitted.fit(equations)
    Self.expectEqual(fitted.triangle, problem.factor, "fitted")
    Self.expectEqual(rotated.triangle, problem.factor, "rotated")
  }

  @Test("Means and variances are those of dtrsv with dpotrf's factor", arguments: Self.dimensions)
  func solves(dimension: Int) {
    let problem = Problem(dimension)
    var posterior = LinearRegressionPosterior(dimension: dimension, priorPrecision: Problem.precision)
    var mean = [Double](repeating: 0, count: dimension)
    for example in problem.examples {
      posterior.add(example.features, target: example.target)
      cblas_daxpy(Int32(dimension), example.target, example.features, 1, &mean, 1)
    }
    let (factor, size) = (problem.factor, Int32(dimension))
    cblas_dtrsv(CblasRowMajor, CblasUpper, CblasTrans, CblasNonUnit, size, factor, size, &mean, 1)
    cblas_dtrsv(CblasRowMajor, CblasUpper, CblasNoTrans, CblasNonUnit, size, factor, size, &mean, 1)
    Self.expectEqual(posterior.mean, mean, "mean")
    for example in problem.examples.prefix(5) {
      var solved = example.features
      cblas_dtrsv(CblasRowMajor, CblasUpper, CblasTrans, CblasNonUnit, size, factor, size, &solved, 1)
      let (value, variance) = posterior.predict(example.features)
      Self.expectEqual([variance], [cblas_ddot(size, solved, 1, solved, 1)], "variance")
      // The product may cancel, so that its terms are the measure.
      let expected = cblas_ddot(size, example.features, 1, mean, 1)
      let terms = zip(example.features, mean).reduce(0) { $0 + abs($1.0 * $1.1) }
      #expect(abs(value - expected) <= 1e-12 * terms)
    }
  }

  @Test("The kernels' triangular solve is dtrsv's", arguments: Kernels.available, Self.dimensions)
  func kernel(kernels: Kernels, dimension: Int) {
    let problem = Problem(dimension)
    let factor = problem.factor
    let (x, w) = (problem.examples[0].features, problem.examples[1].features)
    var packed: [Double] = []
    for row in 0..<dimension {
      packed += factor[(row * dimension + row)..<((row + 1) * dimension)]
      packed.append(w[row])
    }
    var work = x + [2]
    let squares = kernels.functions.pointee.solve_triangle(dimension, packed, &work)
    var solved = x
    let size = Int32(dimension)
    cblas_dtrsv(CblasRowMajor, CblasUpper, CblasTrans, CblasNonUnit, size, factor, size, &solved, 1)
    Self.expectEqual([squares], [cblas_ddot(size, solved, 1, solved, 1)], "squares")
    let rest = 2 - cblas_ddot(size, w, 1, solved, 1)
    let terms = 2 + zip(w, solved).reduce(0) { $0 + abs($1.0 * $1.1) }
    #expect(abs(work[dimension] - rest) <= 1e-12 * terms)
  }
}

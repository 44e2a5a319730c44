import BanditNumerics
import CBanditKernels

/// The exact posterior of a linear regression under a Gaussian prior on its weights.
///
/// With noise of variance s² and a prior N(0, s²/λ) on every weight, the posterior after examples X, y is
/// N(μ, s² P⁻¹) with P = λI + XᵀX and μ = P⁻¹Xᵀy. Kept are the upper triangular R with RᵀR = P, the vector
/// w = R⁻ᵀXᵀy and the residual yᵀy − μᵀPμ, never an inverse: an example is added by Givens rotations in O(d²), a
/// prediction is one triangular solve. The residual grows by squares alone, so it is never negative.
///
/// Double precision, with +, −, ×, ÷ and √ in a fixed order for each element and no fma, on vectors as wide as the
/// processor has them: the same bits on every machine.
///
/// Sources: Bishop 2006, §3.3; Golub & Van Loan 2013, §6.5 (updating a factorisation).
public struct LinearRegressionPosterior: Sendable {
  /// The number of weights, d.
  public let dimension: Int
  /// λ, above 0.
  public let priorPrecision: Double
  /// The number of examples.
  public private(set) var count = 0
  /// yᵀy − μᵀPμ: the squared errors at the mean, and λ‖μ‖².
  public private(set) var residual = 0.0
  /// The rows of R from the diagonal on, each with its element of w behind it.
  private var factor: [Double]
  private var work: [Double]

  /// The prior.
  public init(dimension: Int, priorPrecision: Double) {
    precondition(dimension > 0, "a regression has at least one weight")
    precondition(priorPrecision > 0 && priorPrecision.isFinite, "a prior's precision is positive")
    self.dimension = dimension
    self.priorPrecision = priorPrecision
    factor = Array(repeating: 0, count: Self.elementCount(dimension))
    work = Array(repeating: 0, count: dimension + 1)
    var row = 0
    for index in 0..<dimension {
      factor[row] = priorPrecision.squareRoot()
      row += dimension - index + 1
    }
  }

  /// The numbers that R and w take: d (d + 3)/2.
  public static func elementCount(_ dimension: Int) -> Int { dimension * (dimension + 3) / 2 }

  /// Adds an example.
  public mutating func add(_ features: [Double], target: Double) {
    load(features, target)
    let dimension = dimension
    work.withUnsafeMutableBufferPointer { work in
      factor.withUnsafeMutableBufferPointer { factor in
        guard let work = work.baseAddress, let factor = factor.baseAddress else { return }
        Kernels.best.functions.pointee.rotate_triangle(dimension, factor, work)
      }
    }
    residual += work[dimension] * work[dimension]
    count += 1
  }

  /// The mean of the posterior at some features, and its variance as a multiple of the noise's: xᵀμ and xᵀP⁻¹x.
  public mutating func predict(_ features: [Double]) -> (mean: Double, variance: Double) {
    load(features, 0)
    let dimension = dimension
    let variance = work.withUnsafeMutableBufferPointer { work in
      factor.withUnsafeBufferPointer { factor in
        guard let work = work.baseAddress, let factor = factor.baseAddress else { return 0.0 }
        return Kernels.best.functions.pointee.solve_triangle(dimension, factor, work)
      }
    }
    return (-work[dimension], variance)
  }

  /// The posterior's mean μ, in O(d²).
  public var mean: [Double] {
    var mean = Array(repeating: 0.0, count: dimension)
    var row = factor.count
    for index in (0..<dimension).reversed() {
      let length = dimension - index + 1
      row -= length
      var sum = factor[row + length - 1]
      for column in 1..<(length - 1) { sum -= factor[row + column] * mean[index + column] }
      mean[index] = sum / factor[row]
    }
    return mean
  }

  /// R as a whole matrix, `[d × d]`, with RᵀR = P: zeros below the diagonal.
  public var triangle: [Double] {
    var matrix = Array(repeating: 0.0, count: dimension * dimension)
    var row = 0
    for index in 0..<dimension {
      for column in index..<dimension { matrix[index * dimension + column] = factor[row + column - index] }
      row += dimension - index + 1
    }
    return matrix
  }

  /// Replaces the posterior by that of all of some examples, in O(d³).
  public mutating func fit(_ equations: NormalEquations) {
    precondition(equations.dimension == dimension, "equations of another dimension than the posterior's")
    count = equations.count
    residual = equations.factorise(into: &factor, priorPrecision: priorPrecision)
  }

  /// What the examples have made of the posterior.
  public struct State: Codable, Hashable, Sendable {
    let count: Int
    let residual: Double
    @StoredArray var factor: [Double]
  }

  /// What the posterior is resumed from.
  public var state: State { State(count: count, residual: residual, factor: factor) }

  /// Resumes from a state of a posterior of the same dimension; nothing changes if it does not fit.
  public mutating func restore(_ state: State) throws(TensorError) {
    try TensorError.requireCount(state.count, "count of a regression's examples")
    guard state.factor.count == factor.count, state.factor.allSatisfy({ $0.isFinite }),
      diagonal(of: state.factor).allSatisfy({ $0 > 0 })
    else { throw .wrongState("factor: a regression's is not one of \(dimension) weights") }
    guard state.residual >= 0 && state.residual.isFinite else {
      throw .wrongState("residual: \(state.residual) is not allowed; allowed: a finite number, 0 or more")
    }
    (count, residual, factor) = (state.count, state.residual, state.factor)
  }

  /// The numbers by which predictions divide.
  private func diagonal(of factor: [Double]) -> [Double] {
    var row = 0
    return (0..<dimension).map { index in
      defer { row += dimension - index + 1 }
      return factor[row]
    }
  }

  private mutating func load(_ features: [Double], _ target: Double) {
    precondition(features.count == dimension, "\(features.count) features for \(dimension) weights")
    work.withUnsafeMutableBufferPointer { work in
      for index in features.indices { work[index] = features[index] }
    }
    work[dimension] = target
  }
}

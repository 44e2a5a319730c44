import BanditNumerics
import CBanditKernels

/// Sums of products over examples, XᵀX, Xᵀy and yᵀy: what a linear regression needs of them.
///
/// Double precision in a fixed order, as in `LinearRegressionPosterior`. An example takes O(d²), less where features
/// are 0.
public struct NormalEquations: Sendable {
  /// The number of weights, d.
  public let dimension: Int
  /// The number of examples.
  public private(set) var count = 0
  /// The upper triangle of XᵀX by rows, each with its element of Xᵀy behind it, and yᵀy at the end.
  private var sums: [Double]

  /// No examples.
  public init(dimension: Int) {
    precondition(dimension > 0, "a regression has at least one weight")
    self.dimension = dimension
    sums = Array(repeating: 0, count: LinearRegressionPosterior.elementCount(dimension) + 1)
  }

  /// Forgets all examples.
  public mutating func removeAll() {
    count = 0
    for index in sums.indices { sums[index] = 0 }
  }

  /// Adds an example.
  public mutating func add(_ features: [Double], target: Double) {
    precondition(features.count == dimension, "\(features.count) features for \(dimension) weights")
    let dimension = dimension
    let kernels = Kernels.best.functions
    features.withUnsafeBufferPointer { features in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let features = features.baseAddress, var row = sums.baseAddress else { return }
        for index in 0..<dimension {
          let length = dimension - index
          let value = features[index]
          if value != 0 {
            kernels.pointee.add_multiple(length, value, features + index, row)
            row[length] += value * target
          }
          row += length + 1
        }
        row[0] += target * target
      }
    }
    count += 1
  }

  /// Writes R and w of `LinearRegressionPosterior` into `factor` and returns the residual.
  ///
  /// Cholesky's factorisation of the equations with the targets as a last column (Golub & Van Loan 2013, §4.2).
  func factorise(into factor: inout [Double], priorPrecision: Double) -> Double {
    var residual = sums[sums.count - 1]
    factor.withUnsafeMutableBufferPointer { factor in
      guard var pivotRow = factor.baseAddress else { return }
      for index in factor.indices { factor[index] = sums[index] }
      var row = pivotRow
      for index in 0..<dimension {
        row[0] += priorPrecision
        row += dimension - index + 1
      }
      for index in 0..<dimension {
        let length = dimension - index + 1
        // What is left of a diagonal is at least the prior's, but for rounding.
        let pivot = max(pivotRow[0], priorPrecision).squareRoot()
        pivotRow[0] = pivot
        for column in 1..<length { pivotRow[column] /= pivot }
        eliminate(pivotRow, count: length)
        residual -= pivotRow[length - 1] * pivotRow[length - 1]
        pivotRow += length
      }
    }
    return max(residual, 0)
  }

  /// Subtracts a finished row's outer product from the rows below it.
  private func eliminate(_ pivotRow: UnsafeMutablePointer<Double>, count: Int) {
    let kernels = Kernels.best.functions
    var row = pivotRow + count
    for first in 1..<(count - 1) {
      let value = pivotRow[first]
      let length = count - first
      if value != 0 {
        kernels.pointee.add_multiple(length, -value, pivotRow + first, row)
      }
      row += length
    }
  }
}

import BanditLearning
import BanditNumerics
import CBanditKernels
import Foundation
import Testing

/// The allowance for a gradient in single precision against one in double precision.
///
/// An element passes within `relative` of itself or `ofLargest` of the largest element. A layer's sums add some
/// tens of roundings of 6e-8, which cancellation can leave beside small elements: hence the second part. The first
/// is set by the mixture, whose exponent up to 80 carries its rounding, 1e-5, into the result, twice.
struct GradientTolerance {
  var relative = 5e-5
  var ofLargest = 2e-6

  func expect(
    _ got: [Float], _ expected: [Double], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(got.count == expected.count, sourceLocation: sourceLocation)
    let largest = expected.map(abs).max() ?? 0
    for (index, (value, reference)) in zip(got, expected).enumerated() {
      let error = abs(Double(value) - reference)
      #expect(
        error <= relative * abs(reference) + ofLargest * largest,
        "\(name)[\(index)] = \(value), expected \(reference)", sourceLocation: sourceLocation)
    }
  }
}

/// The gradient −d log P(w) / dw of a prior at some weights, as the kernels compute it.
func kernelGradient(of prior: WeightPrior, at weights: [Float]) -> [Float] {
  var gradient = [Float](repeating: 0, count: weights.count)
  Kernels.best.functions.pointee.penalty(weights.count, prior.kernel, 1, weights, &gradient)
  return gradient
}

/// The derivative of a function by the five-point formula, whose error is of order h⁴.
func derivative(at x: Double, step h: Double = 1e-5, _ f: (Double) -> Double) -> Double {
  (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)
}

/// Normal numbers of a seed.
func normals(_ seed: UInt64, _ count: Int) -> [Float] {
  var stream = NormalStream(RandomStream(seed: seed).child("test normals"))
  var numbers = [Float](repeating: 0, count: count)
  stream.fill(&numbers, count: count)
  return numbers
}

/// A minibatch of dense rows.
func denseBatch(_ rows: [[Float]], targets: [Float], weights: [Float]? = nil, capacity: Int? = nil)
  -> Minibatch
{
  var batch = Minibatch(encoding: .dense(columns: rows[0].count), capacity: capacity ?? rows.count)
  for (index, row) in rows.enumerated() {
    batch.append(features: row, target: targets[index], weight: weights?[index] ?? 1)
  }
  batch.sortByColumn()
  return batch
}

/// A minibatch of one-hot rows.
func oneHotBatch(
  _ rows: [[Int32]], columns: Int, maximumActive: Int, targets: [Float], weights: [Float]? = nil
) -> Minibatch {
  let encoding = InputEncoding.oneHot(columns: columns, maximumActive: maximumActive)
  var batch = Minibatch(encoding: encoding, capacity: rows.count)
  for (index, row) in rows.enumerated() {
    batch.append(activeIndices: row, target: targets[index], weight: weights?[index] ?? 1)
  }
  batch.sortByColumn()
  return batch
}

/// The rows of a one-hot minibatch written out as zeros and ones.
func expanded(_ rows: [[Int32]], columns: Int) -> [[Float]] {
  rows.map { row in (0..<columns).map { row.contains(Int32($0)) ? 1 : 0 } }
}

extension PointNetwork {
  /// The outputs as an array.
  mutating func outputs(_ batch: borrowing Minibatch) -> [Float] {
    let outputs = predict(batch)
    let count = batch.count * likelihood.outputs
    return withExtendedLifetime(self) { Array(UnsafeBufferPointer(start: outputs, count: count)) }
  }
}

extension BayesianNetwork {
  /// The outputs under the weights drawn last, as an array.
  mutating func outputs(_ batch: borrowing Minibatch) -> [Float] {
    let outputs = predict(batch)
    let count = batch.count * objective.likelihood.outputs
    return withExtendedLifetime(self) { Array(UnsafeBufferPointer(start: outputs, count: count)) }
  }
}

import Foundation

/// Predictions of the same points by several networks, or by several draws of one network's weights.
public struct PredictiveSamples: Sendable {
  /// The points that are predicted.
  public let points: Int
  /// Predictions, `[samples × points]`.
  public private(set) var values: [Float] = []

  /// Creates an empty table for `points` points.
  public init(points: Int) {
    precondition(points > 0, "there is a point to predict")
    self.points = points
  }

  /// How often the points were predicted.
  public var samples: Int { values.count / points }

  /// Adds one prediction of every point.
  public mutating func append(_ predictions: some Collection<Float>) {
    precondition(predictions.count == points, "a prediction for each point")
    values.append(contentsOf: predictions)
  }

  /// The first samples, or all where there are fewer.
  public func first(_ count: Int) -> PredictiveSamples {
    var result = PredictiveSamples(points: points)
    result.values = Array(values.prefix(count * points))
    return result
  }

  /// One sample's predictions.
  public func sample(_ index: Int) -> [Double] {
    values[(index * points)..<((index + 1) * points)].map(Double.init)
  }

  /// The mean over samples, a point each.
  public var means: [Double] {
    var sums = [Double](repeating: 0, count: points)
    for start in stride(from: 0, to: values.count, by: points) {
      for point in 0..<points { sums[point] += Double(values[start + point]) }
    }
    return sums.map { $0 / Double(samples) }
  }

  /// Quantiles over samples, an array of points for each wanted share, by linear interpolation between order
  /// statistics (type 7 of Hyndman & Fan 1996, as NumPy has it).
  public func quantiles(_ shares: [Double]) -> [[Double]] {
    precondition(samples > 0, "there is a sample")
    var result = [[Double]](repeating: [Double](repeating: 0, count: points), count: shares.count)
    for point in 0..<points {
      let sorted = stride(from: point, to: values.count, by: points).map { Double(values[$0]) }.sorted()
      for (index, share) in shares.enumerated() {
        let position = share * Double(sorted.count - 1)
        let below = Int(position.rounded(.down))
        let above = min(below + 1, sorted.count - 1)
        result[index][point] = sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
      }
    }
    return result
  }

  /// The root of the mean squared distance of the samples' mean from the targets, over the points that `includes`
  /// holds for.
  public func rootMeanSquaredError(_ targets: [Double], where includes: (Int) -> Bool = { _ in true })
    -> Double
  {
    let means = means
    let chosen = (0..<points).filter(includes)
    let sum = chosen.reduce(0) { $0 + (means[$1] - targets[$1]) * (means[$1] - targets[$1]) }
    return (sum / Double(chosen.count)).squareRoot()
  }
}

/// Intervals by the bootstrap, around means of values whose distribution is not known.
public enum BootstrapInterval {
  /// The bias-corrected and accelerated interval (BCa) of the mean: two quantiles of the means of resampled values, moved
  /// for the values' skewness.
  ///
  /// With fewer than about ten values it is too narrow: resampling cannot tell what was not drawn.
  ///
  /// Source: Efron (1987), Better bootstrap confidence intervals. Quantiles are the order statistics next outside the
  /// wanted share.
  ///
  /// - `probability`: how often the interval is to hold the expectation, between 0 and 1.
  /// - `resamples`: how often the values are drawn anew, with replacement.
  /// - `stream`: where the draws come from: the same stream gives the same interval.
  public static func ofMean(
    _ values: [Double], probability: Double = 0.95, resamples: Int = 10_000, stream: RandomStream
  ) -> ClosedRange<Double> {
    precondition(!values.isEmpty && resamples > 0, "there are values to resample")
    precondition(probability > 0 && probability < 1, "a probability is between 0 and 1")
    let means = resampledMeans(of: values, count: resamples, stream: stream)
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard squares > 0 else { return mean...mean }
    let cubes = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) }
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    // Means that equal the values' own are as much below as above it.
    let below = Double(means.count { $0 < mean }) + 0.5 * Double(means.count { $0 == mean })
    let share = min(max(below, 0.5), Double(resamples) - 0.5) / Double(resamples)
    let bias = StandardNormal.quantile(share)
    func end(_ probability: Double) -> Double {
      let moved = bias + StandardNormal.quantile(probability)
      return Double(resamples) * StandardNormal.probability(below: bias + moved / (1 - acceleration * moved))
    }
    let outside = (1 - probability) / 2
    let low = min(max(Int(end(outside)), 0), resamples - 1)
    let high = min(max(Int(end(1 - outside).rounded(.up)) - 1, low), resamples - 1)
    return means[low]...means[high]
  }

  /// The means of values drawn anew, ascending.
  package static func resampledMeans(of values: [Double], count: Int, stream: RandomStream) -> [Double] {
    var stream = stream
    return (0..<count).map { _ in
      values.indices.reduce(0.0) { sum, _ in sum + values[stream.integer(below: values.count)] }
        / Double(values.count)
    }.sorted()
  }
}

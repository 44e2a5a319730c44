/// Intervals by the bootstrap, around means of values whose distribution is not known.
public enum BootstrapInterval {
  /// The ends of the interval between two quantiles of the means of resampled values: the percentile interval.
  ///
  /// It is never wider than the values are apart: with few values it is too narrow.
  ///
  /// Source: Efron and Tibshirani (1993), chapter 13. Quantiles are the order statistics next outside the wanted share.
  ///
  /// - Parameters:
  ///   - probability: how much of the resampled means the interval holds, between 0 and 1.
  ///   - resamples: how often the values are drawn anew, with replacement.
  ///   - stream: where the draws come from: the same stream gives the same interval.
  public static func ofMean(
    _ values: [Double], probability: Double = 0.95, resamples: Int = 10_000, stream: RandomStream
  ) -> ClosedRange<Double> {
    precondition(!values.isEmpty && resamples > 0, "there are values to resample")
    precondition(probability > 0 && probability < 1, "a probability is between 0 and 1")
    var stream = stream
    let means = (0..<resamples).map { _ in
      values.indices.reduce(0.0) { sum, _ in sum + values[stream.integer(below: values.count)] }
        / Double(values.count)
    }.sorted()
    let outside = Int((1 - probability) / 2 * Double(resamples))
    return means[outside]...means[resamples - 1 - outside]
  }
}

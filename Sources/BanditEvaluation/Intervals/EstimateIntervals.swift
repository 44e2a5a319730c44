public import BanditNumerics
import Foundation

/// Intervals around an estimate that hold the policy's value with a given probability, each under conditions of its own.
public enum EstimateIntervals {
  /// By the normal distribution, with the standard error: right for many steps whose weights are not far from each other.
  public static func normal(_ sums: ContributionSums, probability: Double) -> ClosedRange<Double>? {
    guard let estimate = sums.estimate, let error = sums.standardError else { return nil }
    let half = StandardNormal.quantile((1 + probability) / 2) * error
    return (estimate - half)...(estimate + half)
  }

  /// By resampling steps: the quantiles of the estimates of steps drawn anew.
  ///
  /// Right for many steps.
  ///
  /// Source: Efron 1979, Bootstrap Methods: Another Look at the Jackknife (the percentile interval).
  public static func bootstrap(
    _ sums: ContributionSums, probability: Double, resamples: Int = 1_000, stream: RandomStream
  ) -> ClosedRange<Double>? {
    guard sums.count > 1, sums.estimate != nil else { return nil }
    let estimates = sums.resampled(resamples, stream: stream)
    guard !estimates.isEmpty else { return nil }
    let outside = (1 - probability) / 2 * Double(estimates.count)
    let low = min(Int(outside), estimates.count - 1)
    return estimates[low]...estimates[max(low, estimates.count - 1 - low)]
  }

  /// By the empirical Bernstein inequality: holds for any number of steps whose contributions are in a range.
  ///
  /// Source: Maurer & Pontil 2009, Empirical Bernstein Bounds and Sample Variance Penalization, theorem 4, on both sides.
  public static func empiricalBernstein(
    _ sums: ContributionSums, probability: Double, range: ClosedRange<Double>
  ) -> ClosedRange<Double>? {
    guard let estimate = sums.estimate, let variance = sums.variance else { return nil }
    let count = Double(sums.count)
    let logarithm = log(4 / (1 - probability))
    let width = range.upperBound - range.lowerBound
    let half = (2 * variance * logarithm / count).squareRoot() + 7 * width * logarithm / (3 * (count - 1))
    // Contributions that were not in the range have no such interval.
    let (low, high) = (max(range.lowerBound, estimate - half), min(range.upperBound, estimate + half))
    return low <= high ? low...high : nil
  }
}

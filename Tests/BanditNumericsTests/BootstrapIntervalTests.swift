import Foundation
import Testing

@testable import BanditNumerics

@Suite("The bootstrap")
struct BootstrapIntervalTests {
  private let stream = RandomStream(seed: 5).child("bootstrap")

  // scipy.stats.bootstrap((values,), np.mean, method='BCa', n_resamples=2_000_000, rng=0).confidence_interval
  @Test(
    "The bias-corrected and accelerated interval is SciPy's",
    arguments: [
      ([142, -29, 313, 80, 5, -60, 200, 150, 90, 33], 33.1, 167.1),
      ([120, 80, 95, 300, 110, 70, 130, 250, 88, 101], 99.5, 197.7),
      ([1.2, 0.3, 5.1, 2.2, 0.7, 9.8, 1.9, 0.1, 3.3, 4, 0.6, 15.2], 1.883, 7.287),
    ])
  func scipy(values: [Double], lower: Double, upper: Double) {
    let interval = BootstrapInterval.ofMean(values, resamples: 200_000, stream: stream)
    // SciPy's own ends differ by up to 0.7 % of the interval from one draw of 200,000 means to the next.
    #expect(abs(interval.lowerBound - lower) < 0.02 * (upper - lower))
    #expect(abs(interval.upperBound - upper) < 0.02 * (upper - lower))
  }

  @Test("Values that do not vary, or one alone, have an interval without a width")
  func degenerate() {
    #expect(BootstrapInterval.ofMean([4], stream: stream) == 4...4)
    #expect(BootstrapInterval.ofMean([3, 3, 3], stream: stream) == 3...3)
    let two = BootstrapInterval.ofMean([3, 8], stream: stream)
    #expect(two == 3...8)
  }

  @Test("With many values it is the normal interval of their mean")
  func many() {
    let values = (0..<400).map { Double($0 % 20) }
    // The bootstrap's variance divides by n, not n − 1: (20² − 1) / 12 / 400.
    let halfWidth = 1.959963984540054 * (399.0 / 12 / 400).squareRoot()
    let interval = BootstrapInterval.ofMean(values, resamples: 10_000, stream: stream)
    // An end is a quantile of 10,000 means, with a standard error of 0.028 of their deviation, which is 0.29.
    #expect(abs(interval.lowerBound - (9.5 - halfWidth)) < 0.03)
    #expect(abs(interval.upperBound - (9.5 + halfWidth)) < 0.03)
  }

  @Test("The interval covers the mean of a skewed distribution nearly as often as it says")
  func coverage() {
    var draws = RandomStream(seed: 9)
    let covered = (0..<400).count { _ in
      let values = (0..<30).map { _ in -log(1 - draws.uniform()) }
      return BootstrapInterval.ofMean(values, resamples: 1_000, stream: stream).contains(1)
    }
    // For exponential values BCa is known to cover some 93 % with n = 30.
    #expect((356...392).contains(covered))
  }

  @Test("The same stream gives the same interval")
  func same() {
    let values = [3.5, 1, 4, 1.5, 9]
    let first = BootstrapInterval.ofMean(values, resamples: 100, stream: stream)
    #expect(BootstrapInterval.ofMean(values, resamples: 100, stream: stream) == first)
    let other = BootstrapInterval.ofMean(values, resamples: 100, stream: RandomStream(seed: 6))
    #expect(other != first)
  }
}

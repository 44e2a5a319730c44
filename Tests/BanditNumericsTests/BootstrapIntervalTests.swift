import Foundation
import Testing

@testable import BanditNumerics

@Suite("The bootstrap")
struct BootstrapIntervalTests {
  private let stream = RandomStream(seed: 5).child("bootstrap")

  @Test("The interval of two values is from one to the other, as a quarter of the means are at each end")
  func two() {
    #expect(BootstrapInterval.ofMean([3, 8], stream: stream) == 3...8)
    // Half of all resampled means are in the middle.
    #expect(BootstrapInterval.ofMean([3, 8], probability: 0.4, stream: stream) == 5.5...5.5)
    #expect(BootstrapInterval.ofMean([4], stream: stream) == 4...4)
  }

  @Test("With many values it is the normal interval of their mean")
  func many() {
    let values = (0..<400).map { Double($0 % 20) }
    // The bootstrap's variance divides by n, not n − 1: (20² − 1) / 12 / 400.
    let halfWidth = 1.959963984540054 * (399.0 / 12 / 400).squareRoot()
    let interval = BootstrapInterval.ofMean(values, resamples: 40_000, stream: stream)
    // An end is a quantile of 40,000 means, with a standard error of 0.014 of their deviation.
    #expect(abs(interval.lowerBound - (9.5 - halfWidth)) < 0.02)
    #expect(abs(interval.upperBound - (9.5 + halfWidth)) < 0.02)
  }

  @Test("The interval covers the mean of a skewed distribution nearly as often as it says")
  func coverage() {
    var draws = RandomStream(seed: 9)
    let covered = (0..<400).count { _ in
      let values = (0..<30).map { _ in -log(1 - draws.uniform()) }
      return BootstrapInterval.ofMean(values, resamples: 1_000, stream: stream).contains(1)
    }
    // For exponential values the percentile interval is known to cover less than it says: some 92 % with n = 30.
    #expect((350...392).contains(covered))
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

import BanditNumerics
import Testing

@Suite("Friedman's test of ranks")
struct FriedmanTestTests {
  @Test("Equal values share their ranks, and the mean ranks are over tasks")
  func ranks() {
    let test = FriedmanTest([[1, 2, 2, 5], [9, 3, 4, 1]])
    #expect(test.ranks == [[1, 2.5, 2.5, 4], [4, 2, 3, 1]])
    #expect(test.meanRanks == [2.5, 2.25, 2.75, 2.5])
  }

  // Two methods on six tasks: all rankings are 2⁶ equally likely ones, and two of them are as extreme.
  @Test("The p value is the share of permutations that are as extreme")
  func permutations() {
    let same = FriedmanTest(Array(repeating: [1, 2], count: 6))
    #expect(abs(same.pValue - 2 / 64.0) < 0.006)
    let single = FriedmanTest([[1, 2, 3]])
    #expect(single.pValue == 1)
    let even = FriedmanTest([[1, 2], [2, 1], [1, 2], [2, 1]])
    #expect(even.pValue == 1)
  }

  /// Demšar (2006), table 5a, whose values are divided by the square root of 2.
  @Test(
    "Quantiles of the range are those of the published table",
    arguments: [
      (2, 1.960), (3, 2.343), (4, 2.569), (5, 2.728), (6, 2.850), (7, 2.949), (8, 3.031), (9, 3.102),
      (10, 3.164),
    ])
  func quantiles(count: Int, published: Double) {
    #expect(abs(StudentizedRange.quantile(0.95, count: count) / 2.0.squareRoot() - published) < 0.001)
  }

  // 14 data sets and 4 classifiers: Demšar (2006), section 3.2.2.
  @Test("The critical difference is that of the published example")
  func criticalDifference() {
    let test = FriedmanTest(Array(repeating: [1, 2, 3, 4], count: 14))
    #expect(abs(test.criticalDifference - 1.25) < 0.01)
  }
}

import Testing

@testable import BanditSimulation

@Suite("Paired differences and their verdicts")
struct PairedDifferenceTests {
  @Test(
    "A verdict needs five seeds, a small p of the t test, and a small one of the sign-flip test or one sign",
    arguments: [
      ([10, 11, 12, 10, 11], .worse), ([-10, -11, -12, -10, -11], .better),
      ([-1, 2, 1, -2, 3], .notToldApart),
      // One sign, and yet nothing that the t test would not give.
      ([1, 5, 60, 2, 3], .notToldApart), ([3, 3, 3, 3, 3], .worse), ([0, 0, 0, 0, 0], .notToldApart),
      // The t test alone would be sure of these five and six: p 0.04 and 0.01.
      ([-0.1, 3, 4, 5, 4], .notToldApart), ([-0.1, 3, 4, 5, 4, 4], .notToldApart),
      ([10, 11, 12, 11], .tooFewSeeds), ([7], .tooFewSeeds), ([], .tooFewSeeds),
    ] as [([Double], PairedDifference.Verdict)])
  func verdicts(values: [Double], expected: PairedDifference.Verdict) {
    let difference = PairedDifference.judged([lone(values)])[0]
    #expect(difference.verdict == expected)
    #expect((difference.lower == nil) == (values.count < 2) && (difference.mean == nil) == values.isEmpty)
    #expect((difference.adjustedPValue == nil) == (values.count < 5))
    if difference.verdict == .better || difference.verdict == .worse {
      // What is printed as the interval leaves 0 out wherever there is a verdict.
      #expect((difference.lower ?? 0) * (difference.upper ?? 0) > 0)
    }
  }

  private func lone(_ values: [Double], isFair: Bool = true) -> PairedDifference {
    let pairs = values.enumerated().map { (seed: UInt64($0), value: $1, other: 0.0) }
    return PairedDifference("a", against: "b", pairs: pairs, isFair: isFair)
  }

  @Test(
    "Beside other differences of its table a difference needs a smaller p; those without a test do not count")
  func family() {
    // scipy.stats.ttest_1samp(values, 0).pvalue is 0.0296, that of all permutations 0.0254.
    let values = [142.0, -29, 313, 80, 5, -60, 200, 150, 90, 33]
    let alone = PairedDifference.judged([lone(values), lone([1, 2]), lone(values, isFair: false)])
    #expect(alone.map(\.verdict) == [.worse, .tooFewSeeds, .freePlayDiffers])
    #expect(alone[0].adjustedPValue == alone[0].pValue && alone[2].pValue == nil)
    let two = PairedDifference.judged([lone(values), lone(values.map { -$0 })])
    #expect(two.map(\.verdict) == [.notToldApart, .notToldApart])
    #expect(two[0].adjustedPValue == two[0].pValue.map { 2 * $0 })
    #expect(two[0].adjustedSignFlipPValue == 52 / 1024.0)
    // Ten seeds and more have the bootstrap's interval beside Student's.
    #expect((alone[0].bcaLower ?? 0) > 20 && (alone[0].bcaUpper ?? 0) < 180)
  }
}

import Testing

@testable import BanditNumerics

private let five = [3.0, -1.5, 4.25, 2, 6.5]
private let eight = [12, -3, 7.5, 9, -1, 14, 2.25, 5]
private let ten = [142.0, -29, 313, 80, 5, -60, 200, 150, 90, 33]

@Suite("Tests of paired differences")
struct PairedStatisticsTests {
  // scipy.stats.ttest_1samp(values, 0).pvalue
  @Test(
    "The t test has SciPy's p values",
    arguments: [(five, 0.09733123080429795), (eight, 0.03170534973313853), (ten, 0.029627436652324177)])
  func student(values: [Double], expected: Double) {
    #expect(abs(StudentT.pValue(of: values) - expected) < 1e-13)
    #expect(abs(StudentT.pValue(of: values.map { -$0 }) - expected) < 1e-13)
  }

  @Test("The t test is sure of values that do not vary, and of nothing where there is one or they are 0")
  func degenerate() {
    #expect(StudentT.pValue(of: [3, 3, 3]) == 0 && StudentT.pValue(of: [3]) == 1)
    #expect(StudentT.pValue(of: [0, 0, 0]) == 1 && StudentT.pValue(of: [-1, 1]) == 1)
    #expect(SignFlipTest.pValue(of: [0, 0, 0]) == 1 && SignFlipTest.pValue(of: [3]) == 1)
  }

  // scipy.stats.permutation_test((values,), lambda x, axis: x.sum(axis=axis), permutation_type='samples',
  //   n_resamples=np.inf, alternative='two-sided').pvalue
  @Test(
    "The sign-flip test has SciPy's p values of all permutations",
    arguments: [(five, 0.125), (eight, 0.046875), (ten, 0.025390625)])
  func signFlip(values: [Double], expected: Double) {
    #expect(SignFlipTest.pValue(of: values) == expected)
    #expect(SignFlipTest.pValue(of: values.map { -0.1 * $0 }) == expected)
  }

  @Test("Equal sums count as equal whatever rounding does to them, and one sign alone is 1 in 2ⁿ⁻¹")
  func ties() {
    // Of the eight signs of these, six have a sum of 0.1 or 0.3 and none is nearer to 0 than the one seen.
    #expect(SignFlipTest.pValue(of: [0.1, 0.1, -0.1]) == 1)
    for count in [1, 2, 3, 5, 10, 20, 29, 30] {
      let values = (1...count).map { 0.1 * Double($0) }
      #expect(SignFlipTest.pValue(of: values) == 1 / Double(1 << (count - 1)))
    }
  }

  @Test("Of many values some choices of signs are drawn, which comes near to all of them")
  func drawn() {
    // The exact p of 30 values, and that of the same with one more that is next to nothing.
    let values = (0..<30).map { Double(($0 * 7) % 11) - 3.8 }
    let exact = SignFlipTest.pValue(of: values)
    let drawn = SignFlipTest.pValue(of: values + [1e-3])
    // Of 100,000 draws a share has a standard error of at most 0.0016.
    #expect(exact > 0.01 && abs(exact - drawn) < 0.008)
    let wide = (0..<130).map { $0.isMultiple(of: 2) ? 1.0 : -1 }
    #expect(SignFlipTest.pValue(of: wide) == 1)
  }

  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), "holm")
  @Test("Holm's correction is that of R, and keeps the order of p values")
  func holm() {
    let adjusted = Holm.adjusted([0.01, 0.04, 0.03, 0.005, 0.5])
    for (value, expected) in zip(adjusted, [0.04, 0.09, 0.09, 0.025, 0.5]) {
      #expect(abs(value - expected) < 1e-15)
    }
    #expect(Holm.adjusted([]) == [] && Holm.adjusted([0.3]) == [0.3] && Holm.adjusted([0.7, 0.6]) == [1, 1])
  }

  // scipy.stats.pearsonr(five, [1, 2, 2.5, -1, 7]).statistic
  @Test("The correlation is SciPy's; it is not known of two pairs or where nothing varies")
  func correlation() throws {
    let value = try #require(Correlation.pearson(five, [1, 2, 2.5, -1, 7]))
    #expect(abs(value - 0.6121877955567196) < 1e-14)
    #expect(
      Correlation.pearson([1, 2], [3, 4]) == nil && Correlation.pearson(five, five.map { _ in 1 }) == nil)
    #expect(Correlation.pearson(five, five.map { -3 * $0 }) == -1)
  }
}

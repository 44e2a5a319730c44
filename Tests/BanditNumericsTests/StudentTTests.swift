import BanditNumerics
import Testing

/// The expected values are SciPy 1's `t.ppf`, `t.cdf` and `t.interval`.
@Suite("Student's t distribution")
struct StudentTTests {
  @Test(
    "Quantiles are those of SciPy",
    arguments: [
      (1, 0.95, 12.706204736174694), (1, 0.999, 636.6192487687897), (2, 0.5, 0.8164965809277261),
      (2, 0.95, 4.302652729749462), (3, 0.95, 3.1824463052837078), (4, 0.999, 8.610301581379522),
      (9, 0.95, 2.262157162798205), (30, 0.95, 2.0422724563012378), (99, 0.5, 0.6769759855461531),
      (1_000, 0.999, 3.300282648423944),
    ])
  func quantiles(degreesOfFreedom: Int, probability: Double, expected: Double) {
    let quantile = StudentT.centralQuantile(probability, degreesOfFreedom: degreesOfFreedom)
    #expect(abs(quantile / expected - 1) < 1e-11)
  }

  @Test(
    "Probabilities are those of SciPy",
    arguments: [
      (1, 0.3, 0.18554715815548461), (2, 0.3, 0.20751433915982243), (5, 2.1, 0.9102467501154012),
      (8, 4.0, 0.9960502271965548), (60, 1.5, 0.8611416456818202), (7, 0, 0),
    ])
  func probabilities(degreesOfFreedom: Int, t: Double, expected: Double) {
    #expect(abs(StudentT.centralProbability(t, degreesOfFreedom: degreesOfFreedom) - expected) < 1e-14)
  }

  @Test("The interval of a mean is that of SciPy, and a single value has none")
  func interval() {
    let interval = StudentT.interval(of: [6788, 7100, 6420.5, 6900])
    #expect(interval.mean == 6802.125)
    #expect(abs(interval.mean - interval.halfWidth - 6348.188154503138) < 1e-8)
    #expect(StudentT.interval(of: [5, 5, 5]).halfWidth == 0)
    #expect(StudentT.interval(of: [5]).halfWidth == .infinity)
  }
}

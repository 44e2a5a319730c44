import BanditNumerics
import Testing

/// The expected values are SciPy's: `scipy.stats.norm.cdf(z)` and `scipy.stats.norm.ppf(p)`.
@Suite("The normal distribution")
struct StandardNormalTests {
  @Test(
    "Probabilities are those of SciPy",
    arguments: [
      (-5, 2.866515718791933e-07), (-1.3, 0.09680048458561036), (0, 0.5), (0.7, 0.758036347776927),
      (3, 0.9986501019683699),
    ])
  func probabilities(z: Double, expected: Double) {
    #expect(abs(StandardNormal.probability(below: z) / expected - 1) < 1e-13)
  }

  @Test(
    "Quantiles are those of SciPy",
    arguments: [
      (1e-10, -6.361340902404056), (0.025, -1.9599639845400545), (0.2, -0.8416212335729142), (0.5, 0),
      (0.841344746068543, 1), (0.999, 3.090232306167813),
    ])
  func quantiles(probability: Double, expected: Double) {
    #expect(abs(StandardNormal.quantile(probability) - expected) < 1e-12)
  }
}

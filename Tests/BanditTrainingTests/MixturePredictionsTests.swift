import BanditLearning
import Foundation
import Testing

@testable import BanditTraining

@Suite("Mixtures of predictions of numbers")
struct MixturePredictionsTests {
  private let means: [Float] = [0.5, -1, 2]
  private let widths: [Float] = [0.25, 1, 2]

  /// A mixture of three members at one point, of Gaussians of those variances or Laplace distributions of those scales.
  private func mixture(_ likelihood: Likelihood) -> MixturePredictions {
    var result = MixturePredictions(likelihood, points: 1)
    for (mean, width) in zip(means, widths) {
      result.append(
        means: [mean], variances: [likelihood == .laplaceMeanScale ? 2 * width * width : width])
    }
    return result
  }

  private func density(_ y: Double, _ likelihood: Likelihood) -> Double {
    zip(means, widths).reduce(0) { sum, member in
      let (mean, width) = (Double(member.0), Double(member.1))
      let error = y - mean
      return sum
        + (likelihood == .laplaceMeanScale
          ? exp(-abs(error) / width) / (2 * width)
          : exp(-error * error / (2 * width)) / (2 * .pi * width).squareRoot()) / 3
    }
  }

  @Test(
    "Mean, variance and density are the mixture's own, by integration",
    arguments: [Likelihood.gaussianMeanVariance, .laplaceMeanScale])
  func moments(likelihood: Likelihood) {
    let mixture = mixture(likelihood)
    let step = 1e-3
    var integrals = (mass: 0.0, mean: 0.0, square: 0.0)
    for index in -60_000...60_000 {
      let y = Double(index) * step
      let share = density(y, likelihood) * step
      integrals.mass += share
      integrals.mean += share * y
      integrals.square += share * y * y
    }
    let got = mixture.moments()[0]
    #expect(abs(integrals.mass - 1) < 1e-6)
    #expect(abs(got.mean - integrals.mean) < 1e-6)
    #expect(abs(got.variance - (integrals.square - integrals.mean * integrals.mean)) < 1e-5)
    for target in [-3, 0.25, 4] as [Float] {
      #expect(
        abs(mixture.negativeLogLikelihood([target]) + log(density(Double(target), likelihood))) < 1e-6)
    }
  }

  @Test("The two kinds of variance add up; members that agree have no knowledge uncertainty")
  func kinds() {
    let got = mixture(.gaussianMeanVariance).moments()[0]
    #expect(abs(got.data - 3.25 / 3) < 1e-12)
    let mean = 0.5
    let spread = ((0.5 - mean) * (0.5 - mean) + 2.25 + 2.25) / 3
    #expect(abs(got.knowledge - spread) < 1e-12 && abs(got.variance - got.data - got.knowledge) < 1e-12)
    var agreeing = MixturePredictions(.gaussianMeanVariance, points: 2)
    for _ in 0..<3 { agreeing.append(means: [1, -2], variances: [4, 0.5]) }
    #expect(agreeing.moments().map(\.knowledge) == [0, 0] && agreeing.moments()[0].deviation == 2)
  }

  @Test("The practical's combination counts a Laplace scale twice, and a Gaussian's variance as it is")
  func paper() {
    let laplace = mixture(.laplaceMeanScale)
    #expect(abs(laplace.moments(.paper)[0].data - 2 * 3.25 / 3) < 1e-6)
    #expect(abs(laplace.moments(.moments)[0].data - 2 * (0.0625 + 1 + 4) / 3) < 1e-6)
    #expect(laplace.moments(.paper)[0].knowledge == laplace.moments()[0].knowledge)
    let gaussian = mixture(.gaussianMeanVariance)
    #expect(gaussian.moments(.paper) == gaussian.moments())
  }

  @Test("The first members, and one alone")
  func parts() {
    let mixture = mixture(.laplaceMeanScale)
    #expect(mixture.members == 3 && mixture.first(2).members == 2)
    #expect(mixture.first(1).moments() == mixture.member(0).moments())
    #expect(mixture.member(2).moments()[0].mean == 2 && mixture.member(2).moments()[0].variance == 8)
  }

  @Test("Targets beyond the range of numbers give finite scores")
  func extremes() {
    for likelihood in [Likelihood.gaussianMeanVariance, .laplaceMeanScale, .squaredError, .absoluteError] {
      var mixture = MixturePredictions(likelihood, points: 1)
      mixture.append(means: [0], variances: [1e-6])
      mixture.append(means: [1e6], variances: [1])
      #expect(mixture.negativeLogLikelihood([1e5]).isFinite)
    }
  }
}

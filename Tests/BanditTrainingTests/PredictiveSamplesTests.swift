import BanditNumerics
import Foundation
import Testing

@testable import BanditTraining

@Suite("Predictive samples and their scores")
struct PredictiveSamplesTests {
  private func table(_ rows: [[Float]]) -> PredictiveSamples {
    var samples = PredictiveSamples(points: rows[0].count)
    for row in rows { samples.append(row) }
    return samples
  }

  private func logNormal(_ x: Double, _ mean: Double, _ sigma: Double) -> Double {
    -0.5 * log(2 * .pi) - log(sigma) - (x - mean) * (x - mean) / (2 * sigma * sigma)
  }

  @Test("Quantiles interpolate between order statistics, as NumPy's do")
  func quantiles() {
    let samples = table([[4, 0], [1, 0], [3, 0], [2, 1]])
    let quantiles = samples.quantiles([0, 0.05, 0.25, 0.5, 0.75, 1])
    #expect(quantiles.map { $0[0] } == [1, 1.15, 1.75, 2.5, 3.25, 4])
    #expect(quantiles[4][1] == 0.25)
    #expect(table([[7]]).quantiles([0.05, 0.95]) == [[7], [7]])
  }

  @Test("The mean, the first samples and the error at chosen points")
  func means() {
    let samples = table([[1, 2, 3], [3, 2, 7]])
    #expect(samples.samples == 2 && samples.means == [2, 2, 5])
    #expect(samples.first(1).values == [1, 2, 3] && samples.first(9).samples == 2)
    #expect(samples.sample(1) == [3, 2, 7])
    #expect(samples.rootMeanSquaredError([2, 4, 1]) == (20.0 / 3).squareRoot())
    #expect(samples.rootMeanSquaredError([2, 4, 1], where: { $0 == 1 }) == 2)
  }

  @Test("With one sample lppd and gibbs_ll are the Gaussian's log-density, averaged over points")
  func oneSample() {
    let score = PredictiveScore(table([[0.5, -1]]), targets: [0.2, 3], sigma: 0.7)
    let expected = 0.5 * (logNormal(0.2, 0.5, 0.7) + logNormal(3, -1, 0.7))
    #expect(abs(score.lppd - expected) < 1e-12)
    #expect(abs(score.gibbsLogLikelihood - expected) < 1e-12)
  }

  @Test("With two samples lppd is the log of the mean density, gibbs_ll the mean of the logs")
  func twoSamples() {
    let score = PredictiveScore(table([[0], [2]]), targets: [0.5], sigma: 1)
    let logs = [logNormal(0.5, 0, 1), logNormal(0.5, 2, 1)]
    #expect(abs(score.lppd - log(0.5 * (exp(logs[0]) + exp(logs[1])))) < 1e-12)
    #expect(abs(score.gibbsLogLikelihood - 0.5 * (logs[0] + logs[1])) < 1e-12)
  }

  @Test("Densities beyond the range of numbers give finite scores, and lppd is never the lesser")
  func extremes() {
    let score = PredictiveScore(table([[0], [1], [100]]), targets: [100.01], sigma: 0.01)
    // Two of three samples are 1e8 nats away; the third carries the density.
    #expect(abs(score.lppd - (logNormal(100.01, 100, 0.01) - log(3))) < 1e-3)
    #expect(score.gibbsLogLikelihood < -3e7 && score.gibbsLogLikelihood.isFinite)
    #expect(score.lppd >= score.gibbsLogLikelihood)
  }

  @Test("Many draws from N(m, s²) score as the closed forms say")
  func closedForm() {
    var normals = [Float](repeating: 0, count: 200_000)
    var stream = NormalStream(RandomStream(seed: 5))
    stream.fill(&normals)
    let (m, s, sigma, y) = (0.4, 0.3, 0.2, 0.9)
    var samples = PredictiveSamples(points: 1)
    for normal in normals { samples.append([Float(m) + Float(s) * normal]) }
    let score = PredictiveScore(samples, targets: [y], sigma: sigma)
    #expect(abs(score.lppd - logNormal(y, m, (s * s + sigma * sigma).squareRoot())) < 0.02)
    let gibbs = logNormal(y, m, sigma) - s * s / (2 * sigma * sigma)
    #expect(abs(score.gibbsLogLikelihood - gibbs) < 0.03)
  }

  /// Scores of forty sets of draws from N(0, 1) at a target, and the spread that they really have.
  private func repeated(target: Double, sigma: Double, draws: Int) -> (
    scores: [PredictiveScore], spread: [Double]
  ) {
    var stream = NormalStream(RandomStream(seed: 9))
    let scores = (0..<40).map { _ -> PredictiveScore in
      var normals = [Float](repeating: 0, count: draws)
      stream.fill(&normals)
      var samples = PredictiveSamples(points: 1)
      for normal in normals { samples.append([normal]) }
      return PredictiveScore(samples, targets: [target], sigma: sigma)
    }
    return (
      scores,
      [scores.map(\.lppd), scores.map(\.gibbsLogLikelihood)].compactMap { Spread($0)?.deviation }
    )
  }

  @Test("Errors by the samples are the spread over sets of samples")
  func errors() {
    let (scores, spread) = repeated(target: 1, sigma: 1, draws: 1_000)
    // A standard deviation of forty values has an error of 11 %; a jackknife of twenty groups one of 16 % more.
    for (errors, spread) in [
      (scores.compactMap(\.lppdError), spread[0]), (scores.compactMap(\.gibbsError), spread[1]),
    ] {
      let mean = errors.reduce(0, +) / 40
      #expect(errors.count == 40 && mean > 0.7 * spread && mean < 1.4 * spread)
    }
    #expect(scores.allSatisfy { $0.thinPoints == 0 })
    let one = PredictiveScore(table([[0.5, -1]]), targets: [0.2, 3], sigma: 0.7)
    #expect(one.lppdError == nil && one.gibbsError == nil && one.thinPoints == 1)
  }

  @Test("A likelihood that rests on a few samples is told, with an error of its true size")
  func heavyTails() {
    // Of 1,000 draws the one nearest to a target at 5 sd says it all: the true lppd is −13.5.
    let (scores, spread) = repeated(target: 5, sigma: 0.05, draws: 1_000)
    #expect(scores.allSatisfy { $0.thinPoints == 1 })
    #expect(spread[0] > 50, "sets differ by far more than their logarithm's noise elsewhere")
    let mean = scores.compactMap(\.lppdError).reduce(0, +) / 40
    #expect(mean > 0.3 * spread[0] && mean < 3 * spread[0])
    let average = scores.map(\.lppd).reduce(0, +) / 40
    #expect(average < -100, "the estimate is too low, \(average)")
  }
}

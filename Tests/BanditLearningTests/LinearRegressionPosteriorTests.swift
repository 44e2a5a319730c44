import BanditLearning
import BanditNumerics
import Foundation
import Testing

@Suite("Bayesian linear regression")
struct LinearRegressionPosteriorTests {
  private struct Reference: Decodable {
    struct Case: Decodable {
      var precision: Double
      var features: [[Double]]
      var targets: [Double]
      var mean: [Double]
      var residual: Double
      var queries: [[Double]]
      var means: [Double]
      var variances: [Double]

      var added: LinearRegressionPosterior {
        LinearRegressionPosterior(zip(features, targets), dimension: mean.count, priorPrecision: precision)
      }

      var fitted: LinearRegressionPosterior {
        var posterior = LinearRegressionPosterior(dimension: mean.count, priorPrecision: precision)
        posterior.fit(NormalEquations(zip(features, targets), dimension: mean.count))
        return posterior
      }
    }

    var cases: [Case]
  }

  private func cases() throws -> [Reference.Case] {
    try JSONDecoder().decode(Reference.self, from: Data(PackageResources.reference_linear_json)).cases
  }

  @Test("Means, variances and residuals equal NumPy's, row by row and all at once")
  func reference() throws {
    let cases = try cases()
    for expected in cases {
      for var posterior in [expected.added, expected.fitted] {
        #expect(posterior.count == expected.targets.count)
        let largest = expected.mean.map(abs).max() ?? 0
        // Condition numbers up to a few thousand, times 1e-16.
        for (mean, value) in zip(posterior.mean, expected.mean) {
          #expect(abs(mean - value) <= 1e-11 * largest)
        }
        // All at once the residual is a difference of sums of squares.
        let squares = expected.targets.reduce(0) { $0 + $1 * $1 }
        #expect(abs(posterior.residual - expected.residual) <= 1e-10 * expected.residual + 1e-14 * squares)
        for (index, query) in expected.queries.enumerated() {
          let (mean, variance) = posterior.predict(query)
          #expect(abs(mean - expected.means[index]) <= 1e-10 * (1 + abs(expected.means[index])))
          #expect(abs(variance - expected.variances[index]) <= 1e-11 * expected.variances[index])
        }
      }
    }
    #expect(cases.count == 5)
  }

  @Test("Without examples the posterior is the prior")
  func prior() {
    var posterior = LinearRegressionPosterior(dimension: 4, priorPrecision: 0.25)
    let (mean, variance) = posterior.predict([1, 2, 0, -1])
    #expect(mean == 0 && variance == 24 && posterior.residual == 0 && posterior.mean == [0, 0, 0, 0])
    posterior.fit(NormalEquations(dimension: 4))
    #expect(posterior.predict([1, 2, 0, -1]) == (0, 24))
  }

  @Test("One weight has the posterior of the textbook")
  func textbook() {
    // Precision 1/2 + 3·4, mean 3·2·5 / 12.5; each of the examples 2 w = 5.
    var posterior = LinearRegressionPosterior(
      Array(repeating: ([2.0], 5.0), count: 3), dimension: 1, priorPrecision: 0.5)
    let (mean, variance) = posterior.predict([1])
    #expect(abs(mean - 2.4) < 1e-14 && abs(variance - 0.08) < 1e-15)
    #expect(abs(posterior.residual - (75 - 2.4 * 2.4 * 12.5)) < 1e-12)
  }

  /// Mushroom-like rows: one column of each of 22 attributes, and the intercept.
  private func oneHotExample(_ stream: inout RandomStream) -> ([Double], Double) {
    var row = Array(repeating: 0.0, count: 118)
    for attribute in 0..<22 { row[attribute * 5 + stream.integer(below: attribute % 5 + 1)] = 1 }
    row[117] = 1
    return (row, stream.bernoulli(0.5) ? 5 : -35)
  }

  private func denseExample(_ stream: inout RandomStream) -> ([Double], Double) {
    let row = (0..<40).map { _ in stream.normal() }
    return (row, row[0] - row[1] + stream.normal())
  }

  @Test("Ten thousand rotations end where a fresh factorisation does", arguments: [true, false])
  func drift(isOneHot: Bool) {
    var stream = RandomStream(seed: 5)
    let dimension = isOneHot ? 118 : 40
    var rotated = LinearRegressionPosterior(dimension: dimension, priorPrecision: 0.25)
    var equations = NormalEquations(dimension: dimension)
    for _ in 0..<10_000 {
      let (row, target) = isOneHot ? oneHotExample(&stream) : denseExample(&stream)
      rotated.add(row, target: target)
      equations.add(row, target: target)
    }
    var fresh = LinearRegressionPosterior(dimension: dimension, priorPrecision: 0.25)
    fresh.fit(equations)
    // One-hot sums are exact, so the fresh one is as good as double precision gives: 10⁴ rotations at a condition
    // number of some 10⁶ may lose seven of sixteen digits.
    #expect(abs(rotated.residual / fresh.residual - 1) < 1e-10)
    for _ in 0..<50 {
      let (row, _) = isOneHot ? oneHotExample(&stream) : denseExample(&stream)
      let (mean, variance) = rotated.predict(row)
      let expected = fresh.predict(row)
      #expect(abs(mean - expected.mean) < 1e-9 * (1 + abs(expected.mean)))
      #expect(abs(variance / expected.variance - 1) < 1e-9)
    }
  }

  @Test("An example of no features changes the count and the residual alone")
  func empty() {
    var stream = RandomStream(seed: 6)
    let examples = (0..<5).map { _ in denseExample(&stream) }
    var posterior = LinearRegressionPosterior(examples, dimension: 40, priorPrecision: 1)
    let before = posterior
    posterior.add(Array(repeating: 0, count: 40), target: 3)
    #expect(posterior.count == 6 && posterior.residual == before.residual + 9)
    #expect(posterior.mean == before.mean)
  }

  @Test("Equations that forgot their examples are new ones")
  func removeAll() {
    var stream = RandomStream(seed: 7)
    let examples = (0..<50).map { _ in denseExample(&stream) }
    var used = NormalEquations(examples.reversed(), dimension: 40)
    used.removeAll()
    for (row, target) in examples { used.add(row, target: target) }
    var (one, other) = (
      LinearRegressionPosterior(dimension: 40, priorPrecision: 1),
      LinearRegressionPosterior(examples.prefix(3), dimension: 40, priorPrecision: 1)
    )
    one.fit(NormalEquations(examples, dimension: 40))
    other.fit(used)
    #expect(one.mean == other.mean && one.residual == other.residual && one.count == other.count)
  }

  @Test("The bits are these on every machine")
  func bits() {
    var stream = RandomStream(seed: 8)
    let examples = (0..<200).map { _ in denseExample(&stream) }
    var posterior = LinearRegressionPosterior(examples, dimension: 40, priorPrecision: 0.25)
    let (mean, variance) = posterior.predict(denseExample(&stream).0)
    let rotated = [mean, variance, posterior.residual].map(\.bitPattern)
    posterior.fit(NormalEquations(examples, dimension: 40))
    let (fittedMean, fittedVariance) = posterior.predict(denseExample(&stream).0)
    #expect(rotated == [4606693246520920330, 4598488691454425101, 4639391007783672715])
    let fitted = [fittedMean, fittedVariance, posterior.residual].map(\.bitPattern)
    #expect(fitted == [13834511525471477007, 4599963365858868775, 4639391007783672740])
  }
}

extension LinearRegressionPosterior {
  /// The posterior after some examples, one after the other.
  fileprivate init(_ examples: some Sequence<([Double], Double)>, dimension: Int, priorPrecision: Double) {
    self.init(dimension: dimension, priorPrecision: priorPrecision)
    for (row, target) in examples { add(row, target: target) }
  }
}

extension NormalEquations {
  /// The sums over some examples.
  fileprivate init(_ examples: some Sequence<([Double], Double)>, dimension: Int) {
    self.init(dimension: dimension)
    for (row, target) in examples { add(row, target: target) }
  }
}

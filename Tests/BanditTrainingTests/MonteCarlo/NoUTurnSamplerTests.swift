import BanditNumerics
import BanditTraining
import Foundation
import Testing

@Suite("Hamiltonian Monte Carlo")
struct NoUTurnSamplerTests {
  /// A normal distribution with some correlation and scales far from each other.
  private struct Normal: LogDensity {
    // The inverse of the covariance [[4, 1.2], [1.2, 1]] and a third coordinate of variance 1e-4 around 7.
    let dimension = 3
    func evaluate(_ point: [Double], gradient: inout [Double]) -> Double {
      let (x, y, z) = (point[0] - 1, point[1] + 2, point[2] - 7)
      let determinant = 4 * 1 - 1.2 * 1.2
      gradient[0] = -(x - 1.2 * y) / determinant
      gradient[1] = -(4 * y - 1.2 * x) / determinant
      gradient[2] = -z * 1e4
      return 0.5 * (x * gradient[0] + y * gradient[1] + z * gradient[2])
    }
  }

  private static func chains<Density: LogDensity>(
    _ density: Density, warmUp: Int, draws: Int, from start: [Double]
  ) -> [[[Double]]] {
    (0..<4).map { index in
      var sampler = NoUTurnSampler(density, at: start, stream: RandomStream(seed: 5).child("chain", index))
      sampler.warmUp(warmUp) { _ in }
      return (0..<draws).map { _ in
        _ = sampler.advance()
        return sampler.position
      }
    }
  }

  /// Whether the chains' mean of a function is within four of its standard errors of the truth.
  private static func expectMean(
    _ chains: [[[Double]]], _ truth: Double, _ name: Comment, of value: ([Double]) -> Double
  ) throws {
    let values = chains.map { $0.map(value) }
    let diagnostics = ChainDiagnostics(values)
    let spread = try #require(Spread(values.flatMap { $0 }))
    let error = try #require(spread.deviation) / diagnostics.effectiveDraws.squareRoot()
    #expect(abs(spread.mean - truth) < 4 * error, name)
    #expect(diagnostics.rHat < 1.01 && diagnostics.effectiveDraws > 400, name)
  }

  @Test("Means and covariances of a normal distribution are those of its closed form")
  func normal() throws {
    let chains = Self.chains(Normal(), warmUp: 500, draws: 1_000, from: [0, 0, 0])
    try Self.expectMean(chains, 1, "x") { $0[0] }
    try Self.expectMean(chains, -2, "y") { $0[1] }
    try Self.expectMean(chains, 7, "z") { $0[2] }
    try Self.expectMean(chains, 4, "variance of x") { ($0[0] - 1) * ($0[0] - 1) }
    try Self.expectMean(chains, 1.2, "covariance") { ($0[0] - 1) * ($0[1] + 2) }
    try Self.expectMean(chains, 1e-4, "variance of z") { ($0[2] - 7) * ($0[2] - 7) }
  }

  @Test("A network without hidden layers has the posterior of Bayesian linear regression")
  func linear() throws {
    let (prior, noise) = (0.5, 0.3)
    var stream = RandomStream(seed: 3)
    let x = (0..<20).map { _ in stream.normal() }
    let y = x.map { 0.8 * $0 - 0.4 + noise * stream.normal() }
    let posterior = NetworkPosterior(
      Examples(columns: 1, features: x.map { Float($0) }, targets: y.map { Float($0) }), hiddenLayers: [],
      priorSigma: prior, noiseSigma: noise)
    #expect(posterior.dimension == 2)
    // (XᵀX/σ² + I/τ²)⁻¹ with a column of ones, by the closed form of two by two.
    let (a, b, d) = zip(x, y).reduce((1 / (prior * prior), 0.0, 1 / (prior * prior))) { sums, point in
      let weight = 1 / (noise * noise)
      return (sums.0 + weight * point.0 * point.0, sums.1 + weight * point.0, sums.2 + weight)
    }
    let determinant = a * d - b * b
    let (u, v) = zip(x, y).reduce((0.0, 0.0)) { sums, point in
      let weight = 1 / (noise * noise)
      return (sums.0 + weight * point.0 * point.1, sums.1 + weight * point.1)
    }
    let (slope, bias) = ((d * u - b * v) / determinant, (a * v - b * u) / determinant)
    let chains = Self.chains(posterior, warmUp: 300, draws: 1_000, from: [0, 0])
    try Self.expectMean(chains, slope, "slope") { $0[0] }
    try Self.expectMean(chains, bias, "bias") { $0[1] }
    try Self.expectMean(chains, d / determinant, "variance of the slope") {
      ($0[0] - slope) * ($0[0] - slope)
    }
    try Self.expectMean(chains, -b / determinant, "covariance") { ($0[0] - slope) * ($0[1] - bias) }
    #expect(posterior.predictions([2, 1], at: [0, 3]) == [1, 7])
  }

  @Test("Derivatives are those of finite differences", arguments: [[], [5], [6, 4]])
  func gradient(hiddenLayers: [Int]) {
    var posterior = NetworkPosterior(
      ToyRegression.examples(30, on: -0.5...0.5, stream: RandomStream(seed: 2)), hiddenLayers: hiddenLayers,
      priorSigma: 0.7, noiseSigma: 0.2)
    var point = posterior.start(RandomStream(seed: 4))
    var stream = RandomStream(seed: 6)
    for index in point.indices { point[index] += 0.1 * stream.normal() }
    var gradient = point
    var unused = point
    _ = posterior.evaluate(point, gradient: &gradient)
    for index in point.indices {
      func value(_ shift: Double) -> Double {
        var moved = point
        moved[index] += shift
        return posterior.evaluate(moved, gradient: &unused)
      }
      let difference = (value(1e-6) - value(-1e-6)) / 2e-6
      #expect(abs(gradient[index] - difference) < 1e-5 * max(1, abs(difference)), "weight \(index)")
    }
  }

  @Test("Steps that are far too long diverge, and are told so")
  func divergent() {
    var sampler = NoUTurnSampler(Normal(), at: [1, -2, 7], stream: RandomStream(seed: 1))
    sampler.stepSize = 10
    let transition = sampler.advance()
    #expect(transition.isDivergent && transition.steps == 1 && transition.acceptance < 1e-3)
    #expect(sampler.position == [1, -2, 7])
  }

  @Test("The same stream gives the same chain")
  func repeatable() {
    let twice = (0..<2).map { _ in Self.chains(Normal(), warmUp: 30, draws: 5, from: [0, 0, 7]) }
    #expect(twice[0] == twice[1])
  }
}

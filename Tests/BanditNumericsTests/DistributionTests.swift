import Foundation
import Testing

@testable import BanditNumerics

@Suite("Normal and gamma numbers of a random stream")
struct DistributionTests {
  @Test("The portable logarithm is the logarithm")
  func logarithm() {
    var stream = RandomStream(seed: 1)
    var numbers = (0..<20_000).map { _ in stream.uniform() + 0x1p-54 }
    numbers += (0..<20_000).map { _ in 0.5 + 1.5 * stream.uniform() }
    numbers += (-1_000...1_000).map { Double(sign: .plus, exponent: $0, significand: 1.25) }
    numbers += [
      1, 2, 0.5, 1.nextUp, 1.nextDown, 2.0.squareRoot(), .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ]
    for x in numbers {
      let expected = log(x)
      // Some five roundings of 1.1e-16 of terms that are at most twice the sum.
      #expect(abs(portableLogarithm(x) - expected) <= 1e-15 * abs(expected), "log \(x)")
    }
    #expect(portableLogarithm(1) == 0)
  }

  @Test(
    "Two hundred thousand normal numbers pass the Kolmogorov-Smirnov test", arguments: [0, 1] as [UInt64])
  func normal(seed: UInt64) {
    var stream = RandomStream(seed: seed)
    let numbers = (0..<200_000).map { _ in stream.normal() }
    expectDistribution(numbers) { 0.5 * erfc(-$0 / 2.0.squareRoot()) }
    let products = zip(numbers, numbers.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    // Products of neighbours have variance 1.
    #expect(abs(products) < 5 * Double(numbers.count).squareRoot())
  }

  @Test("Gamma numbers of whole shapes have Erlang's distribution", arguments: [1, 2, 6, 40])
  func erlang(shape: Int) {
    var stream = RandomStream(seed: UInt64(shape))
    let numbers = (0..<200_000).map { _ in stream.gamma(shape: Double(shape)) }
    expectDistribution(numbers) { x in
      var term = exp(-x)
      var sum = term
      for index in 1..<max(shape, 2) where index < shape {
        term *= x / Double(index)
        sum += term
      }
      return 1 - sum
    }
  }

  @Test(
    "Gamma numbers of any shape have its mean, variance and skewness",
    arguments: [1.5, 6.5, 1_000.25, 25_006])
  func moments(shape: Double) {
    var stream = RandomStream(seed: 3)
    let count = 200_000
    let numbers = (0..<count).map { _ in (stream.gamma(shape: shape) - shape) / shape.squareRoot() }
    let moments = (1...3).map { power in numbers.reduce(0) { $0 + pow($1, Double(power)) } / Double(count) }
    let root = Double(count).squareRoot()
    // Five standard errors, from the standardised central moments; the kurtosis is 3 + 6/shape.
    #expect(abs(moments[0]) < 5 / root)
    #expect(abs(moments[1] - 1) < 5 * (2 + 6 / shape).squareRoot() / root)
    let sixth = 15 + 130 / shape + 120 / (shape * shape)
    #expect(abs(moments[2] - 2 / shape.squareRoot()) < 5 * sixth.squareRoot() / root)
  }

  @Test("The bits are these on every machine")
  func bits() {
    var stream = RandomStream(seed: 9)
    let numbers = [stream.normal(), stream.normal(), stream.gamma(shape: 1), stream.gamma(shape: 6.5)]
    #expect(
      numbers.map(\.bitPattern) == [
        13821501143920413908, 4598444053795766474, 4583213134789002360, 4617198820530401389,
      ])
    let logarithms = [1e-300, 0.1, 0.75, 3, 1e300].map { portableLogarithm($0).bitPattern }
    #expect(
      logarithms == [
        13872659378474614709, 13835739416338191637, 13822226076269861778, 4607626529066517258,
        4649287341619838901,
      ])
  }

  /// P(√n D > 2.23) = 2 exp(−2 · 2.23²) = 1e-4.
  private func expectDistribution(_ numbers: [Double], _ probability: (Double) -> Double) {
    let count = Double(numbers.count)
    var distance = 0.0
    for (rank, value) in numbers.sorted().enumerated() {
      let expected = probability(value)
      distance = max(distance, expected - Double(rank) / count, Double(rank + 1) / count - expected)
    }
    #expect(count.squareRoot() * distance < 2.23)
  }
}

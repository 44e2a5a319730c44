import BanditNumerics
import Foundation
import Testing

/// Bounds are five standard errors (one failure in two million for a right generator) unless stated.
@Suite("Normal numbers have the normal distribution")
struct NormalDistributionTests {
  @Test("The first four moments of 67 million numbers are those of N(0, 1)")
  func moments() {
    let sums = Tally.shared.powers.map { $0 / Double(Tally.count) }
    let root = Double(Tally.count).squareRoot()
    // Var z = 1, Var z² = 2, Var z³ = 15, Var z⁴ = 105 − 9.
    #expect(abs(sums[0]) < 5 / root)
    #expect(abs(sums[1] - 1) < 5 * 2.0.squareRoot() / root)
    #expect(abs(sums[2]) < 5 * 15.0.squareRoot() / root)
    #expect(abs(sums[3] - 3) < 5 * 96.0.squareRoot() / root)
  }

  @Test("Counts beyond 3, 4 and 5 on either side are as expected, and nothing is beyond 6.7")
  func tails() {
    for (index, threshold) in Tally.thresholds.enumerated() {
      let expected = Double(Tally.count) * 0.5 * erfc(threshold / 2.0.squareRoot())
      for observed in [Tally.shared.above[index], Tally.shared.below[index]] {
        #expect(
          abs(Double(observed) - expected) < 5 * expected.squareRoot(),
          "\(observed) beyond \(threshold), expected \(expected)")
      }
    }
    #expect(Tally.shared.largest < 6.7 && Tally.shared.largest > 5)
  }

  @Test("A million numbers pass the Kolmogorov-Smirnov test", arguments: [0, 1, 2] as [UInt64])
  func kolmogorovSmirnov(seed: UInt64) {
    let count = 1_000_000
    let sorted = normals(seed, count).sorted()
    var distance: Double = 0
    for (rank, value) in sorted.enumerated() {
      let probability = 0.5 * erfc(-Double(value) / 2.0.squareRoot())
      distance = max(
        distance, probability - Double(rank) / Double(count), Double(rank + 1) / Double(count) - probability)
    }
    // P(√n D > 2.23) = 2 exp(−2 · 2.23²) = 1e-4.
    #expect(Double(count).squareRoot() * distance < 2.23)
  }

  @Test(
    "No number depends linearly on one before it, nor do their squares",
    arguments: [1, 2, 3, 4, 8, 15, 16, 17, 31, 32, 33, 48, 64, 128])
  func lags(lag: Int) {
    let numbers = normals(3, 1 << 21)
    let (early, late) = (numbers.dropLast(lag), numbers.dropFirst(lag))
    let root = Double(early.count).squareRoot()
    #expect(abs(meanProduct(early, late)) * root < 5)
    #expect(abs(meanProduct(early.map(centredSquare), late.map(centredSquare))) * root < 5)
  }

  @Test("The 32 positions of a block are uncorrelated, and so are their squares")
  func lanes() {
    let blocks = 1 << 16
    let numbers = normals(4, 32 * blocks)
    let squares = numbers.map(centredSquare)
    for values in [numbers, squares] {
      for first in 0..<32 {
        for second in (first + 1)..<32 {
          var sum: Double = 0
          for block in 0..<blocks { sum += Double(values[32 * block + first] * values[32 * block + second]) }
          // 992 pairs at 5.5 standard errors: 4e-5 in all.
          #expect(abs(sum) < 5.5 * Double(blocks).squareRoot(), "positions \(first) and \(second)")
        }
      }
    }
  }
}

/// Sums over one long run, made once for several tests.
private struct Tally {
  static let count = 1 << 26
  static let thresholds: [Double] = [3, 4, 5]
  static let shared = Tally()

  private(set) var powers: [Double] = [0, 0, 0, 0]
  private(set) var above = [0, 0, 0]
  private(set) var below = [0, 0, 0]
  private(set) var largest: Float = 0

  private init() {
    var stream = NormalStream(RandomStream(seed: 0).child("moments"))
    let size = 1 << 16
    var block = [Float](repeating: 0, count: size)
    for _ in 0..<(Self.count / size) {
      stream.fill(&block, count: size)
      add(block)
    }
  }

  private mutating func add(_ block: [Float]) {
    var sums = SIMD4<Double>.zero
    for value in block {
      let z = Double(value)
      sums += SIMD4(z, z * z, z * z * z, z * z * z * z)
      guard abs(z) > 3 else { continue }
      largest = max(largest, abs(value))
      for (index, threshold) in Self.thresholds.enumerated() where abs(z) > threshold {
        if z > 0 { above[index] += 1 } else { below[index] += 1 }
      }
    }
    for power in 0..<4 { powers[power] += sums[power] }
  }
}

/// (z² − 1) / √2, of mean 0 and variance 1.
private func centredSquare(_ z: Float) -> Float { (z * z - 1) * Float(0.5).squareRoot() }

import BanditNumerics
import Foundation
import Testing

@testable import BanditTraining

@Suite("The spiral and the cubic")
struct SpiralTests {
  @Test("Points lie on their arms, at even radii, with noise that grows from the centre")
  func points() {
    let count = 2_000
    let examples = Spiral.examples(count, stream: RandomStream(seed: 3))
    #expect(examples.count == 3 * count && examples.columns == 2)
    var square = 0.0
    for index in 0..<examples.count {
      let (x, y) = (Double(examples.features[2 * index]), Double(examples.features[2 * index + 1]))
      let radius = Double(index % count) / Double(count - 1)
      #expect(abs((x * x + y * y).squareRoot() - radius) < 1e-6)
      #expect(examples.targets[index] == Float(index / count))
      let angle =
        atan2(x, y) - 8 * (examples.targets[index] == 0 ? 0 : Double(examples.targets[index])) - 8 * radius
      // Angles are known round the circle: cos of the noise has the mean exp(−σ²/2).
      square += cos(angle) - exp(-0.5 * pow(0.3 * (1 + radius), 2))
    }
    // The cosine's standard deviation is at most 0.2 here; 6,000 of them.
    #expect(abs(square / Double(examples.count)) < 0.01)
  }

  @Test("The true probabilities are right as often as they say, and cost as much as their entropy")
  func posterior() {
    let examples = Spiral.examples(20_000, stream: RandomStream(seed: 4))
    var right = 0.0
    var said = 0.0
    var likelihood = 0.0
    var entropy = 0.0
    for index in 0..<examples.count {
      let probabilities = Spiral.posterior(
        x: Double(examples.features[2 * index]), y: Double(examples.features[2 * index + 1]))
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
      let most = probabilities.max() ?? 0
      said += most
      if probabilities[Int(examples.targets[index])] == most { right += 1 }
      likelihood -= log(probabilities[Int(examples.targets[index])])
      entropy -= probabilities.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
    }
    let count = Double(examples.count)
    // Standard errors of 60,000 points: 0.0008 of the share, below 0.002 of the cost.
    #expect(abs(right - said) / count < 0.004)
    #expect(abs(likelihood - entropy) / count < 0.008)
    #expect(right / count > 0.9 && right / count < 0.99)
  }

  @Test("A seed's points are always the same; training, testing and other seeds have others")
  func seeds() {
    let spiral = SpiralTask()
    #expect(spiral.training(seed: 1).features == spiral.training(seed: 1).features)
    #expect(spiral.training(seed: 1).features != spiral.test(seed: 1).features)
    #expect(spiral.training(seed: 1).features != spiral.training(seed: 2).features)
    let cubic = CubicTask()
    #expect(cubic.training(seed: 1).features == cubic.training(seed: 1).features)
    #expect(Set(cubic.training(seed: 1).features).isDisjoint(with: cubic.test(seed: 1).features))
    #expect(cubic.training(seed: 1).count == 40 && spiral.training(seed: 1).count == 3_000)
  }

  @Test("The cubic's points are uniform on [−4, 4] with noise of a standard deviation of 3")
  func cubic() {
    let examples = Cubic.examples(20_000, stream: RandomStream(seed: 5))
    let errors = zip(examples.features, examples.targets).map { Double($1) - pow(Double($0), 3) }
    #expect(examples.features.allSatisfy { (-4...4).contains($0) })
    // Standard errors: 0.02 of the mean error, 0.015 of its deviation, 0.016 of the mean place.
    #expect(abs(errors.reduce(0, +) / 20_000) < 0.08)
    #expect(abs((errors.reduce(0) { $0 + $1 * $1 } / 20_000).squareRoot() - 3) < 0.06)
    #expect(abs(examples.features.reduce(0) { $0 + Double($1) } / 20_000) < 0.07)
    let square = examples.features.reduce(0) { $0 + Double($1) * Double($1) } / 20_000
    #expect(abs(square - 16.0 / 3) < 0.15)
  }
}

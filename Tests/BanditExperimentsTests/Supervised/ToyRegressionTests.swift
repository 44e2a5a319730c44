import BanditNumerics
import Foundation
import Testing

@testable import BanditExperiments

@Suite("Toy regression")
struct ToyRegressionTests {
  @Test("The curve is the report's equation 22, with one noise inside both sines and outside")
  func curve() {
    #expect(ToyRegression.value(at: 0) == 0)
    #expect(abs(ToyRegression.value(at: 0.25) - 0.55) < 1e-12)
    #expect(abs(ToyRegression.value(at: 0.125) - (0.125 + 0.3 * 0.5.squareRoot() + 0.3)) < 1e-12)
    let shifted = 0.1 + 0.3 * sin(2 * .pi * 0.13) + 0.3 * sin(4 * .pi * 0.13) + 0.03
    #expect(abs(ToyRegression.value(at: 0.1, noise: 0.03) - shifted) < 1e-12)
  }

  @Test("Training points are evenly spaced from 0 to 0.5, test points from −0.2 to 1.4")
  func places() throws {
    let task = RegressionTask()
    let training = task.training(seed: 3)
    #expect(training.count == 1_024 && training.columns == 1)
    #expect(training.features.first == 0 && training.features.last == 0.5)
    #expect(abs(training.features[1] - Float(0.5 / 1_023)) < 1e-9)
    let test = task.test(seed: 3)
    #expect(test.count == 1_000 && test.features.first == -0.2 && test.features.last == 1.4)
  }

  @Test("The noise has a standard deviation of 0.02, and every seed its own")
  func noise() {
    // At x = 3/8 both sines are at their steepest against each other: dy/dε = 1 + 0.6π cos(3π/4) + 1.2π cos(3π/2).
    let slope = 1 + 0.6 * Double.pi * cos(0.75 * .pi)
    let examples = ToyRegression.examples(
      20_001, on: 0.3749...0.3751, stream: RandomStream(seed: 1).child("noise"))
    let spread = Spread(examples.targets.map { Double($0) })
    let expected = abs(slope) * ToyRegression.noise
    #expect(abs((spread?.deviation ?? 0) / expected - 1) < 0.1)
    let task = RegressionTask()
    #expect(task.training(seed: 1).targets == task.training(seed: 1).targets)
    #expect(task.training(seed: 1).targets != task.training(seed: 2).targets)
    #expect(task.training(seed: 1).targets[..<9] != task.test(seed: 1).targets[..<9])
  }
}

import BanditNumerics
import Foundation
import Testing

@testable import BanditLaboratory
@testable import BanditTraining

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
    // At whole x the curve rises steepest with the noise: dy/dε = 1 + 0.6π + 1.2π, all but linear within 0.02.
    let examples = ToyRegression.examples(
      20_001, on: 0.99999...1.00001, stream: RandomStream(seed: 1).child("noise"))
    let spread = Spread(examples.targets.map { Double($0) })
    let expected = (1 + 1.8 * Double.pi) * ToyRegression.noise
    // The sines bend: their expected slopes are less by exp(-(2π 0.02)²/2) and exp(-(4π 0.02)²/2), some 2 %.
    #expect(abs((spread?.deviation ?? 0) / expected - 1) < 0.04)
    #expect(abs((spread?.mean ?? 0) - 1) < 0.005)
    let task = RegressionTask()
    #expect(task.training(seed: 1).targets == task.training(seed: 1).targets)
    #expect(task.training(seed: 1).targets != task.training(seed: 2).targets)
    #expect(task.training(seed: 1).targets[..<9] != task.test(seed: 1).targets[..<9])
  }
}

import BanditCore
import BanditEnvironments
import BanditNumerics
import Foundation
import Testing

@Suite("Logistic rewards")
struct LogisticTests {
  private func make(
    _ change: (inout Logistic.Configuration) -> Void = { _ in }
  ) throws -> Logistic {
    var configuration = Logistic.Configuration()
    change(&configuration)
    return try Logistic(configuration: configuration, stream: RandomStream(seed: 1))
  }

  @Test("Uniform's expected regret is that of another program, uniform_regret.py")
  func uniform() throws {
    let found = try uniformRegret(of: Logistic.self, seeds: 500, steps: 40)
    #expect(found.agrees(with: 0.45195, other: 0.00020), "\(found)")
  }

  @Test("Rewards are 0 or 1, with the logistic function of the context as their probability")
  func probabilities() throws {
    var environment = try make()
    var observation = Observation(environment.spec)
    var errors: [Double] = []
    for _ in 0..<4_000 {
      environment.observe(into: &observation)
      for (arm, coefficients) in environment.coefficients.enumerated() {
        let product = zip(coefficients, observation.features).reduce(0) { $0 + $1.0 * Double($1.1) }
        #expect(abs(environment.audit().expectedRewards[arm] - 1 / (1 + exp(-product))) < 1e-12)
      }
      let reward = environment.step(2).reward
      #expect(reward == 0 || reward == 1)
      errors.append(reward - environment.audit().expectedRewards[2])
    }
    #expect(Estimate(errors).agrees(with: 0))
    for coefficients in environment.coefficients {
      #expect(abs(coefficients.reduce(0) { $0 + $1 * $1 } - 9) < 1e-12)
    }
  }

  @Test("Settings out of range are refused")
  func refusals() {
    let changes: [(inout Logistic.Configuration) -> Void] = [
      { $0.features = 0 }, { $0.actions = 1 }, { $0.slope = -1 }, { $0.slope = .infinity },
    ]
    for change in changes { #expect(throws: ConfigurationError.self) { try make(change) } }
  }
}

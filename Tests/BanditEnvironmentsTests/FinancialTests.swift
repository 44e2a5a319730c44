import BanditCore
import BanditEnvironments
import BanditNumerics
import TestSupport
import Testing

@Suite("Portfolios")
struct FinancialTests {
  private func make(
    _ folder: String, _ change: (inout Financial.Configuration) -> Void = { _ in }
  ) throws -> Financial {
    var configuration = Financial.Configuration()
    configuration.folder = folder
    change(&configuration)
    return try Financial(configuration: configuration, stream: RandomStream(seed: 1))
  }

  @Test("Rewards are linear in the day's moves, with noise by the arm")
  func rewards() throws {
    try withTemporaryDirectory { folder in
      try TinyShowdown.write(to: folder)
      var environment = try make(folder)
      #expect(environment.spec.featureCount == 21 && environment.spec.actionCount == 8)
      var observation = Observation(environment.spec)
      var squares: [Double] = []
      var days: Set<[Float]> = []
      for _ in 0..<2_000 {
        environment.observe(into: &observation)
        days.insert(observation.features)
        for (arm, coefficients) in environment.coefficients.enumerated() {
          let product = zip(coefficients, observation.features).reduce(0) { $0 + $1.0 * Double($1.1) }
          #expect(abs(environment.audit().expectedRewards[arm] - product) < 1e-12)
        }
        let error = environment.step(3).reward - environment.audit().expectedRewards[3]
        squares.append(error * error)
      }
      // Moves repeat after 19 days.
      #expect(days.count == 19)
      #expect(Estimate(squares).agrees(with: 0.04 * 0.04))
    }
  }

  @Test("Another number of fields, and settings out of range, are refused")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      try TinyShowdown.write(to: folder)
      #expect(throws: ConfigurationError.self) { try make(folder) { $0.actions = 1 } }
      #expect(throws: ConfigurationError.self) { try make(folder) { $0.noise = -1 } }
      try write("header\n1 2 3\n", to: "\(folder)/raw_stock_contexts")
      #expect(throws: (any Error).self) { try make(folder) }
    }
  }
}

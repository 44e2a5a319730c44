import BanditCore
import BanditEnvironments
import BanditNumerics
import Testing

@Suite("Linear rewards")
struct LinearTests {
  private func make(
    _ change: (inout Linear.Configuration) -> Void = { _ in }, seed: UInt64 = 1
  ) throws -> Linear {
    var configuration = Linear.Configuration()
    change(&configuration)
    return try Linear(configuration: configuration, stream: RandomStream(seed: seed))
  }

  @Test("Uniform's expected regret is that of another program, uniform_regret.py")
  func uniform() throws {
    let found = try uniformRegret(of: Linear.self, seeds: 500, steps: 40)
    #expect(found.agrees(with: 1.37821, other: 0.00091), "\(found)")
  }

  @Test("Expected rewards are the coefficients' products with the context shown; these are of unit length")
  func products() throws {
    var environment = try make()
    #expect(environment.spec.featureCount == 10 && environment.spec.actionCount == 8)
    var observation = Observation(environment.spec)
    for _ in 0..<100 {
      environment.observe(into: &observation)
      for (arm, coefficients) in environment.coefficients.enumerated() {
        let product = zip(coefficients, observation.features).reduce(0) { $0 + $1.0 * Double($1.1) }
        #expect(abs(environment.audit().expectedRewards[arm] - product) < 1e-12)
      }
    }
    for coefficients in environment.coefficients {
      #expect(abs(coefficients.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
      #expect(coefficients.contains { $0 < 0 } && coefficients.contains { $0 > 0 })
    }
  }

  @Test("The noise of the arm k deviates by k hundredths")
  func noise() throws {
    var environment = try make()
    var observation = Observation(environment.spec)
    var squares: [[Double]] = Array(repeating: [], count: 8)
    for _ in 0..<4_000 {
      environment.observe(into: &observation)
      for arm in 0..<8 {
        let error = environment.step(arm).reward - environment.audit().expectedRewards[arm]
        squares[arm].append(error * error)
      }
    }
    for arm in 0..<8 {
      let deviation = 0.01 * Double(arm + 1)
      #expect(Estimate(squares[arm]).agrees(with: deviation * deviation))
    }
  }

  @Test("A task belongs to its seed: practice stays in it, another seed has another")
  func tasks() throws {
    var environment = try make()
    let coefficients = environment.coefficients
    #expect(try make(seed: 2).coefficients != coefficients)
    var observation = Observation(environment.spec)
    environment.observe(into: &observation)
    let first = observation
    environment.practise(stream: RandomStream(seed: 9))
    environment.observe(into: &observation)
    #expect(environment.coefficients == coefficients)
    #expect(observation != first)
  }

  @Test("Settings out of range are refused")
  func refusals() {
    let changes: [(inout Linear.Configuration) -> Void] = [
      { $0.features = 0 }, { $0.actions = 1 }, { $0.actions = 10_000 }, { $0.noise = -1 },
    ]
    for change in changes { #expect(throws: ConfigurationError.self) { try make(change) } }
  }
}

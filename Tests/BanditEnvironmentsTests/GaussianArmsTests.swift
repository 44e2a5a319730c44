import BanditCore
import BanditEnvironments
import BanditNumerics
import Testing

@Suite("Gaussian arms")
struct GaussianArmsTests {
  private func make(
    _ change: (inout GaussianArms.Configuration) -> Void = { _ in }
  ) throws -> GaussianArms {
    var configuration = GaussianArms.Configuration()
    change(&configuration)
    return try GaussianArms(configuration: configuration, stream: RandomStream(seed: 1))
  }

  @Test("Uniform's expected regret is the mean of the largest of ten normal numbers, 1.53875")
  func uniform() throws {
    let found = try uniformRegret(of: GaussianArms.self, seeds: 5_000, steps: 1)
    #expect(found.agrees(with: 1.538_752_73), "\(found)")
  }

  @Test("Given means are used, rewards spread around them, the context says nothing")
  func means() throws {
    var environment = try make {
      $0.means = [0, 3, 1]
      $0.deviation = 2
    }
    #expect(environment.spec.actionCount == 3 && environment.spec.featureCount == 1)
    var observation = Observation(environment.spec)
    var errors: [Double] = []
    for _ in 0..<4_000 {
      environment.observe(into: &observation)
      #expect(observation.features == [1])
      #expect(environment.audit().expectedRewards == [0, 3, 1])
      #expect(environment.step(1).counts == [1])
      errors.append(environment.step(2).reward - 1)
    }
    #expect(Estimate(errors).agrees(with: 0))
    #expect(Estimate(errors.map { $0 * $0 }).agrees(with: 4))
  }

  @Test("Settings out of range are refused")
  func refusals() {
    let changes: [(inout GaussianArms.Configuration) -> Void] = [
      { $0.arms = 1 }, { $0.means = [1] }, { $0.means = [1, .infinity] }, { $0.deviation = -1 },
    ]
    for change in changes { #expect(throws: ConfigurationError.self) { try make(change) } }
  }
}

import BanditCore
import BanditEnvironments
import BanditNumerics
import Testing

@Suite("The wheel")
struct WheelTests {
  private func make(_ change: (inout Wheel.Configuration) -> Void = { _ in }) throws -> Wheel {
    var configuration = Wheel.Configuration()
    change(&configuration)
    return try Wheel(configuration: configuration, stream: RandomStream(seed: 1))
  }

  @Test(
    "Uniform's expected regret is 0.16 δ² + 39.16 (1 − δ²)",
    arguments: [(0.5, 29.41), (0.7, 20.05), (0.9, 7.57), (0.95, 3.9625), (0.99, 0.9361)])
  func uniform(delta: Double, published: Double) throws {
    let exact = 0.16 * delta * delta + 39.16 * (1 - delta * delta)
    #expect(abs(exact - published) < 0.01)
    let regrets = try uniformRegrets(make { $0.delta = delta }, steps: 40_000)
    #expect(Estimate(regrets).agrees(with: exact))
  }

  @Test("Far out the quadrant's arm is the best, elsewhere the fifth; points fill the disc evenly")
  func quadrants() throws {
    var environment = try make { $0.delta = 0.6 }
    var observation = Observation(environment.spec)
    var inside = 0
    for _ in 0..<4_000 {
      environment.observe(into: &observation)
      let (x, y) = (observation.features[0], observation.features[1])
      let square = x * x + y * y
      #expect(square <= 1.000_001)
      guard abs(square - 0.36) > 1e-5, x != 0, y != 0 else { continue }
      let expected = square < 0.36 ? 4 : [[3, 2], [1, 0]][x > 0 ? 1 : 0][y > 0 ? 1 : 0]
      #expect(environment.audit().bestAction == expected)
      #expect(environment.audit().expectedRewards[expected] == (expected == 4 ? 1.2 : 50))
      #expect(environment.step(expected).counts == [1])
      #expect(environment.step((expected + 1) % 5).counts == [0])
      if square < 0.36 { inside += 1 }
    }
    // A share of 0.36, six standard deviations: 6 √(4000 · 0.36 · 0.64) = 182.
    #expect(abs(inside - 1_440) < 182)
  }

  @Test("Rewards spread as the settings say")
  func deviations() throws {
    var environment = try make {
      $0.delta = 0
      $0.means = [0, 1, 2, 3, 4]
      $0.deviations = [0, 1, 2, 3, 4]
      $0.high = -7
      $0.highDeviation = 0.5
    }
    var observation = Observation(environment.spec)
    var errors: [Double] = []
    for _ in 0..<4_000 {
      environment.observe(into: &observation)
      let worst = environment.audit().expectedRewards.firstIndex(of: -7) ?? -1
      #expect((0..<4).contains(worst))
      errors.append(environment.step(worst).reward + 7)
      #expect(abs(environment.step(4).reward - 4 - 8 * (errors.last ?? 0)) < 1e-9)
    }
    let square = Estimate(errors.map { $0 * $0 })
    #expect(square.agrees(with: 0.25))
  }

  @Test("Settings out of range are refused")
  func refusals() {
    let changes: [(inout Wheel.Configuration) -> Void] = [
      { $0.delta = 1.1 }, { $0.means = [1] }, { $0.deviations = [0, 0, 0, 0, -1] }, { $0.high = .infinity },
      { $0.highDeviation = -1 },
    ]
    for change in changes { #expect(throws: ConfigurationError.self) { try make(change) } }
  }
}

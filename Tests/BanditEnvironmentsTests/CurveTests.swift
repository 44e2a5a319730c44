import BanditCore
import BanditData
import BanditEnvironments
import BanditNumerics
import BanditTesting
import Foundation
import Testing

@Suite("The curve as a bandit")
struct CurveTests {
  private func make(_ change: (inout Curve.Configuration) -> Void = { _ in }) throws -> Curve {
    var configuration = Curve.Configuration()
    change(&configuration)
    return try Curve(configuration: configuration, stream: RandomStream(seed: 1))
  }

  @Test("The places are evenly spaced and shown, one a feature")
  func places() throws {
    var environment = try make()
    #expect(environment.spec.featureCount == 33)
    #expect(environment.spec.actionCount == 33)
    var observation = Observation(environment.spec)
    for _ in 0..<3 {
      environment.observe(into: &observation)
      for place in 0..<33 {
        #expect(abs(observation.features[place] - Float(-0.2 + 0.05 * Double(place))) < 1e-6)
      }
    }
  }

  @Test(
    "The mean of the noisy curve is the closed form's, for small and large noise",
    arguments: [0.0, 0.02, 0.3])
  func expectation(noise: Double) {
    // The mean over a normal ε by the midpoint rule, whose error for such functions is below rounding.
    let points = (0..<4_000).map { -8 + (Double($0) + 0.5) * 16 / 4_000 }
    let weights = points.map { exp($0 * $0 / -2) }
    let total = weights.reduce(0, +)
    for x in stride(from: -0.5, through: 1.5, by: 0.1) {
      let mean =
        zip(points, weights).reduce(0) { $0 + $1.1 * ToyCurve.value(at: x, noise: noise * $1.0) } / total
      #expect(abs(mean - ToyCurve.expectedValue(at: x, noise: noise)) < 1e-9)
    }
  }

  @Test("The best place is not the first hill")
  func hills() throws {
    var environment = try make()
    var observation = Observation(environment.spec)
    environment.observe(into: &observation)
    let heights = environment.audit().expectedRewards
    let hills = (1..<32).filter { heights[$0] > heights[$0 - 1] && heights[$0] > heights[$0 + 1] }
    #expect(hills.count >= 3)
    #expect(environment.audit().bestAction == hills.max { heights[$0] < heights[$1] })
    #expect(heights[hills[0]] < 0.5 * (heights.max() ?? 0))
  }

  @Test("Without noise the reward is the curve's height; the best place is counted")
  func noiseless() throws {
    var environment = try make { $0.noise = 0 }
    var observation = Observation(environment.spec)
    environment.observe(into: &observation)
    for action in 0..<33 {
      let outcome = environment.step(action)
      #expect(outcome.reward == environment.audit().expectedRewards[action])
      #expect(outcome.counts == [action == environment.audit().bestAction ? 1 : 0])
    }
  }

  @Test("A shift moves all places alike, within its bound, and what is best moves with it")
  func shift() throws {
    var environment = try make { $0.shift = 0.5 }
    var observation = Observation(environment.spec)
    var best: Set<Int> = []
    var shifts: [Float] = []
    for _ in 0..<200 {
      environment.observe(into: &observation)
      let shift = observation.features[0] + 0.2
      shifts.append(shift)
      #expect(abs(observation.features[32] - (1.4 + shift)) < 1e-5)
      best.insert(environment.audit().bestAction)
    }
    #expect(shifts.allSatisfy { (-1e-6...0.5).contains($0) })
    #expect((shifts.max() ?? 0) - (shifts.min() ?? 0) > 0.4)
    #expect(best.count > 3)
  }

  @Test("As features of actions the places are the same, and pay the same")
  func actions() throws {
    var one = try make { $0.shift = 0.5 }
    var other = try make { ($0.shift, $0.encoding) = (0.5, .actions) }
    #expect(other.spec.featureCount == 1 && other.spec.actionFeatureCount == 1 && !other.spec.limitsActions)
    var (shown, seen) = (Observation(one.spec), Observation(other.spec))
    for step in 0..<100 {
      one.observe(into: &shown)
      other.observe(into: &seen)
      #expect(seen.actionFeatures == shown.features)
      #expect(abs(seen.features[0] - (shown.features[0] + 0.2)) < 1e-6)
      #expect(one.audit() == other.audit())
      let outcomes = [one.step(step % 33), other.step(step % 33)]
      #expect(outcomes[0] == outcomes[1])
    }
    var configuration = Curve.Configuration()
    (configuration.shift, configuration.encoding) = (0.5, .actions)
    #expect(EnvironmentLaws.violations(of: Curve.self, configuration: configuration) == [])
  }

  @Test("Settings out of range are refused")
  func refusals() {
    let changes: [(inout Curve.Configuration) -> Void] = [
      { $0.places = 1 }, { $0.places = 10_000 }, { $0.from = 2 }, { $0.to = 1e300 }, { $0.noise = -1 },
      { $0.shift = -0.1 }, { $0.noise = .infinity },
    ]
    for change in changes { #expect(throws: ConfigurationError.self) { try make(change) } }
  }
}

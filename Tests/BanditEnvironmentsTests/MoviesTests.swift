import BanditCore
import BanditNumerics
import BanditTesting
import Foundation
import Testing

@testable import BanditEnvironments

@Suite("Films that come and go")
struct MoviesTests {
  private func make(_ change: (inout Movies.Configuration) -> Void = { _ in }) throws -> Movies {
    var configuration = Movies.Configuration()
    change(&configuration)
    return try Movies(configuration: configuration, stream: RandomStream(seed: 3))
  }

  @Test(
    "Films stay until they are replaced, about as often as the settings say, and places are empty as often")
  func turnover() throws {
    var environment = try make()
    var observation = Observation(environment.spec)
    environment.observe(into: &observation)
    var before = try #require(observation.actionFeatures)
    var (replaced, empty) = (0, 0)
    for _ in 0..<2_000 {
      environment.observe(into: &observation)
      let films = try #require(observation.actionFeatures)
      for place in 0..<10 where films[(5 * place)..<(5 * place + 5)] != before[(5 * place)..<(5 * place + 5)]
      {
        replaced += 1
      }
      empty += 10 - observation.availableCount(of: 10)
      before = films
    }
    // 400 and 4,000 × 0.9, with deviations of 20 and 60: one place in ten is never empty.
    #expect(abs(replaced - 400) < 100 && abs(empty - 3_600) < 300)
  }

  @Test("Empty places are no choice of the oracle, and pay nothing")
  func empty() throws {
    var environment = try make { $0.empty = 1 }
    var observation = Observation(environment.spec)
    for _ in 0..<20 {
      environment.observe(into: &observation)
      let audit = environment.audit()
      #expect(observation.availableCount(of: 10) == 1)
      #expect(observation.isAvailable(audit.bestAction))
      #expect(audit.uniformExpectedReward == audit.bestExpectedReward)
      let other = try #require((0..<10).first { !observation.isAvailable($0) })
      #expect(environment.step(other).reward == 0)
    }
  }

  @Test("Settings out of range are refused")
  func ranges() {
    #expect(throws: ConfigurationError.self) { try make { $0.places = 1 } }
    #expect(throws: ConfigurationError.self) { try make { $0.turnover = 1.5 } }
  }

  @Test("An audit without word of what is there takes all actions")
  func audit() {
    let all = Audit(expectedRewards: [1, 3, 2])
    #expect(all.bestAction == 1 && all.uniformExpectedReward == 2)
    let some = Audit(expectedRewards: [1, 3, 2], available: [true, false, true])
    #expect(some.bestAction == 2 && some.bestExpectedReward == 2 && some.uniformExpectedReward == 1.5)
  }
}

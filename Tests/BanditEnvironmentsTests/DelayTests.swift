import BanditCore
import BanditEnvironments
import BanditNumerics
import Testing

@Suite("Delay")
struct DelayTests {
  private func delays(
    _ kind: Delay.Kind, _ steps: Int, count: Int
  ) throws -> [Int] {
    var configuration = Delay.Configuration()
    (configuration.kind, configuration.steps) = (kind, steps)
    var delay = try Delay(configuration: configuration, stream: RandomStream(seed: 1))
    var observation = Observation(delay.spec)
    return try (0..<count).map { _ in
      try delay.observe(into: &observation)
      _ = try delay.step(0)
      return delay.delay
    }
  }

  @Test("A fixed delay is always the same; a batch's rewards arrive at its end")
  func regular() throws {
    #expect(try delays(.fixed, 7, count: 5) == [7, 7, 7, 7, 7])
    #expect(try delays(.batch, 3, count: 7) == [2, 1, 0, 2, 1, 0, 2])
    #expect(try delays(.geometric, 0, count: 3) == [0, 0, 0])
  }

  @Test("A geometric delay has its mean, and the chance of none is 1 / (mean + 1)")
  func geometric() throws {
    let delays = try delays(.geometric, 9, count: 20_000)
    #expect(Estimate(delays.map(Double.init)).agrees(with: 9))
    #expect(Estimate(delays.map { $0 == 0 ? 1 : 0 }).agrees(with: 0.1))
    #expect(Estimate(delays.map { $0 == 5 ? 1 : 0 }).agrees(with: 0.1 * 0.59049))
  }

  @Test("A delay of a drift has the drift's counters")
  func nested() throws {
    var configuration = Delay.Configuration()
    configuration.of = "drift"
    configuration.ofSet = ["of=linear", "every=3", "ofSet=actions=5"]
    let delay = try Delay(configuration: configuration, stream: RandomStream(seed: 1))
    #expect(delay.spec.actionCount == 5)
    #expect(delay.spec.counters.map(\.name) == ["optimal_rate", "windowed_regret", "changes"])
  }

  @Test("Settings out of range are refused")
  func refusals() {
    let changes: [(inout Delay.Configuration) -> Void] = [
      { $0.steps = -1 }, { $0.steps = 2_000_000 }, { ($0.kind, $0.steps) = (.batch, 0) },
      { $0.of = "delay" }, { $0.of = "none" },
    ]
    for change in changes {
      var configuration = Delay.Configuration()
      change(&configuration)
      #expect(throws: ConfigurationError.self) {
        try Delay(configuration: configuration, stream: RandomStream(seed: 1))
      }
    }
  }
}

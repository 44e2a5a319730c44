import BanditCore
import BanditEnvironments
import BanditNumerics
import Testing

@Suite("Drift")
struct DriftTests {
  private func make(_ change: (inout Drift.Configuration) -> Void = { _ in }) throws -> Drift {
    var configuration = Drift.Configuration()
    configuration.of = "gaussian-arms"
    configuration.ofSet = ["means=0", "1", "2", "3", "deviation=0"]
    configuration.every = 5
    change(&configuration)
    return try Drift(configuration: configuration, stream: RandomStream(seed: 1))
  }

  /// The expected rewards at each step.
  private func audits(_ drift: Drift, _ count: Int) throws -> [[Double]] {
    var drift = drift
    var observation = Observation(drift.spec)
    return try (0..<count).map { step in
      try drift.observe(into: &observation)
      let audit = try drift.audit()
      let outcome = try drift.step(step % 4)
      #expect(outcome.reward == audit.expectedRewards[step % 4])
      #expect(outcome.counts[1] == 3 - outcome.reward)
      return audit.expectedRewards
    }
  }

  @Test("A swap exchanges two actions at every fifth step and at no other")
  func swap() throws {
    let audits = try audits(make(), 500)
    #expect(audits[0] == [0, 1, 2, 3])
    var pairs: Set<Set<Int>> = []
    for step in 1..<500 {
      let moved = (0..<4).filter { audits[step][$0] != audits[step - 1][$0] }
      #expect(moved.count == (step % 5 == 0 ? 2 : 0))
      if !moved.isEmpty { pairs.insert(Set(moved)) }
    }
    #expect(pairs.count == 6)
  }

  @Test("A rotation moves all by one place")
  func rotate() throws {
    let audits = try audits(make { $0.kind = .rotate }, 21)
    #expect(audits[4] == [0, 1, 2, 3] && audits[5] == [1, 2, 3, 0] && audits[20] == [0, 1, 2, 3])
  }

  @Test("A walk exchanges neighbours at random steps, every fifth on average")
  func walk() throws {
    let audits = try audits(make { $0.kind = .walk }, 4_000)
    var changes = 0
    for step in 1..<4_000 {
      let moved = (0..<4).filter { audits[step][$0] != audits[step - 1][$0] }
      guard !moved.isEmpty else { continue }
      changes += 1
      #expect(moved.count == 2 && moved[1] == moved[0] + 1)
    }
    // A share of 0.2, six standard deviations: 6 √(4000 · 0.2 · 0.8) = 152.
    #expect(abs(changes - 800) < 152)
  }

  @Test("Contexts are those of the environment inside, under the same seed")
  func contexts() throws {
    var drift = try make {
      $0.of = "linear"
      $0.ofSet = ["features=4", "actions=3"]
    }
    var configuration = Linear.Configuration()
    (configuration.features, configuration.actions) = (4, 3)
    var inside = try Linear(configuration: configuration, stream: RandomStream(seed: 1))
    var (one, two) = (Observation(drift.spec), Observation(inside.spec))
    for _ in 0..<40 {
      try drift.observe(into: &one)
      inside.observe(into: &two)
      #expect(one == two)
      #expect(try drift.audit().expectedRewards.sorted() == inside.audit().expectedRewards.sorted())
      _ = try drift.step(0)
    }
    #expect(drift.spec.counters.map(\.name) == ["optimal_rate", "windowed_regret", "changes"])
  }

  @Test(
    "Names, settings and values that the environment inside does not have are refused, and drifts of delays")
  func refusals() {
    let changes: [(inout Drift.Configuration) -> Void] = [
      { $0.every = 0 }, { $0.of = "weel" }, { $0.ofSet = ["delta=1"] }, { $0.ofSet = ["deviation"] },
      { $0.ofSet = ["deviation=-1"] }, { ($0.of, $0.ofSet) = ("delay", []) },
      { ($0.of, $0.ofSet) = ("drift", []) },
    ]
    for change in changes { #expect(throws: ConfigurationError.self) { try make(change) } }
    let error = #expect(throws: ConfigurationError.self) { try make { $0.of = "weel" } }
    #expect(error?.key == "of" && error?.description.contains("wheel") == true)
  }
}

import BanditCore
import BanditEnvironments
import BanditNumerics
import Testing

@Suite("Mushroom rewards")
struct MushroomRewardTests {
  /// Plays steps with actions of one's choice and gives what came of them.
  private func outcomes(
    seed: UInt64, steps: Int, action: (Int) -> Int
  ) throws -> [(context: [Int32], audit: Audit, outcome: Outcome)] {
    var environment = try mushroom(seed: seed)
    var observation = Observation(environment.spec)
    return (0..<steps).map { step in
      environment.observe(into: &observation)
      return (observation.activeIndices, environment.audit(), environment.step(action(step)))
    }
  }

  private func isPoisonous(_ audit: Audit) -> Bool { audit.expectedRewards == [-15, 0] }

  @Test("The four cases pay, and are audited and counted, as published")
  func cases() throws {
    let eaten = try outcomes(seed: 1, steps: 500) { _ in Mushroom.eat }
    let rejected = try outcomes(seed: 1, steps: 500) { _ in Mushroom.reject }
    for (meal, refusal) in zip(eaten, rejected) {
      #expect(meal.audit == refusal.audit)
      let (audit, eaten, rejected) = (meal.audit, meal.outcome, refusal.outcome)
      #expect(rejected.reward == 0)
      if isPoisonous(audit) {
        #expect(eaten.reward == 5 || eaten.reward == -35)
        #expect(eaten.counts == [1, 0, 1])
        #expect(rejected.counts == [0, 0, 0])
        #expect(audit.bestAction == Mushroom.reject)
      } else {
        #expect(audit.expectedRewards == [5, 0])
        #expect(eaten.reward == 5)
        #expect(eaten.counts == [0, 0, 1])
        #expect(rejected.counts == [0, 1, 0])
        #expect(audit.bestAction == Mushroom.eat)
      }
    }
    let poisonous = eaten.filter { isPoisonous($0.audit) }
    #expect(Set(poisonous.map(\.outcome.reward)) == [5, -35])
    #expect(poisonous.count < eaten.count)
  }

  @Test("In the long run 3,916 of 8,124 are poisonous, and the coin is fair")
  func longRun() throws {
    let steps = 40_000
    let eaten = try outcomes(seed: 7, steps: steps) { _ in Mushroom.eat }
    let poisonous = eaten.filter { isPoisonous($0.audit) }
    // Four standard errors each: 0.0025 of 40,000 draws, 0.0036 of about 19,300 coins.
    #expect(abs(Double(poisonous.count) / Double(steps) - 3_916 / 8_124) < 0.01)
    let kind = poisonous.count { $0.outcome.reward == 5 }
    #expect(abs(Double(kind) / Double(poisonous.count) - 0.5) < 0.0144)
  }

  @Test("Two agents under one seed meet the same contexts and the same luck")
  func sameLuck() throws {
    let eater = try outcomes(seed: 11, steps: 2_000) { _ in Mushroom.eat }
    let mixed = try outcomes(seed: 11, steps: 2_000) { $0 % 3 == 0 ? Mushroom.reject : Mushroom.eat }
    #expect(eater.map(\.context) == mixed.map(\.context))
    for step in 0..<2_000 where step % 3 != 0 { #expect(eater[step].outcome == mixed[step].outcome) }
    let other = try outcomes(seed: 12, steps: 2_000) { _ in Mushroom.eat }
    #expect(eater.map(\.context) != other.map(\.context))
  }

  @Test("A copy goes on by itself")
  func copies() throws {
    var original = try mushroom()
    var observation = Observation(original.spec)
    original.observe(into: &observation)
    var copy = original
    #expect(copy.step(Mushroom.eat) == original.step(Mushroom.eat))
    for _ in 0..<10 { copy.observe(into: &observation) }
    var again = try mushroom()
    var expected = Observation(again.spec)
    again.observe(into: &expected)
    again.observe(into: &expected)
    original.observe(into: &observation)
    #expect(observation == expected)
  }

  @Test("The encoding changes columns, never mushrooms or luck")
  func encodings() throws {
    var full = try mushroom(.full, seed: 2)
    var dropped = try mushroom(.dropFirst, seed: 2)
    var observation = Observation(full.spec)
    for _ in 0..<300 {
      full.observe(into: &observation)
      dropped.observe(into: &observation)
      #expect(full.step(Mushroom.eat) == dropped.step(Mushroom.eat))
    }
  }

  @Test("An action that is neither is a programmer's mistake")
  func actions() async {
    await #expect(processExitsWith: .failure) {
      var environment = try mushroom()
      var observation = Observation(environment.spec)
      environment.observe(into: &observation)
      _ = environment.step(2)
    }
  }
}

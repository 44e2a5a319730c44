import BanditCore
import BanditEnvironments
import TestSupport
import Testing

@Suite("Adult's persons")
struct AdultTests {
  @Test("Rows with a question mark are dropped, both files read, labels of income made one")
  func tiny() throws {
    let environment = try showdown(Adult.self)
    #expect(environment.spec.actionNames == ["Craft-repair", "Sales", "Tech-support"])
    let names = environment.spec.featureNames ?? []
    #expect(names.filter { $0.hasPrefix("income=") } == ["income=<=50K", "income=>50K"])
    #expect(names.filter { $0.hasPrefix("workclass=") } == ["workclass=Private", "workclass=State-gov"])
    #expect(names.first == "age" && !names.contains { $0.contains("occupation") || $0.contains("?") })
    // Of 80 rows every tenth has a question mark.
    let rows = try rows(environment, 72)
    #expect(Set(rows.map(\.context)).count == 72)
    expectStandardised([rows.map { $0.context[0] }])
    #expect(rows.allSatisfy { $0.context.count { $0 == 1 } >= 8 })
  }

  @Test(
    "The published rows: 45,222 without a question mark, 92 columns, 14 occupations",
    .enabled(if: FullShowdown.folder != nil, "\(FullShowdown.need)"))
  func published() throws {
    let environment = try showdown(Adult.self, in: try #require(FullShowdown.folder))
    #expect(environment.spec.featureCount == 92 && environment.spec.actionCount == 14)
    var played = environment
    var observation = Observation(played.spec)
    var counts = [Int](repeating: 0, count: 14)
    for _ in 0..<45_222 {
      played.observe(into: &observation)
      counts[played.audit().bestAction] += 1
    }
    #expect(counts == Self.counts)
  }

  /// By `awk` over both files.
  private static let counts = [
    5540, 14, 6020, 5984, 1480, 2046, 2970, 4808, 232, 6008, 976, 5408, 1420, 2316,
  ]
}

import BanditCore
import BanditEnvironments
import TestSupport
import Testing

@Suite("The shuttle's flights")
struct StatlogTests {
  @Test("Nine standardised numbers, seven states; naming the right one pays")
  func tiny() throws {
    let environment = try showdown(Statlog.self)
    #expect(environment.spec.featureCount == 9 && environment.spec.actionCount == 7)
    #expect(environment.dataFiles.keys.sorted() == ["statlog/shuttle.trn"])
    let rows = try rows(environment, 70)
    expectStandardised((0..<9).map { column in rows.map { $0.context[column] } })
    #expect((0..<7).allSatisfy { state in rows.count { $0.label == state } == 10 })
    var played = environment
    var observation = Observation(played.spec)
    played.observe(into: &observation)
    let right = played.audit().bestAction
    #expect((0..<7).map { played.step($0).reward } == (0..<7).map { $0 == right ? 1 : 0 })
  }

  @Test(
    "The published rows: 43,500, of which 34,108 are of the first state",
    .enabled(if: FullShowdown.folder != nil, "\(FullShowdown.need)"))
  func published() throws {
    let environment = try showdown(Statlog.self, in: try #require(FullShowdown.folder))
    let rows = try rows(environment, 43_500)
    expectStandardised((0..<9).map { column in rows.map { $0.context[column] } })
    #expect(rows.count { $0.label == 0 } == 34_108)
    #expect(
      environment.dataFiles == [
        "statlog/shuttle.trn": "87b24ee9fb5137e1d417659cf905d84d0e15342bbaa60770f1ae83da1a38200a"
      ])
  }
}

import BanditCore
import BanditEnvironments
import Testing

@Suite("The cover of forests")
struct CovertypeTests {
  @Test("54 standardised columns, seven kinds, and the first row is a row")
  func tiny() throws {
    let environment = try showdown(Covertype.self)
    #expect(environment.spec.featureCount == 54 && environment.spec.actionCount == 7)
    #expect(environment.spec.featureNames?.first == "elevation")
    #expect(environment.spec.featureNames?.last == "soil type 40")
    let rows = try rows(environment, 70)
    #expect(Set(rows.map(\.context)).count == 70)
    expectStandardised((0..<54).map { column in rows.map { $0.context[column] } })
    #expect((0..<7).allSatisfy { kind in rows.count { $0.label == kind } == 10 })
  }
}

import BanditCore
import BanditEnvironments
import TestSupport
import Testing

@Suite("The census")
struct CensusTests {
  @Test("All columns but the case and the occupation are one-hot")
  func tiny() throws {
    let environment = try showdown(Census.self)
    #expect(environment.spec.encoding == .oneHot(maximumActive: 2))
    #expect(environment.spec.actionNames == (0..<9).map { "\($0)" })
    #expect(
      environment.spec.featureNames == (0..<8).map { "dAge=\($0)" } + ["iSex=0", "iSex=1"])
    let rows = try rows(environment, 40)
    #expect(rows.allSatisfy { $0.context.count { $0 == 1 } == 2 && $0.context[8] + $0.context[9] == 1 })
    #expect((0..<9).map { label in rows.count { $0.label == label } } == [5, 5, 5, 5, 4, 4, 4, 4, 4])
  }

  @Test("A file without the header is refused")
  func header() throws {
    try withTemporaryDirectory { folder in
      try write("1,2,3\n4,5,6\n", to: "\(folder)/USCensus1990.data.txt")
      #expect(throws: (any Error).self) { try showdown(Census.self, in: folder) }
    }
  }
}

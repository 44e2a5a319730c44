import BanditCore
import BanditNumerics
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Measurements of agents")
struct MeasurementTests {
  @Test("What an agent measures is a column of the log, and is compared where it is known")
  func column() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("squarecb", smallSettings + ["gamma=2"], steps: 25)
      try play(settings, into: folder)
      let lines = try logText(folder + "/regret.csv.gz").split(separator: "\n")
      #expect(lines[0].hasSuffix(",propensity,uniform_expected_reward,gamma"))
      #expect(lines[25].hasSuffix(",10"))
      let run = try RecordedRun(readingFrom: folder, points: 5)
      #expect(run.measurementNames == ["gamma"] && run.value("gamma", at: 25) == 10)
      let comparison = try compare(
        RunTask.tasks(of: [run], registry: registry).tasks[0].groups, at: [], reference: nil)
      #expect(comparison.measurementNames == ["gamma"])
      #expect(comparison.tables[0].standings[0].measurements == ["gamma": 10])
    }
  }
}

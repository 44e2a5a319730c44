import BanditCore
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Steps as JSON lines")
struct JSONLinesTests {
  @discardableResult
  private func play(_ folder: String, resume: Bool = false, until last: Int = .max) throws -> [String] {
    let settings = try settings("uniform", environment: "mushroom", steps: 1_200)
    let directory = try RunDirectory(
      creating: folder, overwrite: false, resume: resume, others: JSONLines.files)
    var steps = 0
    _ = try Run(
      Simulation(settings, registry: registry), program: "tests",
      observers: [JSONLines(), ProgressObserver { steps = $0.record.step }]
    ).play(into: directory, shouldStop: { steps >= last })
    return try logText(folder + "/steps.jsonl.gz").split(separator: "\n").map(String.init)
  }

  @Test("Every step is an object with names in place of indices")
  func lines() throws {
    try withTemporaryDirectory { folder in
      let lines = try play(folder)
      #expect(lines.count == 1_200)
      let last = try #require(lines.last)
      let values = try JSONDecoder().decode([String: SettingValue].self, from: Data(last.utf8))
      #expect(values["step"] == .integer(1_200) && values["propensity"] == .number(0.5))
      #expect(["eat", "reject"].contains(values["action"]?.description))
      guard case .group(let counters)? = values["counters"] else {
        Issue.record("no counters in \(last)")
        return
      }
      #expect(Set(counters.keys) == ["false_positives", "false_negatives", "eating_rate"])
    }
  }

  @Test("A run that was stopped and resumed leaves the same lines")
  func resumed() throws {
    try withTemporaryDirectory { folder in
      let whole = try play(folder + "/whole")
      try play(folder + "/x", until: 1_100)
      #expect(try play(folder + "/x", resume: true) == whole)
    }
  }
}

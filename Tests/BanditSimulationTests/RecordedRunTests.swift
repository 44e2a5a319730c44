import BanditFiles
import BanditNumerics
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Runs read back from their folders")
struct RecordedRunTests {
  /// Reads a run of 2,345 steps in a folder that `change` has broken, and gives the reason why it cannot be read.
  private func reason(_ change: (_ folder: String) throws -> Void) throws -> String {
    try withTemporaryDirectory { folder in
      try play(settings("uniform", steps: 2_345), into: folder)
      try change(folder)
      let error = #expect(throws: DataFileError.self) { try RecordedRun(readingFrom: folder, points: 10) }
      return try #require(error).reason
    }
  }

  private func replaceLog(_ folder: String, _ change: (String) -> String) throws {
    let path = folder + "/regret.csv.gz"
    let text = try change(logText(path))
    try Data(Gzip.member(of: Array(text.utf8))).write(to: URL(filePath: path))
  }

  @Test("A run has its settings, its counters, and its curves at even steps, the first and the last")
  func whole() throws {
    try withTemporaryDirectory { folder in
      let settings = try settings("reader", ["actions=0,1,2,2"], environment: "script", steps: 1_234)
      let summary = try play(settings, into: folder)
      let run = try RecordedRun(readingFrom: folder, points: 5)
      #expect(run.settings == settings && run.path == folder)
      #expect(run.counterNames == ["thirds", "third_rate"])
      #expect(run.steps == [1, 246, 492, 738, 984, 1_230, 1_234])
      #expect(run[RecordedRun.regret]?.last == summary.cumulativeRegret)
      #expect(run[RecordedRun.expectedRegret]?.last == summary.cumulativeExpectedRegret)
      #expect(run["thirds"]?.last == summary.counters["thirds"])
      #expect(run["third_rate"]?.count == 7)
      #expect(run["loss"] == nil)
      let rows = try logText(folder + "/regret.csv.gz").split(separator: "\n")
      let fields = rows[246].split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields[0] == "246")
      #expect(run[RecordedRun.expectedRegret]?[1] == Double(fields[7]))
      #expect(run["thirds"]?[1] == Double(fields[8]))
    }
  }

  @Test("What an unfinished run has flushed can be read")
  func unfinished() throws {
    try withTemporaryDirectory { folder in
      let directory = try RunDirectory(creating: folder, overwrite: false)
      let settings = try settings("uniform", steps: 5_000)
      var count = 0
      _ = try Run(Simulation(settings, registry: registry), program: "tests").play(
        into: directory,
        shouldStop: {
          count += 1
          return count > 1_500
        })
      try FileManager.default.removeItem(atPath: folder + "/summary.json")
      let run = try RecordedRun(readingFrom: folder, points: 5)
      #expect(run.steps == [1, 1_000, 1_500])
    }
  }

  @Test("A log that is cut short, changed or not there is a clear error")
  func brokenLogs() throws {
    let cut = try reason { folder in
      let path = folder + "/regret.csv.gz"
      try Data(contents(of: path).dropLast(100)).write(to: URL(filePath: path))
    }
    #expect(cut.contains("is cut short"))
    let flipped = try reason { folder in
      let path = folder + "/regret.csv.gz"
      var bytes = try contents(of: path)
      bytes[bytes.count / 2] ^= 0x10
      try Data(bytes).write(to: URL(filePath: path))
    }
    #expect(flipped.contains("is corrupt"))
    let none = try reason { try FileManager.default.removeItem(atPath: $0 + "/regret.csv.gz") }
    #expect(none.contains("does not exist"))
    let begun = try reason { try replaceLog($0) { String($0.prefix { $0 != "\n" }) } }
    #expect(begun == "has a header and no rows")
  }

  @Test("A log whose rows are not a run's steps is an error with the line")
  func foreignLogs() throws {
    #expect(
      try reason { try replaceLog($0) { $0.replacing("\n7,", with: "\n9,") } }
        == "has step '9' where step 7 belongs")
    #expect(try reason { try replaceLog($0) { _ in "step,a\n1,2\n" } } == "is not the header of a run's log")
    let number = try reason { folder in
      try replaceLog(folder) { text in
        var lines = text.split(separator: "\n").map(String.init)
        var fields = lines[1].split(separator: ",", omittingEmptySubsequences: false)
        fields[7] = "nan"
        lines[1] = fields.joined(separator: ",")
        return lines.joined(separator: "\n")
      }
    }
    #expect(number == "has 'nan' as cumulative_expected_regret, which is no number")
  }

  @Test("A manifest that is not one is a clear error")
  func manifests() throws {
    func manifest(_ text: String) throws -> String {
      try reason { try write(text, to: $0 + "/manifest.json") }
    }
    #expect(try manifest("{\"run\": ").hasPrefix("is no run's manifest: text that is no JSON"))
    #expect(try manifest("{\"schema_version\": 1, \"run\": {}}").contains("agent"))
    let later = try reason { folder in
      let path = folder + "/manifest.json"
      try write(
        text(of: path).replacing("\"schema_version\" : 1", with: "\"schema_version\" : 2"), to: path)
    }
    #expect(later == "is of version 2; this program reads 1")
  }
}

@Suite("Numbers of logs")
struct LogNumberTests {
  @Test("Numbers are those that the library reads, to the last bit")
  func same() {
    var stream = RandomStream(seed: 8)
    var texts = [
      "0", "-0", "-7.5", "0.1", "123456789012345", "0.000000000000001", "1e-7", "2.5e+10",
      "12345678901234567",
    ]
    for _ in 0..<3_000 {
      let value = (stream.uniform() - 0.5) * [1e-4, 1, 1e3, 1e9, 1e17][stream.integer(below: 5)]
      texts += ["\(value)", String(format: "%.\(stream.integer(below: 12))f", value), "\(Int(value))"]
    }
    for text in texts {
      let value = Array(text.utf8).withUnsafeBufferPointer { LogNumber.value($0) }
      #expect(value?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }

  @Test(
    "What is no finite number is none",
    arguments: ["", "-", ".", "1.", "nan", "inf", "1e999", "--1", "1,2", " 1", "1.2.3"])
  func none(text: String) {
    let value = Array(text.utf8).withUnsafeBufferPointer { LogNumber.value($0) }
    #expect(value == nil || Double(text)?.isFinite == true)
    #expect(value == Double(text).flatMap { $0.isFinite ? $0 : nil })
  }
}

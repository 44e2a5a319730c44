import BanditCore
import BanditFiles
import BanditNumerics
import Foundation
import Testing
import TestSupport

@testable import BanditEvaluation

@Suite("Reading logged interactions")
struct LoggedInteractionsTests {
  private func read(
    _ text: String, _ name: String = "log.jsonl", columns: TableColumns = TableColumns(), actions: Int? = nil
  ) throws -> (LoggedInteractions, [LoggedInteraction]) {
    try withTemporaryDirectory { folder in
      try write(text, to: "\(folder)/\(name)")
      let log = try LoggedInteractions(scanning: "\(folder)/\(name)", columns: columns, actions: actions)
      var rows: [LoggedInteraction] = []
      try log.forEach { rows.append($0) }
      #expect(rows.count == log.count && rows.map(\.index) == Array(0..<rows.count))
      return (log, rows)
    }
  }

  private func failure(_ text: String, _ name: String = "log.jsonl") -> String? {
    let error = #expect(throws: DataFileError.self) { try read(text, name) }
    return error?.description
  }

  @Test("Objects with named numbers, numbers and active columns are rows of one task")
  func objects() throws {
    let (named, rows) = try read(
      """
      {"step":1,"context":{"x":0.5,"y":-2},"action":1,"action_name":"b","propensity":0.25,"reward":3}
      {"reward":-1e-3, "action":0, "action_name":"a\\u00e9", "other":[{"z":null}], "propensity":0.75, "context":{"y":1}, "step":2}

      """)
    #expect(named.form == .jsonl && named.spec.featureNames == ["x", "y"] && named.spec.encoding == .dense)
    #expect(named.spec.actionNames == ["aé", "b"] && named.smallestPropensity == 0.25)
    #expect(rows[0].observation.features == [0.5, -2] && rows[1].observation.features == [0, 1])
    #expect(rows[0].action == 1 && rows[0].propensity == 0.25 && rows[1].reward == -0.001)
    let (active, ones) = try read(
      """
      {"active":["odor=n","cap=x"],"action":0,"propensity":null,"reward":0,"probabilities":[0.5,0.25,0.25]}
      {"active":["cap=y"],"action":0,"propensity":null,"reward":1}
      """)
    #expect(active.spec.encoding == .oneHot(maximumActive: 2) && active.spec.actionCount == 3)
    #expect(ones[0].observation.activeIndices == [0, 1] && ones[1].observation.activeIndices == [2])
    #expect(active.smallestPropensity == nil && ones[0].propensity == nil)
    let (numbers, _) = try read(
      """
      {"active":[10,2],"action":1,"propensity":0.5,"reward":0}
      """)
    #expect(numbers.spec.featureNames == ["2", "10"])
  }

  @Test("Vowpal Wabbit's lines have actions from 1, costs, namespaces and numbers")
  func vowpalWabbit() throws {
    let (log, rows) = try read(
      """
      2:-1.5:0.25 | a b:2
      1:0:0.75 |user a |item b:-1

      """, "log.vw")
    #expect(log.form == .vw && log.spec.actionNames == ["1", "2"])
    #expect(log.spec.featureNames == ["a", "b", "user^a", "item^b"])
    #expect(rows.map(\.action) == [1, 0] && rows.map(\.reward) == [1.5, 0])
    #expect(rows[0].observation.features == [1, 2, 0, 0] && rows[1].observation.features == [0, 0, 1, -1])
  }

  @Test("A table is read by the pipeline's names, by other names, and with categories")
  func table() throws {
    let text = """
      ,timestamp,item_id,position,click,propensity_score,user_feature_0,affinity
      0,2019-11-24,1,3,0,0.5,ab,0.25
      1,2019-11-25,0,1,1,0.5,"c,d",0

      """
    let (log, rows) = try read(text, "obd.csv", actions: 3)
    #expect(log.form == .csv && log.spec.actionNames == ["0", "1", "2"])
    #expect(
      log.spec.featureNames == ["position", "user_feature_0=ab", "affinity", "user_feature_0=c,d"])
    #expect(rows[0].observation.features == [3, 1, 0.25, 0] && rows[1].observation.features == [1, 0, 0, 1])
    let columns = try TableColumns(
      parsing: "action=position,reward=affinity,propensity=propensity_score,context=user_*")
    let (other, _) = try read(text, "obd.csv", columns: columns)
    #expect(other.spec.featureNames == ["user_feature_0=ab", "user_feature_0=c,d"])
    #expect(other.spec.actionCount == 4 && other.rewards == 0...0.25)
    #expect(failure("a,b\n1,2\n", "x.csv")?.contains("--columns action=NAME") == true)
  }

  @Test("Rows that cannot be used are counted by reason")
  func skipped() throws {
    let row = #"{"step":1,"context":[1],"action":0,"propensity":0.5,"reward":1}"#
    let rows = [
      row, row.replacing("\"reward\":1", with: "\"reward\":NaN"), row.replacing("0.5", with: "0"),
      row.replacing("0.5", with: "1.5"), row.replacing("0.5", with: "null"),
      row.replacing("[1]", with: "[NaN]"), row.replacing("\"action\":0", with: "\"action\":1"),
      String(row.dropLast(9)),
    ]
    let (log, read) = try read(rows.joined(separator: "\n"))
    #expect(read.count == 2 && log.disorder == 1)
    #expect(
      log.skipped == [.reward: 1, .propensity: 2, .noPropensity: 1, .context: 1, .cutOff: 1])
    #expect(SkipReason.sentence(log.skipped).contains("2 with a propensity that is not above 0"))
  }

  @Test("What is no log is an error with its line")
  func damaged() throws {
    let row = #"{"context":[1],"action":0,"propensity":0.5,"reward":1}"#
    #expect(failure("{\"context\":[1\n")?.contains("line 1") == true)
    #expect(failure("\(row)\n{broken\n\(row)\n")?.contains("line 2") == true)
    #expect(failure(row.replacing("\"action\":0", with: "\"action\":-1"))?.contains("line 1") == true)
    #expect(failure("\(row)\n")?.contains("one action alone") == true)
    #expect(failure("")?.contains("no row") == true)
    #expect(failure(row.replacing("0.5", with: "0"))?.contains("no row that can be used: 1 with") == true)
    #expect(failure("1:2:0.5 a b\n", "log.vw") != nil)
    #expect(failure("0:2:0.5 | a\n", "log.vw")?.contains("actions are 1 or more") == true)
    #expect(failure("action,reward\n1,2,3\n", "x.csv")?.contains("has 3 fields") == true)
    #expect(failure("action,reward\n1,\"2\n", "x.csv")?.contains("quote") == true)
    try withTemporaryDirectory { folder in
      let path = folder + "/log.jsonl.gz"
      let member = Gzip.member(of: Array("\(row)\n".utf8))
      try Data(member + member.dropLast(9)).write(to: URL(filePath: path))
      #expect(throws: DataFileError.self) { try LoggedInteractions(scanning: path, actions: 2) }
    }
  }

  @Test("Random bytes in a log are an error or a row, never a trap")
  func mutated() throws {
    var stream = RandomStream(seed: 11)
    let texts = [
      #"{"step":1,"context":{"a":1,"b":[2]},"action":0,"propensity":0.5,"reward":1}"#,
      "1:0.5:0.25 |s a b:2", "action,reward,propensity,x\n1,2,0.5,\"a\"",
    ]
    for text in texts {
      for _ in 0..<500 {
        var bytes = Array(text.utf8)
        for _ in 0..<3 {
          bytes[stream.integer(below: bytes.count)] = UInt8(stream.integer(below: 256))
        }
        try withTemporaryDirectory { folder in
          try Data(bytes).write(to: URL(filePath: folder + "/log"))
          guard let log = try? LoggedInteractions(scanning: folder + "/log", actions: 2) else { return }
          try? log.forEach { _ in }
        }
      }
    }
  }
}

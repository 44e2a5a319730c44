import BanditLaboratory
import Foundation
import Testing

@Suite("Tables of experiments")
struct ResultTableTests {
  private static let table = ResultTable(
    "Regret", head: ["agent", "seeds", "regret", "time, s"],
    rows: [
      [.text("bbb"), .count(3), ResultTable.cell([10.5, 12.25, 11]), ResultTable.cell([1_234.56])],
      ["none", .count(0), ResultTable.cell([]), .interval(.infinity, halfWidth: 1)],
    ])

  @Test("Numbers stand beside their texts with all their digits, spreads and units")
  func numbers() throws {
    let data = try JSONEncoder().encode(Self.table)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      object["rows"] as? [[String]] == [
        ["bbb", "3", "11.25 ± 0.901", "1235"], ["none", "0", "", "inf ± 1"],
      ])
    let numbers = try #require(object["numbers"] as? [[Any]])
    #expect(numbers[0][0] is NSNull && numbers[1][2] is NSNull)
    let regret = try #require(numbers[0][2] as? [String: Double])
    #expect(regret["value"] == 11.25 && abs((regret["standard_deviation"] ?? 0) - 0.9013878) < 1e-7)
    let time = try #require(numbers[0][3] as? [String: Any])
    #expect(time["value"] as? Double == 1_234.56 && time["unit"] as? String == "s" && time.count == 2)
    // JSON has no infinity.
    #expect((numbers[1][3] as? [String: Any])?["value"] == nil)
    #expect(try JSONDecoder().decode(ResultTable.self, from: data) == Self.table)
  }

  @Test("A unit of the whole table is that of its numbers, not of its labels")
  func units() {
    let table = ResultTable(
      "x", head: ["agent", "seeds", "wheel", "time, s"],
      rows: [["bbb", .count(3), .interval(97.66, halfWidth: 14.07), ResultTable.cell([1])]], unit: "%",
      labels: 2)
    #expect(table.cells[0].map { $0.number?.unit } == [nil, nil, "%", "s"])
    #expect(table.cells[0][2].number?.halfWidth == 14.07 && table.rows[0][2] == "97.66 ± 14.07")
  }

  @Test("A summary of the first version is read, and one that is damaged gives words")
  func earlier() throws {
    let text = #"{"title": "T", "head": ["a", "b"], "rows": [["x", "1 ± 2"]]}"#
    let table = try JSONDecoder().decode(ResultTable.self, from: Data(text.utf8))
    #expect(table.rows == [["x", "1 ± 2"]] && table.cells[0].allSatisfy { $0.number == nil })
    let short = #"{"title": "T", "head": ["a"], "rows": [["x"], ["y"]], "numbers": [[]]}"#
    #expect(try JSONDecoder().decode(ResultTable.self, from: Data(short.utf8)).rows == [["x"], ["y"]])
  }
}

import TestSupport
import Testing

@testable import BanditFiles

@Suite("Labelled CSV")
struct LabelledCSVTests {
  private func table(
    _ text: String, header: Bool = true, label: LabelledCSV.LabelColumn = .first
  ) throws(DataFileError) -> LabelledCSV {
    try LabelledCSV(parsing: text.bytes, file: "t.csv", hasHeader: header, labelColumn: label)
  }

  private func reason(
    _ text: [UInt8], header: Bool = false, label: LabelledCSV.LabelColumn = .first,
    limits: LabelledCSV.Limits = .init()
  ) -> String? {
    dataFileError { () throws(DataFileError) in
      _ = try LabelledCSV(
        parsing: text, file: "t.csv", hasHeader: header, labelColumn: label, limits: limits)
    }?.description
  }

  @Test("Names, labels, rows and columns are told apart, wherever the label is")
  func columns() throws {
    let text = "a,b,c\n1,2,3\n4,5,6\n"
    let middle = try table(text, label: .named("b"))
    #expect(middle.columns == ["a", "c"])
    #expect(middle.labelName == "b")
    #expect(middle.labels == ["2", "5"])
    #expect(middle.row(1) == ["4", "6"])
    #expect(middle.column(1) == ["3", "6"])
    #expect(middle[0, 1] == "3")
    #expect(try table(text, label: .last).labels == ["3", "6"])
    #expect(try table(text, label: .number(2)).labels == ["2", "5"])
    #expect(try table(text, header: false).columns == ["column 2", "column 3"])
    #expect(try table(text, header: false).labels == ["a", "1", "4"])
  }

  @Test(
    "Every form RFC 4180 allows is read",
    arguments: [
      ("p,1\n", ["1"]), ("p,1", ["1"]), ("p,1\r\n", ["1"]), ("p,\n", [""]), ("p,", [""]),
      ("p,\"1\"\n", ["1"]), ("p,\"1\"", ["1"]), ("p,\"\"\r\n", [""]), ("p,\"a,b\"\n", ["a,b"]),
      ("p,\"a\"\"b\"\n", ["a\"b"]), ("p,\"\"\"\"\n", ["\""]), ("p,\"a\r\nb\"\n", ["a\r\nb"]),
      ("p, 1 ,é\n", [" 1 ", "é"]), ("\u{feff}p,1\n", ["1"]), ("p,1\n\n\r\n", ["1"]),
    ])
  func accepted(text: String, fields: [String]) throws {
    let table = try table(text, header: false)
    #expect(table.labels == ["p"])
    #expect(table.row(0) == fields)
  }

  @Test(
    "What RFC 4180 does not allow is refused with the line and the reason",
    arguments: [
      ("a,b\nc\n", ", line 2: has 1 fields, the first row has 2"),
      ("a,b\nc,d,e\n", ", line 2: has 3 fields, the first row has 2"),
      ("a,\"x\ny\"\nc,d\ne\n", ", line 4: has 1 fields, the first row has 2"),
      ("a,b\nc,\"d\ne,f\n", ", line 2: has a quote that is not closed"),
      ("a,\"", ", line 1: has a quote that is not closed"),
      ("a,\"b\"c\n", ", line 1: has text after a closing quote"),
      ("a,\"b\" ,c\n", ", line 1: has text after a closing quote"),
      ("a,b\"c\"\n", ", line 1: has a quote inside a field that does not begin with one"),
      ("a,b\nc,\0\n", ", line 2: has a NUL byte"),
      ("a,b\nc,\"\0\"\n", ", line 2: has a NUL byte"),
      ("a,b\rc,d\r", ", line 1: has a carriage return without a line feed; end lines with LF or CR LF"),
      ("a,\"b\"\rc,d\r", ", line 1: has a carriage return without a line feed; end lines with LF or CR LF"),
      ("a,b\n\nc,d\n", ", line 2: is blank, with rows after it"),
      ("\r\n\na,b\n", ", line 1: is blank, with rows after it"),
      ("", ": is empty: it has no rows"), ("\n", ": is empty: it has no rows"),
      ("\u{feff}", ": is empty: it has no rows"),
      ("a\nb\n", ", line 1: has one field; a label and at least one more are needed"),
    ])
  func refused(text: String, expected: String) {
    #expect(reason(text.bytes) == "t.csv\(expected)")
  }

  @Test("Text that is not UTF-8 is refused, even where joined fields would be")
  func encoding() {
    #expect(reason("a,b\nc,".bytes + [0xff]) == "t.csv, line 2: is not valid UTF-8; save the file as UTF-8")
    #expect(
      reason("a,b,".bytes + [0xc3] + ",".bytes + [0xa9, 0x0a])
        == "t.csv, line 1: is not valid UTF-8; save the file as UTF-8")
    #expect(
      reason("a,\"".bytes + [0xed, 0xa0, 0x80] + "\"".bytes)
        == "t.csv, line 1: is not valid UTF-8; save the file as UTF-8")
  }

  @Test("A header must name each column once and have rows below it")
  func header() {
    #expect(
      reason("a,b,a\n1,2,3\n".bytes, header: true)
        == "t.csv, line 1: names two columns \"a\"; if it is no header, set header=false")
    #expect(reason("a,b\n".bytes, header: true) == "t.csv: has a header and no rows")
  }

  @Test("Fields may be parted by tabs, semicolons or anything else, and a wrong guess is noticed")
  func separators() throws {
    for separator in "\t;| :" {
      let text = ["a", "\"x,\(separator)y\"\n1", ""].joined(separator: String(separator)).bytes
      let table = try LabelledCSV(
        parsing: text, file: "t.csv", hasHeader: true, labelColumn: .first,
        separator: try #require(separator.asciiValue))
      #expect(table.columns == ["x,\(separator)y"])
      #expect(table.labels == ["1"] && table[0, 0] == "")
    }
    #expect(
      reason("a;b\n1;2\n".bytes)
        == "t.csv, line 1: has one field; a label and at least one more are needed; perhaps set separator=semicolon"
    )
    #expect(
      reason("a;b\n1,5;2\n".bytes)
        == "t.csv, line 2: has 2 fields, the first row has 1; perhaps set separator=semicolon")
    #expect(reason("a,b\n1;2\n".bytes) == "t.csv, line 2: has 1 fields, the first row has 2")
  }

  @Test("A label column that does not exist is refused with those that do")
  func noLabel() {
    let text = "a,b\n1,2\n".bytes
    #expect(
      reason(text, header: true, label: .named("z"))
        == "t.csv: has no column named \"z\" for the labels: it has a, b")
    #expect(
      reason(text, label: .named("a"))
        == "t.csv: has no column named \"a\" for the labels: it is read without a header")
    for number in [Int.min, 0, 3, .max] {
      let expected = "t.csv: has no column \(number) for the labels: it has 1 to 2"
      #expect(reason(text, label: .number(number)) == expected)
    }
    let wide = (1...12).map { "c\($0)" }.joined(separator: ",") + "\n" + String(repeating: ",", count: 11)
    #expect(reason(wide.bytes, header: true, label: .named("z"))?.hasSuffix("c9, c10 and 2 more") == true)
  }

  @Test("Too many rows or columns are refused where the first one too many starts")
  func limits() {
    let limits = LabelledCSV.Limits(rows: 2, columns: 2)
    #expect(reason("a,b\nc,d\n".bytes, limits: limits) == nil)
    #expect(reason("a,b\nc,d\ne,f\n".bytes, header: true, limits: limits) == nil)
    let rows = "a,b\nc,d\ne,f\n"
    #expect(reason(rows.bytes, limits: limits) == "t.csv, line 3: is a row more than the 2 allowed")
    #expect(
      reason((rows + "g,h\n").bytes, header: true, limits: limits)
        == "t.csv, line 4: is a row more than the 2 allowed")
    #expect(reason("a,b,c\n".bytes, limits: limits) == "t.csv, line 1: has more than the 2 fields allowed")
  }

  @Test("A row knows the line it starts at")
  func lines() throws {
    let table = try table("l,x\np,\"a\nb\"\nq,c\n")
    #expect([table.line(ofRow: 0), table.line(ofRow: 1)] == [2, 4])
  }

  @Test("Random fields, quoted, come back as they were")
  func roundTrip() throws {
    var generator = SeededGenerator(state: 4)
    for _ in 0..<200 {
      let width = Int.random(in: 2...5, using: &generator)
      let rows = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
        (0..<width).map { _ in field(&generator) }
      }
      let lines = rows.map { $0.map(quoted).joined(separator: ",") }
      let read = try table(lines.joined(separator: "\r\n"), header: false)
      #expect(read.labels == rows.map { $0[0] })
      #expect(rows.indices.map { read.row($0) } == rows.map { Array($0.dropFirst()) })
    }
  }

  private func field(_ generator: inout SeededGenerator) -> String {
    let alphabet: [Character] = ["a", ",", "\"", "\n", "\r", "\r\n", "é", "🍄", " "]
    let length = Int.random(in: 0...6, using: &generator)
    return String((0..<length).compactMap { _ in alphabet.randomElement(using: &generator) })
  }

  private func quoted(_ field: String) -> String {
    "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  @Test("A mutated table is read or refused, and never crashes the reader")
  func mutations() {
    var generator = SeededGenerator(state: 5)
    let original = "l,x,y\r\np,\"a,\"\"b\"\"\",é\nq,1,\"2\n3\"\n".bytes
    let special: [UInt8] = [0, 10, 13, 34, 44, 65, 0x80, 0xc3, 0xff]
    var refused = 0
    for _ in 0..<5000 {
      var text = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<text.count, using: &generator)
        let byte = special.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: text.remove(at: index)
        case 1: text.insert(byte, at: index)
        case 2: text[index] = byte
        default: text.removeSubrange(index...)
        }
        if text.isEmpty { text = original }
      }
      let header = Bool.random(using: &generator)
      guard reason(text, header: header, label: .last) == nil else {
        refused += 1
        continue
      }
      let read = try? LabelledCSV(parsing: text, file: "t.csv", hasHeader: header, labelColumn: .last)
      #expect(read?.labels.indices.allSatisfy { read?.row($0).count == read?.columns.count } == true)
    }
    #expect((1000..<5000).contains(refused))
  }
}

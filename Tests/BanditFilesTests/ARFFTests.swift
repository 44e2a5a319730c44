import TestSupport
import Testing

@testable import BanditFiles

@Suite("ARFF")
struct ARFFTests {
  private func read(
    _ text: String, limits: TypedTable.Limits = .init()
  ) throws(DataFileError) -> TypedTable {
    try ARFF.read(text.bytes, file: "t.arff", limits: limits)
  }

  private func message(_ text: [UInt8], limits: TypedTable.Limits = .init()) -> String? {
    dataFileError { () throws(DataFileError) in
      _ = try ARFF.read(text, file: "t.arff", limits: limits)
    }?.description
  }

  /// The values of a column as texts, "?" where they are missing.
  private func texts(_ table: TypedTable, _ column: Int) -> [String] {
    switch table.columns[column].values {
    case .numbers(let numbers): numbers.map { $0.isNaN ? "?" : $0.shortText }
    case .levels(let levels, let names): levels.map { $0 < 0 ? "?" : names[Int($0)] }
    case .sparse(let rows, let numbers): zip(rows, numbers).map { "\($0):\($1.isNaN ? "?" : $1.shortText)" }
    }
  }

  @Test("Keywords in any case, comments, quotes, escapes, blanks and missing values")
  func dense() throws {
    let table = try read(
      """
      % a comment, with \u{e9}
      @RELATION 'a name'

      @attribute 'sepal length' NUMERIC
        @Attribute kind { 'a, b' , "it\\'s", c\u{e9} ,'50\\%' }
      @ATTRIBUTE "free\\ttext" string
      @attribute day date 'yyyy-MM-dd'
      @attribute n{yes,no}
      @data
      % another
      5.1,'a, b',"x, \\"y\\"",'2020-01-02',yes

        -1e3 , it's?,?,?,no
      """.replacing("it's?", with: "\"it's\"")
        + "\r\n?,c\u{e9},'?',2020-01-02,\t'yes'  % why not\n?,?,\\u,?,?")
    #expect(table.columns.map(\.name) == ["sepal length", "kind", "free\ttext", "day", "n"])
    #expect(table.columns.map(\.kind) == [.numbers, .nominal, .text, .text, .nominal])
    #expect(table.rowCount == 4)
    #expect(texts(table, 0) == ["5.1", "-1000", "?", "?"])
    #expect(texts(table, 1) == ["a, b", "it's", "c\u{e9}", "?"])
    #expect(texts(table, 2) == ["x, \"y\"", "?", "?", "\\u"])
    #expect(texts(table, 3) == ["2020-01-02", "?", "2020-01-02", "?"])
    #expect(texts(table, 4) == ["yes", "no", "yes", "?"])
    #expect((0..<4).map { table.line(ofRow: $0) } == [11, 13, 14, 15])
    // A quoted question mark is a text like any other.
    guard case .levels(let levels, let names) = table.columns[2].values else { return }
    #expect(levels == [0, -1, 1, 2] && names[1] == "?")
  }

  @Test("Sparse rows count columns from 0; what they leave out is 0, or a nominal's first value")
  func sparse() throws {
    let table = try read(
      "@relation r\n@attribute a real\n@attribute b {x,y,z}\n@attribute c integer\n@attribute d string\n@data\n"
        + "{0 -1, 2 -0.7}\n{ }\n{1 y , 3 'a } b'}\n{0 ?,1 ?}\n")
    #expect(texts(table, 0) == ["0:-1", "3:?"])
    #expect(texts(table, 1) == ["x", "x", "y", "?"])
    #expect(texts(table, 2) == ["0:-0.7"])
    #expect(texts(table, 3) == ["?", "?", "a } b", "?"])
  }

  @Test(
    "What is no ARFF is refused with the line and the reason",
    arguments: [
      ("", ": ends before @data; is it whole, and ARFF?"),
      ("a,b\n1,2\n", ", line 1: is neither a comment nor a declaration; is the file ARFF?"),
      ("@relation r\n@attribute a real\n", ": ends before @data; is it whole, and ARFF?"),
      ("@relation r\n@data\n1\n", ", line 2: begins the data before any @attribute"),
      ("@atribute a real\n", ", line 1: has the keyword @atribute; allowed: @relation, @attribute, @data"),
      (
        "@attribute a float\n@data\n1\n",
        ", line 1: has the type \"float\"; allowed: numeric, real, integer, string, date, or a list in braces"
      ),
      ("@attribute a relational\n", ", line 1: has the type \"relational\"; allowed"),
      ("@attribute\n", ", line 1: has nothing where a value is expected"),
      ("@attribute a {x,y\n@data\nx\n", ", line 1: has a list of values that is not closed by }"),
      ("@attribute a {x y}\n@data\nx\n", ", line 1: has a list of values that is not closed by }"),
      ("@attribute 'a real\n", ", line 1: has a quote that is not closed"),
      ("@attribute a real\n@attribute a real\n", ", line 2: declares \"a\" a second time"),
      ("@attribute a real\n@data\n", ": has no rows after @data"),
      ("@attribute a real\n@data\n1,2\n", ", line 3: has more than 1 values"),
      ("@attribute a real\n@attribute b real\n@data\n1\n", ", line 4: has 1 values, there are 2 attributes"),
      (
        "@attribute a real\n@attribute b real\n@data\n1,\n", ", line 4: has nothing where a value is expected"
      ),
      (
        "@attribute a real\n@attribute b real\n@data\n1 2\n",
        ", line 4: has text after the value of a; put quotes around blanks"
      ),
      ("@attribute a real\n@data\n1 2\n", ", line 3: has text after its values"),
      ("@attribute a real\n@data\nx\n", ", line 3: has \"x\" as a, which is numeric"),
      ("@attribute a real\n@data\nnan\n", ", line 3: has \"nan\" as a, which is numeric"),
      ("@attribute a {x}\n@data\ny\n", ", line 3: has \"y\" as a, which is not among the values declared"),
      ("@attribute a {x}\n@data\n'x\n", ", line 3: has a quote that is not closed"),
      ("@attribute a {x}\n@data\n'x\\\n", ", line 3: has a quote that is not closed"),
      (
        "@attribute a string\n@data\nb'c\n",
        ", line 3: has a quote inside a value that does not begin with one"
      ),
      ("@attribute a string\n@data\n'\\u12'\n", ", line 3: has \\u without the four digits of a character"),
      ("@attribute a string\n@data\n'\\u0000'\n", ", line 3: has \\u without the four digits of a character"),
      ("@attribute a real\n@data\n{0 1}\n2\n", ", line 4: is a whole row among sparse ones"),
      ("@attribute a real\n@data\n2\n{0 1}\n", ", line 4: is a sparse row among whole ones"),
      ("@attribute a real\n@data\n{1 1}\n", ", line 3: has no index from 0 to 0 before a value"),
      ("@attribute a real\n@data\n{a 1}\n", ", line 3: has no index from 0 to 0 before a value"),
      (
        "@attribute a real\n@data\n{99999999999999999999 1}\n",
        ", line 3: has no index from 0 to 0 before a value"
      ),
      ("@attribute a real\n@data\n{0 1,0 2}\n", ", line 3: has the index 0 after 0; indices ascend"),
      ("@attribute a real\n@data\n{0 1\n", ", line 3: has a sparse row that is not closed by }"),
      ("@attribute a real\n@data\n{0\n", ", line 3: has nothing where a value is expected"),
      ("@attribute a real\n@data\n1, {5}\n", ", line 3: has more than 1 values"),
    ])
  func refused(text: String, expected: String) throws {
    let found = try #require(message(text.bytes))
    #expect(found.hasPrefix("t.arff\(expected)"), "\(found)")
  }

  @Test("Text that is not UTF-8, or has a NUL, is refused outside of comments")
  func encoding() {
    let start = "@attribute a string\n@data\n".bytes
    #expect(message(start + [0xe9]) == "t.arff, line 3: is not valid UTF-8; save the file as UTF-8")
    #expect(message(start + "'".bytes + [0xc3] + "'".bytes)?.contains("not valid UTF-8") == true)
    #expect(message(start + [0x61, 0]) == "t.arff, line 3: has a NUL byte")
    #expect(message("% ".bytes + [0xe9, 0, 0x0a] + start + "x".bytes) == nil)
    #expect(message([0xef, 0xbb, 0xbf] + start + "x".bytes) == nil)
  }

  @Test("Too many rows, columns or values are refused where the first one too many is")
  func limits() {
    let start = "@attribute a real\n@attribute b {x,y}\n@data\n"
    let rows = TypedTable.Limits(rows: 2, columns: 2, values: 100)
    #expect(message((start + "1,x\n2,y\n").bytes, limits: rows) == nil)
    #expect(
      message((start + "1,x\n2,y\n3,x\n").bytes, limits: rows)
        == "t.arff, line 6: is a row more than the 2 allowed")
    #expect(
      message(("@attribute c real\n" + start).bytes, limits: rows)
        == "t.arff, line 3: is an attribute more than the 2 allowed")
    let values = TypedTable.Limits(rows: 100, columns: 2, values: 4)
    #expect(
      message((start + "1,x\n2,y\n3,x\n").bytes, limits: values)
        == "t.arff, line 6: brings more than the 4 values allowed")
    // What a sparse row leaves out of a nominal column takes room too.
    #expect(message((start + "{0 1}\n{}\n{}\n{}\n").bytes, limits: values)?.contains("line 7") == true)
  }

  @Test("The files that OpenML sends are read: their rows, classes and missing values")
  func recorded() throws {
    for (id, rows, columns, classes) in [
      (61, 150, 5, 3), (62, 101, 18, 7), (40675, 163, 10, 2), (42585, 344, 7, 3),
    ] {
      let table = try ARFF.read(RecordedOpenML.table(id), file: "\(id)")
      #expect(table.rowCount == rows && table.columns.count == columns)
      let last = id == 42585 ? 0 : columns - 1
      guard case .levels(let levels, _) = table.columns[last].values else {
        Issue.record("no classes")
        continue
      }
      #expect(Set(levels).count == classes && !levels.contains(-1))
    }
    let penguins = try ARFF.read(RecordedOpenML.table(42585), file: "penguins")
    #expect(texts(penguins, 2).count { $0 == "?" } == 2)
    #expect(texts(penguins, 6).count { $0 == "?" } == 10)
  }

  @Test("No mutation of a file stops the program")
  func mutations() throws {
    var generator = SeededGenerator(state: 5)
    let start = "@relation r\n@attribute 'a b' real\n@attribute b {'x, y',z}\n@data\n1,'x, y'\n?,z\n".bytes
    let sparse = "@attribute a real\n@attribute b {x,y}\n@data\n{0 1,1 y}\n{}\n".bytes
    for round in 0..<4_000 {
      var bytes = round % 2 == 0 ? start : sparse
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch round % 3 {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        default: bytes.insert("{}',%@\\? \n".bytes.randomElement(using: &generator) ?? 0, at: place)
        }
      }
      _ = message(bytes)
    }
  }
}

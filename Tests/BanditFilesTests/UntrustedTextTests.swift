import Foundation
import Testing
import TestSupport

@testable import BanditFiles

@Suite("Texts that nobody vouches for")
struct UntrustedTextTests {
  @Test("JSON is read to a depth of 32; brackets in strings do not count")
  func depth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    try checkDepth(ofJSON: nested(32), file: "x")
    try checkDepth(ofJSON: nested(32) + nested(32), file: "x")
    try checkDepth(ofJSON: Array(#"{"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[[": 1}"#.utf8), file: "x")
    #expect(throws: DataFileError.self) { try checkDepth(ofJSON: nested(33), file: "x") }
    #expect(throws: DataFileError.self) { try checkDepth(ofJSON: nested(100_000), file: "x") }
  }

  @Test("A header that is nested too deep is refused before it is decoded")
  func safetensors() {
    let header = Array((#"{"a":"# + String(repeating: "[", count: 500)).utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    let error = #expect(throws: DataFileError.self) {
      try Safetensors(bytes: length + header, file: "x")
    }
    #expect(error?.reason.contains("a header that is not the JSON of a safetensors file") == true)
  }

  @Test("A line that is too long stops the reading of a file, plain or compressed", arguments: [false, true])
  func lines(isCompressed: Bool) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/table.csv"
      func read(_ text: String) throws -> Int {
        let bytes = Array(text.utf8)
        try Data(isCompressed ? Gzip.member(of: bytes) : bytes).write(to: URL(filePath: path))
        return try readDataFile(atPath: path, limit: 1 << 24, longestLine: 1_000).count
      }
      let line = String(repeating: "a", count: 1_000)
      let many = String(repeating: line + "\n", count: 3_000)
      let count = try read(many)
      #expect(count == 3_003_000)
      let error = #expect(throws: DataFileError.self) { try read(many + line + "b" + many) }
      #expect(error?.reason.contains("a line of more than the 1000 bytes allowed") == true)
    }
  }

  @Test("Fields are told apart where quotes are doubled, ends are CR LF and the last line has none")
  func fieldsInPlace() throws {
    let text = "\u{feff}\"a \"\"b\"\"\",c\r\n\"1\n2\",\"\"\r\n\"\"\"\"\"\",x"
    let table = try LabelledCSV(parsing: Array(text.utf8), file: "x", hasHeader: true, labelColumn: .last)
    #expect(table.columns == ["a \"b\""] && table.labelName == "c")
    #expect(table.labels == ["", "x"])
    #expect(table[0, 0] == "1\n2" && table[1, 0] == "\"\"")
  }
}

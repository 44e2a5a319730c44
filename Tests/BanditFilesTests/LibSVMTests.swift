import TestSupport
import Testing

@testable import BanditFiles

@Suite("libsvm files")
struct LibSVMTests {
  private func message(_ text: String, limits: TypedTable.Limits = .init()) -> String? {
    dataFileError { () throws(DataFileError) in
      _ = try LibSVM.read(text.bytes, file: "t.svm", limits: limits)
    }?.description
  }

  @Test("Comments, blanks, explicit zeros, labels alone and numbers of any spelling")
  func reading() throws {
    let table = try LibSVM.read(
      """
      # comment
      1.0 3:2.5 \t   5:-5.2 # an inline one

      +2 1:1.234567890123456e10#close
      3
      -1.5 3:0 4:1\r
      """.bytes, file: "t.svm")
    #expect(table.columns.map(\.name) == ["label", "1", "2", "3", "4", "5"])
    #expect(table.rowCount == 4 && (0..<4).map { table.line(ofRow: $0) } == [2, 4, 5, 6])
    guard case .levels(let labels, let names) = table.columns[0].values else { return }
    #expect(labels.map { names[Int($0)] } == ["1", "2", "3", "-1.5"])
    func column(_ index: Int) -> [Int32: Double] {
      guard case .sparse(let rows, let numbers) = table.columns[index].values else { return [:] }
      return Dictionary(uniqueKeysWithValues: zip(rows, numbers).map { ($0, $1) })
    }
    #expect((1...5).map(column) == [[1: 1.234567890123456e10], [:], [0: 2.5], [3: 1], [0: -5.2]])
  }

  @Test(
    "What is no libsvm file is refused with the line and the reason",
    arguments: [
      ("python 2:2.5 10:-5.2\n", ", line 1: has the label \"python\"; labels are numbers"),
      ("-1 5:2.5 2:-5.2\n", ", line 1: has the index 2 after 5; indices ascend"),
      ("1 5:2.5 5:1\n", ", line 1: has the index 5 after 5; indices ascend"),
      ("1,0 2:2.5\n", ", line 1: has several labels; a row has one class here"),
      ("1 1:1\n 2:3.5 11:26\n", ", line 2: has no label"),
      ("1 0:2\n", ", line 1: has the index 0; indices count from 1"),
      ("1 -3:2\n", ", line 1: has the index -3; indices count from 1"),
      ("1 a:2\n", ", line 1: has \"a\"; allowed: index:value pairs"),
      ("1 qid:3 1:2\n", ", line 1: has \"qid\"; allowed: index:value pairs"),
      ("1 7\n", ", line 1: has \"7\"; allowed: index:value pairs"),
      ("1 1:x\n", ", line 1: has the value \"x\" for 1; it must be a number"),
      ("1 1:\n", ", line 1: has the value \"\" for 1; it must be a number"),
      ("1 1:inf\n", ", line 1: has the value \"inf\" for 1; it must be a number"),
      ("1 999999999:1\n", ", line 1: has the index 999999999; 100000 columns are allowed"),
      (
        "1 99999999999999999999999:1\n",
        ", line 1: has \"99999999999999999999999\"; allowed: index:value pairs"
      ),
      ("nan 1:1\n", ", line 1: has the label \"nan\"; labels are numbers"),
      ("", ": is empty: it has no rows"), ("# nothing\n", ": is empty: it has no rows"),
      ("1\n2\n", ": has labels alone"),
    ])
  func refused(text: String, expected: String) {
    #expect(message(text) == "t.svm\(expected)")
  }

  @Test("Too many rows or values are refused")
  func limits() {
    let limits = TypedTable.Limits(rows: 2, columns: 3, values: 3)
    #expect(message("1 1:1\n2 3:1\n", limits: limits) == nil)
    #expect(
      message("1 1:1\n2\n3\n", limits: limits) == "t.svm, line 3: is a row more than the 2 allowed")
    #expect(
      message("1 1:1 2:1\n2 1:1 2:1\n", limits: limits)
        == "t.svm, line 2: has a value more than the 3 allowed")
  }
}

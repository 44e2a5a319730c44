import TestSupport
import Testing

@Suite("The command data check")
struct DataCheckCommandTests {
  private let table = "größe;art;name\n1,5;a;Bär\n;b;Löwe\n".replacing(",", with: ".")

  @Test("A file's columns, classes, features and gaps are printed, and nothing is left")
  func schema() throws {
    try withTemporaryDirectory { folder in
      try write(table, to: folder + "/t.csv")
      let result = try simulate(["data", "check", "t.csv", "--env-set", "separator=semicolon"], in: folder)
      #expect(result.status == 0 && result.errors == "")
      #expect(
        result.output == """
          t.csv: 2 rows, 2 classes, 4 features, numbers
          SHA-256: \(try run(["sha256sum", folder + "/t.csv"]).output.prefix(64))

          column  kind        missing  shown as
          größe   numbers     1 empty  2 features
          art     categories           2 features

          label name  rows
          Bär         1
          Löwe        1

          note: column größe: 1 of 2 empty; the mean stands in, and a further column marks them

          """)
      #expect(try names(in: folder) == ["t.csv"])
    }
  }

  @Test("A wrong file ends with 1, a wrong setting with 64")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      try write(table, to: folder + "/t.csv")
      let wrong = try simulate(["data", "check", "t.csv"], in: folder)
      #expect(wrong.status == 1)
      #expect(wrong.errors.contains("perhaps set separator=semicolon"))
      let setting = try simulate(["data", "check", "t.csv", "--env-set", "seperator=tab"], in: folder)
      #expect(setting.status == 64 && setting.errors.contains("did you mean 'separator'?"))
    }
  }

  @Test("A run says on stderr where fields are missing, unless it is to be quiet")
  func notes() throws {
    try withTemporaryDirectory { folder in
      try write(table, to: folder + "/t.csv")
      let words = [
        "--agent", "uniform", "--steps", "5", "--environment", "classification", "--env-set", "file=t.csv",
        "--env-set", "separator=semicolon",
      ]
      let note = "classification: column größe: 1 of 2 empty; the mean stands in"
      #expect(try simulate(words, in: folder).errors.contains(note))
      #expect(try simulate(words + ["--overwrite", "--quiet"], in: folder).errors == "")
    }
  }
}

import BanditCore
import BanditFiles
import BanditNumerics
import TestSupport
import Testing

@testable import BanditEnvironments

@Suite("Tables with gaps, other separators, many classes and many columns")
struct TableTests {
  private typealias Settings = Classification.Configuration

  private func make(
    _ text: String, name: String = "table.csv", _ change: (inout Settings) -> Void = { _ in }
  ) throws -> Classification {
    try withTemporaryDirectory { folder in
      try write(text, to: "\(folder)/\(name)")
      var configuration = Settings()
      configuration.file = "\(folder)/\(name)"
      change(&configuration)
      return try Classification(configuration: configuration, stream: RandomStream(seed: 1))
    }
  }

  /// The different contexts that come up.
  private func contexts(_ environment: Classification) -> Set<[Float]> {
    var environment = environment
    var observation = Observation(environment.spec)
    return Set(
      (0..<300).map { _ in
        environment.observe(into: &observation)
        return observation.features + observation.activeIndices.map(Float.init)
      })
  }

  @Test("A column of numbers with gaps stays one, as the settings say")
  func missing() throws {
    let csv = "a,b,c\n1,x,p\n,x,q\n3,y,p\n ? ,x,q\nNaN,x,q\n"
    let marked = try make(csv)
    #expect(contexts(marked) == [[-1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1]])
    #expect(
      marked.notes == ["column a: 3 of 5 empty; the mean stands in, and a further column marks them"])
    let mean = try make(csv) { $0.missing = .mean }
    #expect(contexts(mean) == [[-1, 1, 0], [0, 1, 0], [1, 0, 1]])
    #expect(mean.notes == ["column a: 3 of 5 empty; the mean stands in"])
    let categories = try make(csv) { $0.missing = .category }
    #expect(categories.spec.encoding == .oneHot(maximumActive: 2))
    #expect(categories.spec.featureCount == 5 + 2 && categories.notes.isEmpty)
    let error = #expect(throws: DataFileError.self) { try make(csv) { $0.missing = .error } }
    #expect(error?.line == 3)
    #expect(
      error?.reason
        == "has no number in the column a; fill it in, or set missing to indicator, mean or category")
    // An empty field among words is a word, and whoever names a column a category gets one.
    #expect(try make("b,c\nx,p\n,q\n").spec.encoding == .oneHot(maximumActive: 1))
    #expect(try make(csv) { $0.categories = ["a"] }.notes.isEmpty)
    #expect(try make("a,b,c\n1,,p\n2,,q\n").spec.featureCount == 2)
  }

  @Test("Notes tell of ten columns at most")
  func manyNotes() throws {
    let names = (0..<14).map { "x\($0)" }.joined(separator: ",")
    let rows = ["1", "2", ""].map { Array(repeating: $0, count: 14).joined(separator: ",") }
    let notes = try make("\(names),c\n\(rows[0]),p\n\(rows[1]),q\n\(rows[2]),q\n").notes
    #expect(notes.count == 11 && notes[10] == "4 more columns have empty fields")
  }

  @Test("Fields are parted by what the settings say")
  func separators() throws {
    for (name, letter) in [
      (Classification.Separator.tab, "\t"), (.semicolon, ";"), (.bar, "|"), (.space, " "),
    ] {
      let csv = "x,c\n1,a\n3,b\n".replacing(",", with: letter)
      #expect(contexts(try make(csv) { $0.separator = name }) == [[-1], [1]])
    }
    let error = #expect(throws: DataFileError.self) { try make("x;c\n1;a\n") }
    #expect(error?.reason.hasSuffix("; perhaps set separator=semicolon") == true)
  }

  @Test("A first row that looks like the others, or unlike them, is told of")
  func headers() throws {
    let hint = "if it is no header, set header=false"
    for csv in [
      "5.1,3.5,a\n4.9,3,b\n4,2,a\n", "1,x,a\n2,y,b\n3,x,a\n", "u,v,a\nw,x,b\nu,v,b\nw,x,a\n",
      ",1.5,a\n2,3,b\n4,4,a\n",
    ] {
      #expect(try make(csv).notes.contains { $0.hasSuffix(hint) }, "\(csv)")
      #expect(try make(csv) { $0.header = false }.notes.allSatisfy { !$0.contains("header") })
    }
    for csv in ["x,y,c\n1,2,a\n3,4,b\n", "1999,name,c\na,1,p\nb,2,q\n", "u,v,c\nu,1,a\nw,2,b\n"] {
      #expect(try make(csv).notes == [])
    }
    let overlooked = try make("x,y,c\n1,a,p\n2,b,q\n") { $0.header = false }
    #expect(overlooked.notes == ["the first row has \"x\" above numbers; if it is a header, set header=true"])
    let error = #expect(throws: DataFileError.self) { try make("1,1,a\n2,3,b\n") }
    #expect(error?.reason == "names two columns \"1\"; if it is no header, set header=false")
  }

  @Test("Classes are counted one by one up to 20 of them, unless the settings say otherwise")
  func counters() throws {
    func table(_ classes: Int) -> String {
      "x,c\n" + (0..<classes).map { "\($0),c\($0)\n" }.joined()
    }
    #expect(try make(table(20)).spec.counters.count == 41)
    var many = try make(table(21))
    #expect(many.spec.counters.map(\.name) == ["accuracy"])
    var observation = Observation(many.spec)
    many.observe(into: &observation)
    #expect(many.step(many.audit().bestAction).counts == [1])
    #expect(try make(table(21)) { $0.classCounters = .all }.spec.counters.count == 43)
    #expect(try make(table(2)) { $0.classCounters = .none }.spec.counters.count == 1)
  }

  @Test("Names in any script are read, quoted or not, and their counters have names of their own")
  func names() throws {
    let csv = "\u{feff}größe,\"Länge, gesamt\",классы\n1,2,\"Bär, \"\"klein\"\"\"\n3,4,Löwe\n5,6,狮子\n7,8,虎\n"
    let environment = try make(csv) { $0.columns = ["Länge, gesamt", "größe"] }
    #expect(environment.spec.actionNames == ["Bär, \"klein\"", "Löwe", "狮子", "虎"])
    let names = environment.spec.counters.map(\.name)
    #expect(Set(names).count == 9)
    #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil })
  }

  @Test("A wide table of categories and a few numbers shows what a narrow one would")
  func wide() throws {
    // 600 levels, so that nearly all features are 0; every context is known.
    let rows = (0..<600).map {
      "\($0 % 2 == 0 ? 1 : 3),l\(String(1_000 + $0)),\($0 % 3 == 0 ? "" : "5"),c\($0 % 2)"
    }
    let environment = try make("x,level,y,c\n" + rows.joined(separator: "\n") + "\n")
    #expect(environment.spec.encoding == .dense && environment.spec.featureCount == 1 + 600 + 2)
    let expected = (0..<600).map { row -> [Float] in
      var features = [Float](repeating: 0, count: 603)
      features[0] = row % 2 == 0 ? -1 : 1
      features[1 + row] = 1
      features[602] = row % 3 == 0 ? 1 : 0
      return features
    }
    let found = contexts(environment)
    #expect(found.count > 200 && found.isSubset(of: expected))
  }

  @Test("What a file is taken for: columns, label, classes, features")
  func schema() throws {
    try withTemporaryDirectory { folder in
      try write("x,kind,gap,c\n1,a,1,no\n3,b,,yes\n4,b,2,no\n", to: "\(folder)/t.csv")
      var configuration = Settings()
      configuration.file = "\(folder)/t.csv"
      let schema = try ClassificationFile(configuration).schema
      #expect(schema.rows == 3 && schema.features == 5 && !schema.isOneHot && schema.labelName == "c")
      #expect(schema.columns.map(\.name) == ["x", "kind", "gap"])
      #expect(schema.columns.map(\.kind) == [.numbers, .categories, .marked])
      #expect(schema.columns.map(\.missing) == [0, 0, 1])
      #expect(schema.classes.map(\.name) == ["no", "yes"] && schema.classes.map(\.rows) == [2, 1])
      #expect(schema.notes.count == 1)
    }
  }

  @Test("ARFF says what its columns are; texts of too many values are left out unless they are named")
  func arff() throws {
    let start =
      "@relation r\n@attribute x real\n@attribute k {1,2}\n@attribute t string\n@attribute c {p,q}\n@data\n"
    func make(_ text: String, _ change: (inout Settings) -> Void = { _ in }) throws -> Classification {
      try self.make(text, name: "table.ARFF", change)
    }
    let few = try make(start + "1,1,a,p\n3,2,b,q\n?,?,?,q\n")
    // Nominals and texts are categories, and a missing one is one more.
    #expect(
      contexts(few) == [
        [-1, 0, 1, 0, 0, 0, 1, 0], [1, 0, 0, 1, 0, 0, 0, 1], [0, 1, 0, 0, 1, 1, 0, 0],
      ])
    #expect(few.spec.actionNames == ["p", "q"])
    #expect(few.notes == ["column x: 1 of 3 empty; the mean stands in, and a further column marks them"])
    let rows = (0..<1_200).map { "\($0),1,t\($0),\($0 % 2 == 0 ? "p" : "q")\n" }.joined()
    let many = try make(start + rows)
    #expect(many.spec.featureCount == 2)
    #expect(many.notes == ["column t: texts, more than 1000 different ones; left out"])
    #expect(throws: DataFileError.self) { try make(start + rows) { $0.columns = ["t"] } }
    #expect(
      try make(start + "1,1,a,p\n3,2,b,q\n") {
        $0.labelColumn = "k"
        $0.columns = ["x", "c"]
      }.spec.featureCount == 3)
    let unlabelled = #expect(throws: DataFileError.self) { try make(start + "1,1,a,p\n1,1,b,?\n") }
    #expect(unlabelled?.line == 8 && unlabelled?.reason == "has no class: the column c is missing")
  }

  @Test("Sparse files keep their zeros: shares of the largest number, or ones alone")
  func sparse() throws {
    let shares = try make("1 1:2 300:-4\n2 1:1\n1 7:5\n", name: "t.svm")
    #expect(shares.spec.featureCount == 300 && shares.spec.encoding == .dense)
    #expect(shares.spec.actionNames == ["1", "2"])
    func row(_ numbers: [Int: Float]) -> [Float] { (0..<300).map { numbers[$0] ?? 0 } }
    #expect(contexts(shares) == [row([0: 1, 299: -1]), row([0: 0.5]), row([6: 1])])
    let ones = try make("+1 3:1 9:1\n-1 2:1\n-1\n", name: "t.libsvm")
    #expect(ones.spec.encoding == .oneHot(maximumActive: 2) && ones.spec.featureCount == 9)
    #expect(contexts(ones) == [[2, 8], [1], []])
    let arff = try make(
      "@relation r\n@attribute a real\n@attribute b real\n@attribute c {x,y}\n@data\n{0 2}\n{1 ?,2 y}\n",
      name: "t.arff")
    #expect(contexts(arff) == [[1, 0], [0, 0]] && arff.spec.actionNames == ["x", "y"])
    #expect(arff.notes == ["column b: 1 of 2 empty; 0 stands in"])
    #expect(try make("1 1:2\n2 1:1\n", name: "t.txt") { $0.format = .libsvm }.spec.featureCount == 1)
  }
}

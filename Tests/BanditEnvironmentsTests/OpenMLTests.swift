import BanditCore
import BanditEnvironments
import BanditFiles
import BanditNumerics
import BanditTesting
import TestSupport
import Testing

@Suite("OpenML's sets as bandits")
struct OpenMLTests {
  /// A folder as `data fetch` leaves it, without the fetching.
  private func withSets(_ body: (_ folder: String) throws -> Void) throws {
    try withTemporaryDirectory { folder in
      try RecordedOpenML.install(61, target: "class", in: folder)
      try RecordedOpenML.install(62, target: "type", ignored: ["animal"], in: folder)
      try RecordedOpenML.install(42585, target: "species", in: folder)
      try body(folder)
    }
  }

  private func make(_ id: Int, in folder: String, _ change: (inout OpenML.Configuration) -> Void = { _ in })
    throws -> OpenML
  {
    var configuration = OpenML.Configuration()
    (configuration.id, configuration.folder) = (id, folder)
    change(&configuration)
    return try OpenML(configuration: configuration, stream: RandomStream(seed: 1))
  }

  @Test("Numbers and nominals, classes by the target, ignored columns left out")
  func specs() throws {
    try withSets { folder in
      let iris = try make(61, in: folder)
      #expect(iris.spec.actionNames == ["Iris-setosa", "Iris-versicolor", "Iris-virginica"])
      #expect(iris.spec.featureCount == 4 && iris.spec.encoding == .dense && iris.notes == [])
      // 15 nominals of two values and a number of legs; the animals' names are ignored.
      let zoo = try make(62, in: folder)
      #expect(zoo.spec.actionCount == 7 && zoo.spec.featureCount == 31)
      #expect(
        try make(62, in: folder) { $0.categories = ["legs"] }.spec.encoding == .oneHot(maximumActive: 16))
      #expect(iris.dataFiles.keys.sorted() == ["openml/61/data.arff", "openml/61/set.json"])
    }
  }

  @Test("Missing numbers are marked, a missing nominal is a category")
  func missing() throws {
    try withSets { folder in
      let penguins = try make(42585, in: folder)
      // Three islands, four numbers with a mark each, and the sexes with '_' and missing.
      #expect(penguins.spec.featureCount == 3 + 8 + 4)
      #expect(penguins.notes.count == 4)
      #expect(
        penguins.notes[0]
          == "column culmen_length_mm: 2 of 344 empty; the mean stands in, and a further column marks them")
      let some = try make(42585, in: folder) {
        $0.columns = ["island", "body_mass_g"]
        $0.missing = .mean
      }
      #expect(some.spec.featureCount == 4)
    }
  }

  @Test("The laws hold")
  func laws() throws {
    try withSets { folder in
      for id in [61, 42585] {
        var configuration = OpenML.Configuration()
        (configuration.id, configuration.folder) = (id, folder)
        #expect(EnvironmentLaws.violations(of: OpenML.self, configuration: configuration) == [])
      }
    }
  }

  @Test("A set that is not there, and a number that is none, are refused with what to do")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      let error = #expect(throws: DataFileError.self) { try make(99_999, in: folder) }
      #expect(error?.reason.contains("run 'bandit-sim data fetch openml:99999'") == true)
      #expect(throws: ConfigurationError.self) { try make(-1, in: folder) }
    }
  }
}

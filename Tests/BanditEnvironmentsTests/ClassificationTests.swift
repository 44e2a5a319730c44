import BanditCore
import BanditFiles
import BanditEnvironments
import BanditNumerics
import TestSupport
import Testing

@Suite("Labelled data as bandits")
struct ClassificationTests {
  private typealias Settings = Classification.Configuration

  private func make(_ configuration: Settings, seed: UInt64 = 1) throws -> Classification {
    try Classification(configuration: configuration, stream: RandomStream(seed: seed))
  }

  /// The environment over a CSV text.
  private func make(_ csv: String, _ change: (inout Settings) -> Void = { _ in }) throws -> Classification {
    try withTemporaryDirectory { folder in
      try write(csv, to: "\(folder)/table.csv")
      var configuration = Settings()
      configuration.file = "\(folder)/table.csv"
      change(&configuration)
      return try make(configuration)
    }
  }

  /// The different contexts that come up, with the class that each shows.
  private func contexts(_ environment: Classification) -> [[Float]: Int] {
    var environment = environment
    var observation = Observation(environment.spec)
    var found: [[Float]: Int] = [:]
    for _ in 0..<200 {
      environment.observe(into: &observation)
      let context = observation.features + observation.activeIndices.map(Float.init)
      found[context] = environment.audit().bestAction
    }
    return found
  }

  private func message(_ csv: String, _ change: (inout Settings) -> Void = { _ in }) -> String {
    do {
      _ = try make(csv, change)
      return "nothing is wrong"
    } catch {
      let text = "\(error)"
      // The folder has a new name in each run.
      return text.contains("table.csv")
        ? "table.csv" + text.split(separator: "table.csv").dropFirst().joined() : text
    }
  }

  @Test("Without a file, the mushrooms of the program are named by their class")
  func mushrooms() throws {
    let environment = try make(Settings())
    #expect(environment.spec.actionNames == ["e", "p"])
    #expect(environment.spec.featureCount == 117)
    #expect(environment.spec.encoding == .oneHot(maximumActive: 22))
    #expect(
      environment.spec.counters.map(\.name) == ["accuracy", "right_e", "right_p", "wrong_e", "wrong_p"])
    // The same columns as the environment of eating and rejecting has.
    let raw = try RawMushrooms()
    let known = Set(raw.columns(dropping: 0))
    var played = environment
    var observation = Observation(played.spec)
    for _ in 0..<300 {
      played.observe(into: &observation)
      #expect(known.contains(observation.activeIndices))
      let row = try #require(raw.columns(dropping: 0).firstIndex(of: observation.activeIndices))
      #expect(played.step(0).reward == (raw.isPoisonous(row) ? 0 : 1))
      if played.step(0).reward == 1, row > 100 { break }
    }
  }

  @Test("Numbers are standardised, categories one-hot, constants 0")
  func mixed() throws {
    let environment = try make("x,kind,same,c\n1,a,7,no\n3,b,7,yes\n")
    #expect(environment.spec.featureCount == 4)
    #expect(environment.spec.encoding == .dense)
    #expect(environment.spec.actionNames == ["no", "yes"])
    #expect(contexts(environment) == [[-1, 1, 0, 0]: 0, [1, 0, 1, 0]: 1])
  }

  @Test("The largest numbers do not overflow, the smallest differences are seen")
  func extremes() throws {
    #expect(contexts(try make("x,c\n-1e308,a\n1e308,b\n")) == [[-1]: 0, [1]: 1])
    #expect(contexts(try make("x,c\n1e-300,a\n2e-300,b\n")) == [[-1]: 0, [1]: 1])
    #expect(contexts(try make("x,y,c\n0,1,a\n0,2,b\n")) == [[0, -1]: 0, [0, 1]: 1])
  }

  @Test("A column whose name has a comma is chosen by a list in a file")
  func commas() throws {
    let csv = "\"a,b\",y,c\n1,5,a\n2,5,b\n"
    #expect(contexts(try make(csv) { $0.columns = ["a,b"] }) == [[-1]: 0, [1]: 1])
  }

  @Test("Columns are chosen by name, and numbers may stand for categories")
  func chosen() throws {
    let csv = "x,y,c\n1,5,a\n2,6,b\n"
    #expect(contexts(try make(csv) { $0.columns = ["y"] }) == [[-1]: 0, [1]: 1])
    let coded = try make(csv) { $0.categories = ["x", "y"] }
    #expect(coded.spec.encoding == .oneHot(maximumActive: 2))
    #expect(contexts(coded) == [[0, 2]: 0, [1, 3]: 1])
    let half = try make(csv) { $0.categories = ["y"] }
    #expect(contexts(half) == [[-1, 1, 0]: 0, [1, 0, 1]: 1])
  }

  @Test("The label is in the column said, with or without a header")
  func labelColumn() throws {
    let bare = try make("a,1\nb,2\n") {
      $0.header = false
      $0.labelColumn = "first"
    }
    #expect(contexts(bare) == [[-1]: 0, [1]: 1])
    #expect(
      contexts(try make("x,c,y\n1,a,0\n2,b,0\n") { $0.labelColumn = "c" }) == [[-1, 0]: 0, [1, 0]: 1])
    #expect(
      contexts(try make("x,c,y\n1,a,0\n2,b,0\n") { $0.labelColumn = "2" }) == [[-1, 0]: 0, [1, 0]: 1])
  }

  @Test("The right class pays, a wrong one does not, and both are counted by class")
  func rewards() throws {
    for reward in [1e308, -1e10, .infinity] {
      #expect(throws: ConfigurationError.self) {
        try make("x,c\n1,a\n2,b\n3,c\n") { $0.rewards.rightReward = reward }
      }
    }
    var environment = try make("x,c\n1,a\n2,b\n3,c\n") { $0.rewards.wrongReward = -2 }
    var observation = Observation(environment.spec)
    for _ in 0..<50 {
      environment.observe(into: &observation)
      let label = environment.audit().bestAction
      for action in 0..<3 {
        let outcome = environment.step(action)
        #expect(outcome.reward == (action == label ? 1 : -2))
        var counts = [Double](repeating: 0, count: 7)
        counts[0] = action == label ? 1 : 0
        counts[(action == label ? 1 : 4) + label] = 1
        #expect(outcome.counts == counts)
        #expect(environment.audit().expectedRewards == (0..<3).map { $0 == label ? 1 : -2 })
      }
    }
  }

  @Test("A cost matrix has the row of the true class and the column of the action")
  func costs() throws {
    var environment = try make("x,c\n1,a\n2,b\n") { $0.rewards.costs = [[0, 1], [35, -5]] }
    var observation = Observation(environment.spec)
    var seen: Set<[Double]> = []
    for _ in 0..<50 {
      environment.observe(into: &observation)
      seen.insert(environment.audit().expectedRewards)
      #expect(environment.step(1).reward == (observation.features[0] < 0 ? -1 : 5))
    }
    #expect(seen == [[0, -1], [-35, 5]])
  }

  @Test("Examples are drawn evenly, with replacement")
  func draws() throws {
    var environment = try make("x,c\n1,a\n2,b\n3,a\n4,b\n")
    var observation = Observation(environment.spec)
    var counts: [Float: Int] = [:]
    for _ in 0..<4_000 {
      environment.observe(into: &observation)
      counts[observation.features[0], default: 0] += 1
    }
    #expect(counts.count == 4)
    // Six standard deviations of a binomial count: 6 √(4000 · ¼ · ¾) = 164.
    #expect(counts.values.allSatisfy { abs($0 - 1_000) < 164 })
  }

  @Test("Classes of any name have counters of their own")
  func names() throws {
    let csv = "x,c\n1,Très bien\n2,tr_s bien\n3,50 %\n4,tr_s bien_3\n"
    let names = try make(csv).spec.counters.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil })
    #expect(names.contains("right_50__"))
  }

  @Test("A pair of IDX files is a bandit too, with pixels from 0 to 1")
  func images() throws {
    try withTemporaryDirectory { folder in
      try writeTinyMNIST(to: folder)
      var configuration = Settings()
      configuration.images = "\(folder)/t10k-images-idx3-ubyte"
      configuration.labels = "\(folder)/t10k-labels-idx1-ubyte"
      let environment = try make(configuration)
      #expect(environment.spec.actionNames == (0..<10).map { String($0) })
      let expected = (0..<10).map { ([Float](repeating: Float(5 * $0) / 255, count: 784), $0) }
      #expect(contexts(environment) == Dictionary(uniqueKeysWithValues: expected))
      configuration.labels = ""
      let error = #expect(throws: ConfigurationError.self) { try make(configuration) }
      #expect(error?.description.contains("images together with labels, without file") == true)
    }
  }

  @Test("What cannot be a bandit is refused with the reason")
  func refusals() {
    let csv = "x,c\n1,a\n2,b\n"
    #expect(
      message("x,c\n1,a\n2,a\n")
        == "table.csv: has one class; 2 to 256 are allowed. Is it the right label column?")
    #expect(
      message(csv) { $0.columns = ["z"] } == "columns: 'z' is not allowed; did you mean 'x'? Allowed: x.")
    #expect(message(csv) { $0.categories = ["c"] }.hasPrefix("categories: 'c' is not allowed"))
    #expect(
      message(csv) { $0.labelColumn = "d" }
        == "table.csv: has no column named \"d\" for the labels: it has x, c")
    #expect(message(csv) { $0.file = "/none.csv" } == "/none.csv: does not exist; check the path")
    let allowed = "allowed: 2 rows parted by / of 2 costs parted by commas, both in the order a, b."
    for (costs, given) in [
      ([[1, 2]], "1.0,2.0"), ([[1, 2], [3]], "1.0,2.0/3.0"), ([[1, 2], [3, .nan]], "1.0,2.0/3.0,nan"),
      ([[1, 2], [3, 4, 5]], "1.0,2.0/3.0,4.0,5.0"), ([[1, 2], [3, 4], [5, 6]], "1.0,2.0/3.0,4.0/5.0,6.0"),
    ] as [([[Double]], String)] {
      #expect(message(csv) { $0.rewards.costs = costs } == "costs: '\(given)' is not allowed; \(allowed)")
    }
    let many = (0..<2_000).map { "\($0 == 7 ? "seven" : "\($0)"),\($0 % 2)" }.joined(separator: "\n")
    #expect(
      message("x,c\n\(many)\n") == """
        table.csv: has 2000 different values in the column x, more than the 1000 categories allowed; "seven" in \
        line 9 is no number. Mend it, or leave the column out with the setting columns
        """)
  }
}

import BanditCore
import BanditData
import BanditEnvironments
import BanditNumerics
import TestSupport
import Testing

@Suite("Jokes")
struct JesterTests {
  private func make(_ folder: String, seed: UInt64 = 1) throws -> Jester {
    var configuration = Jester.Configuration()
    configuration.folder = folder
    configuration.sampling = .permutation
    return try Jester(configuration: configuration, stream: RandomStream(seed: seed))
  }

  @Test("Users who rated all of the forty jokes rated most often; which are arms is drawn")
  func tiny() throws {
    try withTemporaryDirectory { folder in
      try TinyShowdown.write(to: folder)
      let data = try JesterData.load(folders: DataFolders(given: folder))
      #expect(data.jokes == (1...100).filter { ($0 - 1) % 5 < 2 })
      #expect(data.count == 28)
      var environment = try make(folder)
      #expect(environment.spec.featureCount == 32 && environment.spec.actionCount == 8)
      #expect(environment.jokes.sorted() == data.jokes)
      let other = try make(folder, seed: 2)
      #expect(other.jokes != environment.jokes && other.spec == environment.spec)
      var observation = Observation(environment.spec)
      var users: Set<[Float]> = []
      for _ in 0..<28 {
        environment.observe(into: &observation)
        let audit = environment.audit()
        let shown = observation.features + audit.expectedRewards.map { Float($0) }
        let inOrder = zip(environment.jokes, shown).sorted { $0.0 < $1.0 }.map(\.1)
        users.insert(inOrder)
        #expect((0..<8).map { environment.step($0).reward } == audit.expectedRewards)
      }
      #expect(users == Set((0..<28).map { Array(data.ratings[(40 * $0)..<(40 * $0 + 40)]) }))
    }
  }

  @Test("Ratings out of range and ragged lines are refused")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      let row = (["100"] + [String](repeating: "1.5", count: 100)).joined(separator: ",")
      for (text, reason) in [
        (row + "\n" + row.replacing("1.5", with: "11"), "neither from -10 to 10 nor 99"),
        (row + "\n" + row + ",1", "has 102 fields instead of 101"), ("1,2\n", "has 2 fields"),
        ("", "has no lines"), (row.replacing("1.5", with: "99"), "has no user"),
      ] {
        try write(text, to: "\(folder)/jester-data-1.csv")
        do {
          _ = try make(folder)
          Issue.record("nothing is wrong with \(text.prefix(20))")
        } catch { #expect("\(error)".contains(reason), "\(error)") }
      }
    }
  }

  @Test(
    "Of the published users 19,181 rated all forty",
    .enabled(if: FullShowdown.folder != nil, "\(FullShowdown.need)"))
  func published() throws {
    let data = try JesterData.load(folders: DataFolders(given: try #require(FullShowdown.folder)))
    #expect(data.count == 19_181)
    // Counted by a program in Python; from 1.
    #expect(data.jokes.prefix(5) == [5, 7, 8, 11, 12] && data.jokes.suffix(3) == [66, 68, 69])
  }
}

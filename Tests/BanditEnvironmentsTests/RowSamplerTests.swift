import BanditCore
import BanditEnvironments
import BanditNumerics
import TestSupport
import Testing

@Suite("The order of rows")
struct RowSamplerTests {
  /// Thirty numbers with their classes, as a bandit.
  private func table(_ sampling: RowSampling, seed: UInt64 = 1) throws -> Classification {
    try withTemporaryDirectory { folder in
      let rows = (0..<30).map { "\($0),\($0 % 2)" }.joined(separator: "\n")
      try write("x,c\n\(rows)\n", to: "\(folder)/table.csv")
      var configuration = Classification.Configuration()
      configuration.file = "\(folder)/table.csv"
      configuration.sampling = sampling
      return try Classification(configuration: configuration, stream: RandomStream(seed: seed))
    }
  }

  private func rows(_ environment: inout Classification, _ count: Int) -> [Float] {
    var observation = Observation(environment.spec)
    return (0..<count).map { _ in
      environment.observe(into: &observation)
      return observation.features[0]
    }
  }

  @Test("A permutation shows each row once in a pass; passes and seeds differ in their order")
  func permutation() throws {
    var environment = try table(.permutation)
    let passes = (0..<4).map { _ in rows(&environment, 30) }
    #expect(Set(passes[0]).count == 30)
    for pass in passes { #expect(pass.sorted() == passes[0].sorted()) }
    #expect(Set(passes).count == 4)
    var other = try table(.permutation, seed: 2)
    #expect(rows(&other, 30) != passes[0])
  }

  @Test("Every place of a pass has every row alike")
  func uniformity() throws {
    var counts: [Double: Int] = [:]
    var environment = try mushroom(sampling: .permutation)
    for seed in 0..<1_200 {
      environment.restart(stream: RandomStream(seed: UInt64(seed)))
      var observation = Observation(environment.spec)
      environment.observe(into: &observation)
      counts[environment.audit().expectedRewards[0], default: 0] += 1
    }
    // The first mushroom is edible with the share of all, 4,208 of 8,124; six standard deviations are 104.
    #expect(abs((counts[5] ?? 0) - 622) < 104)
  }

  @Test("A permutation resumes at every place of a pass from a few words")
  func resuming() throws {
    var environment = try table(.permutation)
    for count in 0..<65 {
      var resumed = try table(.permutation)
      let state = try EncodedState(environment.state, name: "state")
      #expect(state.tensors.isEmpty && state.text.utf8.count < 300)
      try resumed.restore(state.decoded(as: RowPosition.self))
      var copy = environment
      #expect(rows(&resumed, 40) == rows(&copy, 40), "after \(count) rows")
      _ = rows(&environment, 1)
    }
  }

  @Test("With replacement the state is that of earlier versions, the stream alone")
  func earlier() throws {
    var environment = try table(.replacement)
    _ = rows(&environment, 7)
    var stream = RandomStream(seed: 1)
    for _ in 0..<7 { _ = stream.integer(below: 30) }
    let state = try EncodedState(environment.state, name: "state")
    #expect(state == (try EncodedState(stream, name: "state")))
    #expect(throws: (any Error).self) {
      try EncodedState(text: "{\"rows\":-1,\"stream\":\(state.text)}", tensors: []).decoded(
        as: RowPosition.self)
    }
  }
}

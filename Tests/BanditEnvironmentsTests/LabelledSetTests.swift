import BanditCore
import BanditData
import BanditEnvironments
import BanditNumerics
import Foundation
import TestSupport
import Testing

/// An environment over tiny files of the Showdown.
func showdown<S: LabelledSource>(
  _ source: S.Type, _ change: (inout LabelledSet<S>.Configuration) -> Void = { _ in }
) throws -> LabelledSet<S> {
  try withTemporaryDirectory { folder in
    try TinyShowdown.write(to: folder)
    return try showdown(source, in: folder, change)
  }
}

func showdown<S: LabelledSource>(
  _ source: S.Type, in folder: String, _ change: (inout LabelledSet<S>.Configuration) -> Void = { _ in }
) throws -> LabelledSet<S> {
  var configuration = LabelledSet<S>.Configuration()
  configuration.folder = folder
  configuration.sampling = .permutation
  change(&configuration)
  return try LabelledSet<S>(configuration: configuration, stream: RandomStream(seed: 1))
}

/// The contexts of the first steps, with the class of each.
func rows<E: Environment>(_ environment: E, _ count: Int) throws -> [(context: [Float], label: Int)] {
  var environment = environment
  var observation = Observation(environment.spec)
  return try (0..<count).map { _ in
    try environment.observe(into: &observation)
    var context = observation.features
    if case .oneHot = environment.spec.encoding {
      context = [Float](repeating: 0, count: environment.spec.featureCount)
      for index in observation.activeIndices { context[Int(index)] = 1 }
    }
    return (context, try environment.audit().bestAction)
  }
}

/// Means of 0 and deviations of 1, or constants of 0.
func expectStandardised(_ columns: [[Float]]) {
  for column in columns {
    let estimate = Estimate(column.map(Double.init))
    let square = column.reduce(0) { $0 + Double($1 * $1) } / Double(column.count)
    #expect(abs(estimate.mean) < 1e-5)
    #expect(abs(square - 1) < 1e-4 || column.allSatisfy { $0 == 0 })
  }
}

@Suite("Labelled sets from files")
struct LabelledSetTests {
  @Test("Of more rows than asked for, evenly spaced ones are taken")
  func spaced() throws {
    let all = try rows(showdown(Covertype.self), 70)
    let some = try rows(showdown(Covertype.self) { $0.rows = 35 }, 70)
    #expect(Set(all.map(\.context)).count == 70)
    #expect(Set(some.map(\.context)).count == 35)
    #expect(throws: ConfigurationError.self) { try showdown(Covertype.self) { $0.rows = 0 } }
  }

  @Test("Missing files are named with what gets them, bad lines with their number")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      func message() -> String {
        do {
          _ = try showdown(Statlog.self, in: folder)
          return ""
        } catch { return "\(error)" }
      }
      #expect(message().contains("run 'bandit-sim data fetch statlog'"))
      try write("1 2 3 4 5 6 7 8 9 1\n\n1 2 3 4 5 6 7 8 2\n", to: "\(folder)/shuttle.trn")
      #expect(message().contains("line 3") && message().contains("has 9 fields instead of 10"))
      try write("1 2 3 4 five 6 7 8 9 1\n", to: "\(folder)/shuttle.trn")
      #expect(message().contains("has \"five\" where a number has to be"))
      try write("1 2 3 4 5 6 7 8 9 1\n", to: "\(folder)/shuttle.trn")
      #expect(message().contains("has 1 classes; 2 to 256 are allowed"))
      try write("", to: "\(folder)/shuttle.trn")
      #expect(message().contains("has 0 classes"))
    }
  }
}

import BanditCore
import BanditEnvironments
import BanditNumerics
import Foundation
import Testing
import TestSupport

/// The mushroom records as the file has them, decoded without the package's readers.
struct RawMushrooms {
  let rows: [[Character]]

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Data/mushroom/agaricus-lepiota.data.gz").path
    let unpacked = try run(["zcat", file])
    try #require(unpacked.status == 0)
    rows = unpacked.output.split(separator: "\n").map { $0.split(separator: ",").compactMap(\.first) }
  }

  func isPoisonous(_ row: Int) -> Bool { rows[row][0] == "p" }

  /// The one-hot columns of every mushroom, `dropped` levels of each attribute left out.
  func columns(dropping dropped: Int) -> [[Int32]] {
    let levels = (1...22).map { attribute in Array(Set(rows.map { $0[attribute] })).sorted() }
    var first = [0]
    for values in levels { first.append(first[first.count - 1] + values.count - dropped) }
    return rows.map { row in
      (0..<22).compactMap { attribute in
        guard let level = levels[attribute].firstIndex(of: row[attribute + 1]), level >= dropped else {
          return nil
        }
        return Int32(first[attribute] + level - dropped)
      }
    }
  }
}

func mushroom(
  _ encoding: Mushroom.Encoding = .full, seed: UInt64 = 1, sampling: RowSampling = .replacement
) throws -> Mushroom {
  var configuration = Mushroom.Configuration()
  configuration.encoding = encoding
  configuration.sampling = sampling
  return try Mushroom(configuration: configuration, stream: RandomStream(seed: seed))
}

/// A mean and its standard error.
struct Estimate {
  let mean: Double
  let error: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot()
  }

  /// Whether a number, itself known up to `other`, is within three standard errors.
  func agrees(with value: Double, other: Double = 0) -> Bool {
    abs(mean - value) <= 3 * (error * error + other * other).squareRoot()
  }
}

/// The expected regret of a uniformly random action at each of some steps.
func uniformRegrets<E: Environment>(_ environment: E, steps: Int) throws -> [Double] {
  var environment = environment
  var observation = Observation(environment.spec)
  return try (0..<steps).map { _ in
    try environment.observe(into: &observation)
    let audit = try environment.audit()
    return audit.bestExpectedReward - audit.uniformExpectedReward
  }
}

/// The expected regret a step of uniformly random play, over tasks of many seeds.
func uniformRegret<E: Environment>(of environment: E.Type, seeds: Int, steps: Int) throws -> Estimate {
  Estimate(
    try (0..<seeds).map { seed in
      let environment = try E(
        configuration: E.Configuration(), stream: RandomStream(seed: UInt64(seed)).child("environment"))
      return try uniformRegrets(environment, steps: steps).reduce(0, +) / Double(steps)
    })
}

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

func mushroom(_ encoding: Mushroom.Encoding = .full, seed: UInt64 = 1) throws -> Mushroom {
  var configuration = Mushroom.Configuration()
  configuration.encoding = encoding
  return try Mushroom(configuration: configuration, stream: RandomStream(seed: seed))
}

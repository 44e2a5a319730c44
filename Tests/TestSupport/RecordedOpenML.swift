import BanditFiles
import Foundation

/// Answers of OpenML that come with the tests: see `OpenML/README.md`.
package enum RecordedOpenML {
  /// The number of each set's file, by the set's.
  package static let files = [61: 61, 62: 52352, 40675: 4_965_250, 42585: 21_854_866]

  /// The description of a set.
  package static func description(_ id: Int) throws -> [UInt8] { try answer(id, "api-v1-jd-\(id).json") }

  /// The features of a set.
  package static func features(_ id: Int) throws -> [UInt8] { try answer(id, "api-v1-jdf-\(id).json") }

  /// The ARFF file of a set.
  package static func table(_ id: Int) throws -> [UInt8] {
    try answer(id, "data-v1-dl-\(files[id] ?? 0).arff")
  }

  /// Lays out the answers for sets as `MirrorServer` serves them from a folder.
  package static func serve(_ ids: [Int], from folder: String) throws {
    for (path, bytes) in try ids.flatMap({ id in
      [
        ("api/v1/json/data/\(id)", try description(id)),
        ("api/v1/json/data/features/\(id)", try features(id)),
        ("data/v1/download/\(files[id] ?? 0)", try table(id)),
      ]
    }) {
      let url = URL(filePath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
  }

  /// Leaves a set in a folder of data as fetching it does.
  package static func install(_ id: Int, target: String, ignored: [String] = [], in folder: String) throws {
    let place = "\(folder)/openml/\(id)"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try write(try table(id), to: "\(place)/data.arff")
    try write(
      """
      {"file": "1", "id": \(id), "ignored": \(ignored), "name": "a set", "target": "\(target)", "version": "1"}
      """, to: "\(place)/set.json")
  }

  private static func answer(_ id: Int, _ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "OpenML/id_\(id)")
    return try readDataFile(atPath: folder.appending(path: name + ".gz").path, limit: 1 << 20)
  }
}

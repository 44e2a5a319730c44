import BanditFiles
import Foundation

/// Which files of a folder an earlier run wrote, as far as its manifest tells: `--overwrite` removes no others.
struct WrittenFiles {
  private struct Head: Decodable {
    let program: String
    let schemaVersion: Int
    let files: [String]?

    enum CodingKeys: String, CodingKey {
      case program, files
      case schemaVersion = "schema_version"
    }
  }

  /// What every JSON file of this program has.
  private struct Version: Decodable {
    let schema_version: Int
  }

  private let own: Set<String>
  private let files: [String]?

  /// Reads the folder's manifest.
  ///
  /// - Throws: `RunDirectoryError` where no run of this program wrote a file whose name others use too.
  init(in directory: RunDirectory) throws {
    func name(_ path: String) -> String { String(path.dropFirst(directory.path.count + 1)) }
    let fixed = [directory.manifestPath, directory.summaryPath, directory.logPath, directory.checkpointPath]
    own = Set(fixed.map(name))
    for path in fixed {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        throw RunDirectoryError(
          path: path, reason: "is a folder where a run has a file; --out DIR takes another folder")
      }
    }
    if let head = try? readJSONFile(Head.self, atPath: directory.manifestPath, limit: 1 << 20) {
      files = head.files
      return
    }
    files = []
    // A web page has a manifest too, and anybody may have results.
    let foreign = fixed.first { path in
      guard FileManager.default.fileExists(atPath: path), !path.hasSuffix(".gz"),
        path != directory.checkpointPath
      else { return false }
      return (try? readJSONFile(Version.self, atPath: path)) == nil
    }
    guard let path = foreign else { return }
    throw RunDirectoryError(
      path: path,
      reason: "is of no run of this program, so nothing is removed; --out DIR takes another folder")
  }

  /// Whether the run wrote the file of that name; runs of earlier versions do not say which files observers left.
  func has(_ name: String) -> Bool { own.contains(name) || files?.contains(name) ?? true }
}

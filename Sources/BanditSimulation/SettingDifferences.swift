package import BanditCore
import BanditFiles
import Foundation

extension SettingValue {
  /// How two trees of settings differ, a phrase each, such as `training.epochs=3, now 4`.
  package func differences(from begun: SettingValue, path: String = "") -> [String] {
    guard case .group(let new) = self, case .group(let old) = begun else {
      return isSame(as: begun) ? [] : ["\(path)=\(begun), now \(self)"]
    }
    return Set(old.keys).union(new.keys).sorted().flatMap { key in
      let place = path.isEmpty ? key : "\(path).\(key)"
      guard let before = old[key], let now = new[key] else {
        return ["\(place)=\(old[key]?.description ?? "nothing"), now \(new[key]?.description ?? "nothing")"]
      }
      return now.differences(from: before, path: place)
    }
  }
}

extension RunDirectory {
  /// Whether the folder's manifest is there, which then has the same settings under a key, and is of a version of the program.
  ///
  /// - Throws: `RunDirectoryError` where it is not, with the differences.
  package func hasManifest(_ key: String, of settings: some Encodable, program: String) throws -> Bool {
    guard FileManager.default.fileExists(atPath: manifestPath) else { return false }
    let manifest: [String: SettingValue]
    let now: SettingValue
    do {
      manifest = try readJSONFile([String: SettingValue].self, atPath: manifestPath, limit: 1 << 20)
      now = try JSONDecoder().decode(SettingValue.self, from: JSONEncoder().encode(settings))
    } catch let error as DecodingError {
      throw DataFileError(file: manifestPath, reason: "is no manifest: \(error.sentence)")
    }
    guard let begun = manifest[key], case .text(let before) = manifest["program"] else {
      throw DataFileError(file: manifestPath, reason: "is no manifest of \(key) settings")
    }
    var kernels: String?
    if case .text(let name) = manifest["kernels"] { kernels = name }
    try requireNone(
      now.differences(from: begun)
        + ProcessOrigin.differences(of: program, from: before, kernels: kernels))
    return true
  }

  /// Throws where there are differences between the settings of the run in the folder and those of now.
  package func requireNone(_ differences: [String]) throws {
    guard !differences.isEmpty else { return }
    throw RunDirectoryError(
      path: path,
      reason:
        "holds a run of other settings; these cannot resume it: \(differences.joined(separator: "; "))"
        + "; --overwrite replaces it, --out DIR takes another folder")
  }
}

import Foundation

/// The folder that a run leaves: `manifest.json`, `regret.csv.gz`, `summary.json`.
public struct RunDirectory: Sendable {
  /// The folder's path.
  public let path: String

  /// Where the settings and origin of the run are.
  public var manifestPath: String { path + "/manifest.json" }
  /// Where the log is.
  public var logPath: String { path + "/regret.csv.gz" }
  /// Where the totals are.
  public var summaryPath: String { path + "/summary.json" }

  /// The folder of a run where none was named: `runs/<environment>-<agent>-seed<seed>`.
  public static func defaultName(_ settings: RunSettings) -> String {
    "\(settings.environment)-\(settings.agent)-seed\(settings.seed)"
  }

  /// Makes an empty run folder.
  ///
  /// - Parameter overwrite: removes the files of an earlier run; other files are never touched.
  /// - Throws: `RunDirectoryError` where a run is there already or the folder cannot be made.
  public init(creating path: String, overwrite: Bool) throws {
    self.path = path
    let files = FileManager.default
    let existing = [manifestPath, logPath, summaryPath].filter { files.fileExists(atPath: $0) }
    if !existing.isEmpty && !overwrite {
      throw RunDirectoryError(
        path: path, reason: "holds a run already; --overwrite replaces it, --out DIR takes another folder")
    }
    do {
      for file in existing { try files.removeItem(atPath: file) }
      try files.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunDirectoryError(
        path: path, reason: "cannot be written: \(error.sentence); --out DIR takes another folder")
    }
  }

  /// Writes a JSON file beside its place and renames it there, so that it is whole or absent.
  public func write(_ value: some Encodable, to path: String) throws {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      var data = try encoder.encode(value)
      data.append(UInt8(ascii: "\n"))
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw RunDirectoryError(path: path, reason: "cannot be written: \(error.sentence)")
    }
  }
}

/// A run folder that cannot be used, and what to do.
public struct RunDirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
  let path: String
  let reason: String

  /// The sentence a user reads.
  public var description: String { "\(path): \(reason)" }
}

extension Error {
  /// What the system says went wrong.
  fileprivate var sentence: String {
    let error = self as NSError
    if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError, cause.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(cause.code)))
    }
    return error.localizedDescription
  }
}

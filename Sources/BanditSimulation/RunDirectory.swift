import BanditFiles
package import Foundation

/// The folder that a run leaves: `manifest.json`, a log, `summary.json`, a checkpoint, and the files of observers.
public struct RunDirectory: Sendable {
  /// The folder's path.
  public let path: String
  private let log: String

  /// Where the settings and origin of the run are.
  public var manifestPath: String { path + "/manifest.json" }
  /// Where the log is.
  public var logPath: String { path + "/" + log }
  /// Where the totals are.
  public var summaryPath: String { path + "/summary.json" }

  /// Where the state is that a run or training is resumed from.
  public var checkpointPath: String { path + "/" + Checkpoint.file }

  /// Whether an earlier run is resumed.
  public let resume: Bool
  /// Whether an earlier run is replaced.
  public let overwrite: Bool
  private let others: [String]
  private var existingFiles: [String] {
    // The summary goes first and the manifest last, so that what a kill leaves never looks like a whole run.
    ([summaryPath, checkpointPath, logPath] + others.map { "\(path)/\($0)" } + [manifestPath])
      .filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// Makes a run folder; files of an earlier run stay until `removeEarlierRun`.
  ///
  /// - `overwrite`: whether an earlier run may be replaced; other files are never touched.
  /// - `resume`: whether an earlier run is resumed.
  /// - `log`: the name of the log.
  /// - `others`: the names of files that belong to a run beside manifest, log and summary.
  /// - Throws: `RunDirectoryError` where a run is there already or the folder cannot be made or written.
  public init(
    creating path: String, overwrite: Bool, resume: Bool = false, log: String = "regret.csv.gz",
    others: [String] = []
  ) throws {
    precondition(!(overwrite && resume), "an earlier run is either replaced or resumed")
    self.path = path
    self.overwrite = overwrite
    self.resume = resume
    self.log = log
    // Observers may have a file of the same name: those of all forms of logged interactions, of which a run has one.
    self.others = Set(others).sorted()
    if path.isEmpty { throw RunDirectoryError(path: "--out", reason: "names no folder") }
    try requireNoRun()
    if let file = Self.fileInTheWay(of: path) { throw unwritable(file) }
    do { try POSIXFile.createFolder(path) } catch { throw unwritable(error.reason) }
    if access(path, W_OK | X_OK) != 0 { throw unwritable(String(cString: strerror(errno))) }
  }

  /// Keeps other processes out of the folder until the lock is released, which is after the summary.
  ///
  /// - Throws: `FolderInUseError` where another process has it, and `RunDirectoryError` where one has left a run in it
  ///   since it was made.
  package func lock() throws -> RunLock {
    let lock = try RunLock(path)
    try requireNoRun(isLocked: true)
    return lock
  }

  /// Throws where a run is there that is neither replaced nor resumed.
  private func requireNoRun(isLocked: Bool = false) throws {
    guard !existingFiles.isEmpty && !overwrite && !resume else { return }
    if !isLocked { try RunLock.requireFree(path) }
    throw RunDirectoryError(
      path: path,
      reason:
        "holds a run already; --resume continues it, --overwrite replaces it, --out DIR takes another "
        + "folder")
  }

  /// Removes the files of an earlier run, where that was allowed or there is nothing to resume from.
  ///
  /// - Throws: `RunDirectoryError` where there are files of these names that no run has written.
  package func removeEarlierRun() throws {
    guard overwrite || resume else { return }
    let written = try WrittenFiles(in: self)
    if FileManager.default.fileExists(atPath: logPath) { try GzipMemberFile.requireUnused(logPath) }
    do {
      for file in existingFiles where written.has(String(file.dropFirst(path.count + 1))) {
        try FileManager.default.removeItem(atPath: file)
      }
    } catch {
      throw unwritable(error.systemReason)
    }
  }

  /// Removes the summary of an earlier run that is resumed.
  package func removeSummary() throws {
    guard FileManager.default.fileExists(atPath: summaryPath) else { return }
    do {
      try FileManager.default.removeItem(atPath: summaryPath)
    } catch {
      throw unwritable(error.systemReason)
    }
  }

  /// Changes what a manifest says, where that makes a difference.
  func updateManifest(_ change: (inout RunManifest) -> Void) throws {
    let manifest = try readJSONFile(RunManifest.self, atPath: manifestPath, limit: 1 << 20)
    var changed = manifest
    change(&changed)
    if changed != manifest { try write(changed, to: manifestPath) }
  }

  private func unwritable(_ reason: String) -> RunDirectoryError {
    RunDirectoryError(path: path, reason: "cannot be written: \(reason); --out DIR takes another folder")
  }

  /// That a part of the path is a file, where one is.
  private static func fileInTheWay(of path: String) -> String? {
    var isDirectory: ObjCBool = false
    var part = path[...]
    while true {
      if FileManager.default.fileExists(atPath: String(part), isDirectory: &isDirectory),
        !isDirectory.boolValue
      {
        return "'\(part)' is a file"
      }
      guard let slash = part.lastIndex(of: "/"), slash > part.startIndex else { return nil }
      part = part[..<slash]
    }
  }

  /// JSON as runs write it: indented, keys in order.
  package static func json(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  /// Writes a JSON file beside its place and renames it there, so that it is whole or absent.
  ///
  /// - Throws: `RunDirectoryError` for numbers that JSON does not have, `DataFileError` where it cannot be written.
  public func write(_ value: some Encodable, to path: String) throws {
    var data: Data
    do { data = try Self.json(value) } catch EncodingError.invalidValue(let number, let context) {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw RunDirectoryError(
        path: path,
        reason: "is not written: '\(place)' is \(number), which JSON does not have; the log has every step")
    }
    data.append(UInt8(ascii: "\n"))
    try write(bytes: data, to: path)
  }

  /// Writes bytes beside their place and renames the file there, so that it is whole or absent.
  package func write(bytes: some Sequence<UInt8>, to path: String) throws {
    try replaceFile(atPath: path, with: Array(bytes))
  }
}

/// A run folder that cannot be used, and what to do.
public struct RunDirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
  let path: String
  let reason: String

  /// The sentence a user reads.
  public var description: String { "\(path): \(reason)" }
}

package import Foundation

/// The folder that a run leaves: `manifest.json`, a log, `summary.json`, and more where there is more to leave.
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

  /// The folder of a run where none was named: `runs/<environment>-<agent>-seed<seed>`.
  public static func defaultName(_ settings: RunSettings) -> String {
    "\(settings.environment)-\(settings.agent)-seed\(settings.seed)"
  }

  private let overwrite: Bool
  private let others: [String]
  private var existingFiles: [String] {
    ([manifestPath, logPath, summaryPath] + others.map { "\(path)/\($0)" })
      .filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// Makes a run folder; files of an earlier run stay until `removeEarlierRun`.
  ///
  /// - Parameters:
  ///   - overwrite: whether an earlier run may be replaced; other files are never touched.
  ///   - log: the name of the log.
  ///   - others: the names of files that belong to a run beside manifest, log and summary.
  /// - Throws: `RunDirectoryError` where a run is there already or the folder cannot be made or written.
  public init(
    creating path: String, overwrite: Bool, log: String = "regret.csv.gz", others: [String] = []
  ) throws {
    self.path = path
    self.overwrite = overwrite
    self.log = log
    self.others = others
    if path.isEmpty { throw RunDirectoryError(path: "--out", reason: "names no folder") }
    if !existingFiles.isEmpty && !overwrite {
      throw RunDirectoryError(
        path: path, reason: "holds a run already; --overwrite replaces it, --out DIR takes another folder")
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw unwritable(Self.fileInTheWay(of: path) ?? error.sentence)
    }
    if access(path, W_OK | X_OK) != 0 { throw unwritable(String(cString: strerror(errno))) }
  }

  /// Removes the files of an earlier run, where that was allowed.
  func removeEarlierRun() throws {
    guard overwrite else { return }
    do {
      for file in existingFiles { try FileManager.default.removeItem(atPath: file) }
    } catch {
      throw unwritable(error.sentence)
    }
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
  public func write(_ value: some Encodable, to path: String) throws {
    var data = try Self.json(value)
    data.append(UInt8(ascii: "\n"))
    try write(bytes: data, to: path)
  }

  /// Writes bytes beside their place and renames the file there, so that it is whole or absent.
  func write(bytes: some Sequence<UInt8>, to path: String) throws {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
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

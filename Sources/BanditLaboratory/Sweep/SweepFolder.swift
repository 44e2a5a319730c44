import BanditCore
import BanditFiles
package import BanditSimulation
import Foundation

/// The folder of a sweep: `sweep.json`, a folder for each run in `runs`, and what is being played in `claims`.
package struct SweepFolder: Sendable {
  /// What became of a run.
  package enum State: Sendable {
    /// All of its steps are played.
    case done(RecordedSummary)
    /// The last attempt failed.
    case failed(RunFailure)
    /// Some of its steps may be played.
    case left
  }

  /// The folder's path.
  package let path: String

  /// Where a sweep's file is kept.
  package var filePath: String { path + "/sweep.json" }

  /// The folder at a path, which need not exist.
  package init(_ path: String) { self.path = path }

  /// The folder of a run.
  package func folder(of run: String) -> String { "\(path)/runs/\(run)" }
  /// Where a run is claimed.
  package func claim(of run: String) -> String { "\(path)/claims/\(run)" }
  private func failurePath(of run: String) -> String { folder(of: run) + "/failure.json" }

  /// Makes the folder where it is missing, and keeps the sweep's file in it.
  ///
  /// - Returns: whether there was another sweep's file before.
  @discardableResult
  package func prepare(with file: [UInt8]) throws -> Bool {
    try POSIXFile.createFolder(path + "/runs")
    try POSIXFile.createFolder(path + "/claims")
    let earlier = POSIXFile.size(filePath) == nil ? nil : try readDataFile(atPath: filePath, limit: 1 << 20)
    if earlier != file { try replaceFile(atPath: filePath, with: file) }
    return earlier.map { $0 != file } ?? false
  }

  /// The bytes of the sweep's file.
  ///
  /// - Throws: `ConfigurationError` where this is no sweep's folder.
  package func file() throws -> [UInt8] {
    guard POSIXFile.size(filePath) != nil else {
      throw ConfigurationError(
        key: "sweep", given: path,
        allowed: "the folder of a sweep, which has a sweep.json; 'sweep run' makes one")
    }
    return try readDataFile(atPath: filePath, limit: 1 << 20)
  }

  /// What became of a run that is to have so many steps.
  package func state(of run: String, steps: Int) -> State {
    if let summary = summary(of: run, steps: steps) { return .done(summary) }
    return failure(of: run).map { .failed($0) } ?? .left
  }

  /// The summary of a run that has played so many steps, and whose log has the length that the summary says.
  package func summary(of run: String, steps: Int) -> RecordedSummary? {
    let folder = folder(of: run)
    guard let summary = RecordedSummary(readingFrom: folder + "/summary.json"), summary.steps ?? 0 >= steps
    else { return nil }
    for (name, seal) in summary.files ?? [:] where POSIXFile.size("\(folder)/\(name)") != seal.bytes {
      return nil
    }
    return summary
  }

  /// Why the last attempt of a run failed.
  package func failure(of run: String) -> RunFailure? {
    guard POSIXFile.size(failurePath(of: run)) != nil else { return nil }
    return try? readJSONFile(RunFailure.self, atPath: failurePath(of: run), limit: 1 << 16)
  }

  /// Keeps the reason of a failure with the run, if its folder can be written.
  package func note(_ reason: String, of run: String) {
    let failure = RunFailure(
      reason: String(reason.prefix(4_000)), host: ProcessInfo.processInfo.hostName,
      at: Date().formatted(.iso8601))
    guard let data = try? RunDirectory.json(failure) else { return }
    try? POSIXFile.createFolder(folder(of: run))
    try? replaceFile(atPath: failurePath(of: run), with: Array(data) + [UInt8(ascii: "\n")])
  }

  /// Removes the reason of an earlier failure.
  package func forgetFailure(of run: String) { POSIXFile.remove(failurePath(of: run)) }

  /// Who plays a run, by the clock of this folder; nil where nobody does.
  package func player(of run: String, now: Int) -> String? { ClaimFile.owner(of: claim(of: run), now: now) }

  /// The time by the clock of this folder's file system, in seconds.
  package func now() throws -> Int {
    let probe = path + "/claims/.now-\(ProcessInfo.processInfo.processIdentifier)"
    defer { POSIXFile.remove(probe) }
    _ = POSIXFile.release(try POSIXFile.createAnew(probe))
    return ClaimFile.modified(probe) ?? 0
  }

  /// The names of runs that somebody has claimed, living or not.
  package func claimed() -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path + "/claims")) ?? []
    return Set(
      names.filter { !$0.hasPrefix(".") }.compactMap { name in
        name.lastIndex(of: ".").map { String(name[..<$0]) }
      })
  }
}

/// `failure.json`: why the last attempt to play a run failed.
package struct RunFailure: Codable, Hashable, Sendable {
  /// The version of this file's form.
  package var schemaVersion = 1
  /// What was said.
  package var reason: String
  /// Where it was played.
  package var host: String
  /// When, in ISO 8601.
  package var at: String

  enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case reason, host, at
  }
}

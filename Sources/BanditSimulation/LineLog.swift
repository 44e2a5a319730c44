import BanditCore
import BanditFiles

/// What the lines of an observer are continued from.
public struct LineLogState: Codable {
  fileprivate let position: CSVLog.Position
}

/// An observer's file of a line a step, in gzip members that reach the disk one by one.
struct LineLog {
  private let log: CSVLog
  private let file: String

  /// Creates the file in a run's folder, or cuts it back to where a checkpoint left it.
  init(_ file: String, of run: RunStart, from state: LineLogState?, pace: GzipMemberFile.Pace = .thorough)
    throws
  {
    let path = "\(run.folder)/\(file)"
    self.file = file
    guard let position = state?.position else {
      log = try CSVLog(
        creating: path, columns: [], flushInterval: RegretLog.flushInterval, pace: pace)
      return
    }
    try position.requireRows(run.resumedSteps, path)
    log = try CSVLog(
      continuing: path, at: position, headerLines: 0, flushInterval: RegretLog.flushInterval, pace: pace)
  }

  /// Throws a `ConfigurationError` where the run has steps that the observer was not there to write.
  static func requireFirstLine(of run: RunStart, from state: LineLogState?, observer: String) throws {
    if run.resumedSteps > 0, state == nil {
      throw ConfigurationError(
        key: "--observe", given: observer,
        allowed: "a run that was begun with it: earlier steps have no lines")
    }
  }

  /// Adds a line, whose text is appended to those before.
  func line(_ append: (inout [UInt8]) throws -> Void) throws { try log.row(append) }

  /// Where the lines are.
  func checkpoint() throws -> LineLogState { LineLogState(position: try log.position()) }

  /// Flushes and closes the file, and gives its seal by its name.
  func close() throws -> [String: FileSeal] {
    try log.close()
    return [file: log.seal]
  }
}

import BanditCore
import BanditFiles

/// What the lines of an observer are continued from.
public struct LineLogState: Codable {
  fileprivate let position: CSVLog.Position
}

/// An observer's file of a line a step, in gzip members that reach the disk one by one.
///
/// It is empty until it begins, and again once it has ended.
struct LineLog {
  private let file: String
  private var log: CSVLog?
  /// The file by its name, once it is closed.
  private(set) var seals: [String: FileSeal] = [:]

  init(_ file: String) { self.file = file }

  /// Creates the file in a run's folder, or cuts it back to where a checkpoint left it.
  mutating func begin(
    _ run: RunStart, from state: LineLogState?, pace: GzipMemberFile.Pace = .thorough
  ) throws {
    let path = "\(run.folder)/\(file)"
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
  func line(_ append: (inout [UInt8]) throws -> Void) throws { try log?.row(append) }

  /// Where the lines are.
  func checkpoint() throws -> LineLogState {
    guard let log else { preconditionFailure("lines are saved after they have begun") }
    return LineLogState(position: try log.position())
  }

  /// Flushes and closes the file.
  mutating func end() throws {
    guard let log else { return }
    try log.close()
    seals = [file: log.seal]
    self.log = nil
  }
}

import BanditCore
import BanditFiles
import Foundation

/// A run as its folder has it: its settings, and its log at evenly spaced steps.
///
/// The run need not have ended; what has reached the disk counts.
public struct RecordedRun: Sendable {
  /// The folder, as it was named.
  public let path: String
  /// What decided the numbers.
  public internal(set) var settings: RunSettings
  /// The environment's counters, in the log's order.
  public let counterNames: [String]
  /// The agent's measurements that the log has.
  public let measurementNames: [String]
  /// The steps read: the first, the last, and evenly spaced ones, the same for runs with equally many planned steps.
  public let steps: [Int]
  private let columns: [String: [Double]]
  /// The action taken at each of the last 1,000 steps, or of the last tenth of a shorter run, although it was not
  /// always the best; nil otherwise.
  public let stuckAction: Int?
  /// What the run said of its task and agent; nil in those of earlier versions.
  public let about: RunDescription?
  /// The run's totals; nil unless it has ended.
  public let summary: RecordedSummary?
  private let uniform: [Double]?

  /// The largest log to read, in bytes of text.
  private static let limit = 1 << 30

  /// Reads a run.
  ///
  /// - Parameters:
  ///   - path: the run's folder.
  ///   - points: about how many steps to read of a run that has ended, 1 or more.
  ///   - others: further steps to read; those that the run has not played are left out.
  /// - Throws: `DataFileError` for files that are missing, truncated, corrupt or of another form.
  public init(readingFrom path: String, points: Int, others: [Int] = []) throws {
    precondition(points > 0, "at least one step is read")
    self.path = path
    let manifest = path + "/manifest.json"
    guard let recorded = try RecordedManifest(readingFrom: manifest) else {
      throw DataFileError(file: manifest, reason: "does not exist; check the path")
    }
    settings = recorded.run
    about = recorded.about
    let file = path + "/regret.csv.gz"
    let bytes = try readDataFile(atPath: file, limit: Self.limit)
    let log = try LabelledCSV(parsing: bytes, file: file, hasHeader: true, labelColumn: .named("step"))
    counterNames = try Self.counterNames(log.columns, file: file)
    for (row, step) in log.labels.enumerated() where Int(step) != row + 1 {
      throw DataFileError(
        file: file, line: log.line(ofRow: row), reason: "has step '\(step)' where step \(row + 1) belongs")
    }
    let interval = max(1, settings.steps / points)
    let others = Set(others)
    let rows = log.labels.indices.filter {
      $0 == 0 || $0 == log.rowCount - 1 || ($0 + 1).isMultiple(of: interval) || others.contains($0 + 1)
    }
    steps = rows.map { $0 + 1 }
    var columns: [String: [Double]] = [:]
    for name in [Self.regret, Self.expectedRegret] + counterNames {
      guard let column = log.columns.firstIndex(of: name) else { continue }
      columns[name] = try rows.map { row throws(DataFileError) in try Self.number(log, row, column, file) }
    }
    measurementNames = recorded.about?.measurements.filter(log.columns.contains) ?? []
    for name in measurementNames {
      guard let column = log.columns.firstIndex(of: name) else { continue }
      // A step at which the agent did not know it has an empty field.
      columns[name] = try rows.map { row throws(DataFileError) in
        log[row, column].isEmpty ? .nan : try Self.number(log, row, column, file)
      }
    }
    uniform = try Self.uniform(log, at: rows, file: file)
    self.columns = columns
    stuckAction = Self.stuckAction(log)
    summary = RecordedSummary(readingFrom: path + "/summary.json")
  }

  /// The last step in the log; 0 where there is none yet.
  public var lastStep: Int { steps.last ?? 0 }

  /// A cumulative regret or a counter at one of `steps`.
  public func value(_ column: String, at step: Int) -> Double? {
    guard let index = steps.firstIndex(of: step) else { return nil }
    guard let value = columns[column]?[index], !value.isNaN else { return nil }
    return value
  }

  /// A uniformly random policy's cumulative expected regret over the same contexts, at one of `steps`; nil where neither
  /// log nor summary says it.
  public func uniform(at step: Int) -> Double? {
    guard let index = steps.firstIndex(of: step) else { return nil }
    return uniform?[index] ?? (summary?.steps == step ? summary?.uniform : nil)
  }

  /// Steps of random play that the agent was shown and no regret counts.
  public var prefillSteps: Int {
    // Runs of earlier versions say it in a setting alone.
    about?.prefillSteps ?? summary?.prefillSteps ?? Int(settings.agentSettings["prefill"]?.description ?? "")
      ?? 0
  }

  /// The column of the sum of the oracle's expected rewards less the ones received.
  public static let regret = "cumulative_regret"
  /// The column of the sum of the oracle's expected rewards less the actions': the primary metric.
  public static let expectedRegret = "cumulative_expected_regret"

  /// The values of a cumulative regret or a counter at `steps`, where the log has that column.
  public subscript(column: String) -> [Double]? { columns[column] }

  private static func stuckAction(_ log: LabelledCSV) -> Int? {
    guard let action = log.columns.firstIndex(of: "action"),
      let best = log.columns.firstIndex(of: "optimal_action"), log.rowCount >= 10
    else { return nil }
    let rows = log.rowCount - min(1_000, log.rowCount / 10)..<log.rowCount
    let taken = log[rows.lowerBound, action]
    guard rows.allSatisfy({ log[$0, action] == taken }), rows.contains(where: { log[$0, best] != taken })
    else { return nil }
    return Int(taken)
  }

  /// A uniformly random policy's cumulative expected regret at some rows, from what each row says of its context; nil
  /// where the log does not, as those of earlier versions.
  private static func uniform(_ log: LabelledCSV, at rows: [Int], file: String) throws -> [Double]? {
    let names = ["regret", "reward", "uniform_expected_reward"]
    let columns = names.compactMap { log.columns.firstIndex(of: $0) }
    guard columns.count == names.count else { return nil }
    var sum = 0.0
    var next = rows.makeIterator()
    var wanted = next.next()
    var values: [Double] = []
    for row in log.labels.indices {
      let (regret, reward, uniform) = (
        try number(log, row, columns[0], file), try number(log, row, columns[1], file),
        try number(log, row, columns[2], file)
      )
      sum += regret + reward - uniform
      guard row == wanted else { continue }
      values.append(sum)
      wanted = next.next()
    }
    return values
  }

  private static func number(
    _ log: LabelledCSV, _ row: Int, _ column: Int, _ file: String
  ) throws(DataFileError) -> Double {
    guard let value = Double(log[row, column]), value.isFinite else {
      throw DataFileError(
        file: file, line: log.line(ofRow: row),
        reason: "has '\(log[row, column])' as \(log.columns[column]), which is no number")
    }
    return value
  }

  /// The columns between those that every log has.
  private static func counterNames(_ columns: [String], file: String) throws(DataFileError) -> [String] {
    guard columns.contains(regret), let first = columns.firstIndex(of: expectedRegret),
      let end = columns[first...].firstIndex(of: "loss")
    else { throw DataFileError(file: file, line: 1, reason: "is not the header of a run's log") }
    return Array(columns[(first + 1)..<end])
  }
}

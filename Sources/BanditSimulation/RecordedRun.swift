package import BanditCore
import BanditFiles
import Foundation

/// A run as its folder has it: its settings, and its log at evenly spaced steps.
///
/// The run need not have ended; what has reached the disk counts. Of a log of any length no more than these steps are
/// held.
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
  /// Whether the log was read; else `steps` is the last alone, as the summary has it.
  public let hasLog: Bool
  private let columns: [String: [Double]]
  /// The action taken at each of the last 1,000 steps, or of the last tenth of a shorter run, although it was not
  /// always the best; nil otherwise.
  public let stuckAction: Int?
  /// What the run said of its task and agent; nil in those of earlier versions.
  public let about: RunDescription?
  /// The SHA-256 of the files that the environment read, by name; none where the manifest does not say it.
  public let data: [String: String]
  /// The run's totals; nil unless it has ended.
  public let summary: RecordedSummary?
  private let uniform: [Double]?

  /// Reads a run.
  ///
  /// - Parameters:
  ///   - path: the run's folder.
  ///   - points: about how many steps to read of a run that has ended, 1 or more.
  ///   - others: further steps to read; those that the run has not played are left out.
  /// - Throws: `DataFileError` for files that are missing, truncated, corrupt or of another form, `ConfigurationError` for
  ///   the replay of a log, which has no regret.
  public init(readingFrom path: String, points: Int, others: [Int] = []) throws {
    precondition(points > 0, "at least one step is read")
    self.path = path
    let manifest = path + "/manifest.json"
    guard let recorded = try RecordedManifest(readingFrom: manifest) else {
      throw DataFileError(file: manifest, reason: "does not exist; check the path")
    }
    settings = recorded.run
    about = recorded.about
    data = recorded.data ?? [:]
    try Self.requireRegret(about, path)
    let measurements = recorded.about?.measurements ?? []
    let log = try RecordedLog(
      readingFrom: path + "/regret.csv.gz", every: max(1, settings.steps / points), others: Set(others),
      measurements: measurements)
    counterNames = log.counterNames
    measurementNames = measurements.filter { log.values[$0] != nil }
    steps = log.steps
    hasLog = true
    columns = log.values
    uniform = log.uniform
    stuckAction = log.stuckAction
    summary = RecordedSummary(readingFrom: path + "/summary.json")
  }

  /// A run that has ended as its manifest and summary have it, at its last step alone; the log is not read.
  ///
  /// - Parameter summary: the run's.
  /// - Throws: `DataFileError` for a manifest that is missing or of another form.
  package init(endOf path: String, _ summary: RecordedSummary) throws {
    guard let recorded = try RecordedManifest(readingFrom: path + "/manifest.json") else {
      throw DataFileError(file: path + "/manifest.json", reason: "does not exist; check the path")
    }
    self.path = path
    settings = recorded.run
    about = recorded.about
    data = recorded.data ?? [:]
    counterNames = summary.counterNames ?? []
    measurementNames = []
    steps = summary.steps.map { [$0] } ?? []
    hasLog = false
    var values = (summary.counters ?? [:]).mapValues { [$0] }
    values[Self.regret] = summary.cumulativeRegret.map { [$0] }
    values[Self.expectedRegret] = summary.cumulativeExpectedRegret.map { [$0] }
    columns = values
    uniform = nil
    stuckAction = nil
    self.summary = summary
  }

  /// Throws a `ConfigurationError` for the replay of a log, which has rewards and no regret.
  package func requireRegret() throws(ConfigurationError) { try Self.requireRegret(about, path) }

  private static func requireRegret(
    _ about: RunDescription?, _ path: String
  ) throws(ConfigurationError) {
    guard about?.hasRegret == false else { return }
    throw ConfigurationError(
      key: "run", given: path,
      allowed:
        "runs with regret: this one replays a log, which has rewards alone; its summary.json has their sum"
    )
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
}

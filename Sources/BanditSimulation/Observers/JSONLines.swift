import BanditCore
public import BanditFiles
import Foundation

/// `steps.jsonl.gz`: a JSON object a step, with actions by their names, in gzip members that reach the disk one by one.
public struct JSONLines: RequestedObserver {
  /// One line.
  private struct Line: Encodable {
    let step: Int
    let action: String
    // Nil in the replay of a log, which has no regret.
    let optimalAction: String?
    let reward: Double
    let regret: Double?
    let expectedRegret: Double?
    let cumulativeExpectedRegret: Double?
    let counters: [String: Double]
    let loss: Double?
    let learningRate: Double?
    let propensity: Double?
    let measurements: [String: Double]

    init(_ record: StepRecord, _ spec: TaskSpec) {
      step = record.step
      action = spec.actionNames[record.action]
      let hasRegret = record.hasRegret ?? true
      optimalAction = hasRegret ? spec.actionNames[record.optimalAction] : nil
      reward = record.reward
      (regret, expectedRegret) = hasRegret ? (record.regret, record.expectedRegret) : (nil, nil)
      cumulativeExpectedRegret = hasRegret ? record.cumulativeExpectedRegret : nil
      counters = Dictionary(uniqueKeysWithValues: zip(spec.counters.map(\.name), record.counters))
      (loss, learningRate) = (record.diagnostics.loss, record.diagnostics.learningRate)
      (propensity, measurements) = (record.propensity, record.diagnostics.measurements)
    }
  }

  /// `jsonl`.
  public static let name = "jsonl"
  /// What `list observers` says.
  public static let summary = "steps.jsonl.gz: a JSON object a step, with actions and counters by name."
  /// The file.
  public static let files = ["steps.jsonl.gz"]

  private let encoder = JSONEncoder()
  private var log = LineLog(Self.files[0])
  /// The file, once it is closed.
  public var seals: [String: FileSeal] { log.seals }

  /// Creates an observer that has not begun.
  public init() {
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
  }

  /// Creates the file, or cuts it back to where a checkpoint left it.
  public mutating func begin(_ run: RunStart, from state: LineLogState?) throws {
    try LineLog.requireFirstLine(of: run, from: state, observer: Self.name)
    try log.begin(run, from: state)
  }

  /// Adds the step's line.
  public mutating func step(_ simulation: Simulation) throws {
    let line = try encoder.encode(Line(simulation.totals.record, simulation.spec))
    try log.line { $0 += line }
  }

  /// Where the lines are.
  public mutating func checkpoint() throws -> LineLogState { try log.checkpoint() }

  /// Flushes and closes the file.
  public mutating func end() throws { try log.end() }
}

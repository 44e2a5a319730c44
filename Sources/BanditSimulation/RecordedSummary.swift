package import BanditFiles

/// The part of a run's `summary.json` that comparisons read; summaries of earlier versions have less.
public struct RecordedSummary: Decodable, Sendable {
  private struct Seconds: Decodable {
    let total: Double
  }

  private let wallTime: Seconds?
  /// The last step.
  public let steps: Int?
  /// A uniformly random agent's expected regret over the same contexts.
  public let uniformExpectedRegret: Double?
  /// The expected regret of always the same action, by the action's name.
  public let constantExpectedRegret: [String: Double]?
  /// Steps of random play before the first own step.
  public let prefillSteps: Int?
  /// What these steps would have cost.
  public let prefillExpectedRegret: Double?
  let cumulativeExpectedRegret: Double?
  let cumulativeRegret: Double?
  let counters: [String: Double]?
  let counterNames: [String]?
  /// Whether the run was stopped before its last step.
  package let interrupted: Bool?
  /// The log and files of observers as they were when the run ended, by name.
  package let files: [String: FileSeal]?
  private let percentOfUniform: Double?

  enum CodingKeys: String, CodingKey {
    case steps, counters, interrupted, files
    case counterNames = "counter_names"
    case cumulativeRegret = "cumulative_regret"
    case wallTime = "seconds"
    case uniformExpectedRegret = "uniform_expected_regret"
    case constantExpectedRegret = "constant_expected_regret"
    case prefillSteps = "prefill_steps"
    case prefillExpectedRegret = "prefill_expected_regret"
    case cumulativeExpectedRegret = "cumulative_expected_regret"
    case percentOfUniform = "percent_of_uniform"
  }

  /// Wall time in seconds.
  public var seconds: Double? { wallTime?.total }

  /// A uniformly random agent's expected regret at the last step, of summaries of every version.
  var uniform: Double? {
    if let uniformExpectedRegret { return uniformExpectedRegret }
    guard let regret = cumulativeExpectedRegret, let percent = percentOfUniform, percent > 0 else {
      return nil
    }
    return 100 * regret / percent
  }

  /// Reads a summary; nil where there is none that can be read, as of a run that has not ended.
  package init?(readingFrom file: String) {
    guard let summary = try? readJSONFile(RecordedSummary.self, atPath: file) else { return nil }
    self = summary
  }
}

import BanditCore
public import BanditFiles
import Foundation

/// `summary.json`: the totals of a run.
public struct RunSummary: Codable, Hashable, Sendable {
  /// A run's state at one step.
  public struct Milestone: Codable, Hashable, Sendable {
    /// The step.
    public var step: Int
    /// The sum of the oracle's rewards less the ones received.
    public var cumulativeRegret: Double
    /// The sum of the oracle's expected rewards less the actions'.
    public var cumulativeExpectedRegret: Double
    /// The environment's counters.
    public var counters: [String: Double]

    enum CodingKeys: String, CodingKey {
      case step
      case cumulativeRegret = "cumulative_regret"
      case cumulativeExpectedRegret = "cumulative_expected_regret"
      case counters
    }

    init(_ record: StepRecord, names: [String]) {
      step = record.step
      cumulativeRegret = record.cumulativeRegret
      cumulativeExpectedRegret = record.cumulativeExpectedRegret
      counters = Dictionary(uniqueKeysWithValues: zip(names, record.counters))
    }
  }

  /// Seconds of the run by what they were spent on.
  public struct Seconds: Codable, Hashable, Sendable {
    /// The agent's choices.
    public var acting: Double
    /// The agent's updates.
    public var training: Double
    /// Observers: the log and others.
    public var logging: Double
    /// Checkpoints.
    public var checkpoints: Double
    /// From the first step to the last, and prefill before it.
    public var total: Double
  }

  /// The version of this file's form.
  public var schemaVersion = 1
  /// The agent's name.
  public var agent: String
  /// The environment's name.
  public var environment: String
  /// The seed.
  public var seed: UInt64
  /// Steps played.
  public var steps: Int
  /// Whether the run was stopped before its last step.
  public var interrupted: Bool
  /// The sum of rewards.
  public var cumulativeReward: Double
  /// False for the replay of a log, whose regrets are 0 and mean nothing; nil where there is regret.
  public var hasRegret: Bool?
  /// The sum of the oracle's rewards less the ones received.
  public var cumulativeRegret: Double
  /// The sum of the oracle's expected rewards less the actions': the primary metric.
  public var cumulativeExpectedRegret: Double
  /// The same in per cent of a uniformly random agent's over the same contexts.
  public var percentOfUniform: Double?
  /// A uniformly random agent's expected regret over the same contexts.
  public var uniformExpectedRegret: Double?
  /// The expected regret of always the same action over the same contexts, by the action's name.
  public var constantExpectedRegret: [String: Double]?
  /// Steps of random play that the agent was shown before its first own step; they are in no other sum.
  public var prefillSteps: Int?
  /// What these steps would have cost: their expected regret.
  public var prefillExpectedRegret: Double?
  /// The environment's counters after the last step.
  public var counters: [String: Double]
  /// The counters' names, in the log's order.
  public var counterNames: [String]
  /// States at steps 1, 2 and 5 times powers of ten and at the last step.
  public var milestones: [Milestone]
  /// Optimiser steps of all networks.
  public var optimiserSteps: Int
  /// Optimiser steps a second of training.
  public var optimiserStepsPerSecond: Double?
  /// Where the time went.
  public var seconds: Seconds
  /// The largest resident memory of the process so far, in MiB; nil where the system does not tell.
  public var peakMemoryMebibytes: Double?
  /// The log and files of observers as they were when the run ended, by name; nil in summaries of earlier versions.
  public var files: [String: FileSeal]?
  /// The CRC-32 of this summary's JSON without it; nil in summaries of earlier versions.
  public private(set) var crc32: UInt32?

  enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case agent, environment, seed, steps, interrupted
    case cumulativeReward = "cumulative_reward"
    case hasRegret = "has_regret"
    case cumulativeRegret = "cumulative_regret"
    case cumulativeExpectedRegret = "cumulative_expected_regret"
    case percentOfUniform = "percent_of_uniform"
    case uniformExpectedRegret = "uniform_expected_regret"
    case constantExpectedRegret = "constant_expected_regret"
    case prefillSteps = "prefill_steps"
    case prefillExpectedRegret = "prefill_expected_regret"
    case counters
    case counterNames = "counter_names"
    case milestones
    case optimiserSteps = "optimiser_steps"
    case optimiserStepsPerSecond = "optimiser_steps_per_second"
    case seconds
    case peakMemoryMebibytes = "peak_memory_mebibytes"
    case files, crc32
  }

  /// The summary of a finished or stopped simulation.
  public init(_ simulation: Simulation, interrupted: Bool, checkpoints: Duration, elapsed: Duration) {
    let (settings, totals) = (simulation.settings, simulation.totals)
    let names = totals.counters.map(\.name)
    let last = totals.record
    agent = settings.agent
    environment = settings.environment
    seed = settings.seed
    steps = totals.steps
    self.interrupted = interrupted
    cumulativeReward = totals.reward
    hasRegret = simulation.description.hasRegret
    cumulativeRegret = last.cumulativeRegret
    cumulativeExpectedRegret = last.cumulativeExpectedRegret
    percentOfUniform = totals.percentOfUniform
    if hasRegret ?? true {
      uniformExpectedRegret = totals.uniformExpectedRegret
      constantExpectedRegret = totals.constantExpectedRegrets.map {
        Dictionary(uniqueKeysWithValues: zip(simulation.spec.actionNames, $0))
      }
    }
    (prefillSteps, prefillExpectedRegret) = (totals.prefillSteps, totals.prefillExpectedRegret)
    counters = Dictionary(uniqueKeysWithValues: zip(names, last.counters))
    counterNames = names
    var records = totals.milestones
    if last.step > 0 && records.last?.step != last.step { records.append(last) }
    milestones = records.map { Milestone($0, names: names) }
    optimiserSteps = last.diagnostics.optimiserSteps
    let training = totals.training.inSeconds
    optimiserStepsPerSecond = optimiserSteps > 0 && training > 0 ? Double(optimiserSteps) / training : nil
    seconds = Seconds(
      acting: totals.acting.inSeconds, training: training, logging: totals.logging.inSeconds,
      checkpoints: checkpoints.inSeconds, total: elapsed.inSeconds)
    peakMemoryMebibytes = Self.peakMemory()
  }

  /// This summary with the checksum of everything in it.
  func sealed() throws -> RunSummary {
    var copy = self
    copy.crc32 = nil
    copy.crc32 = Gzip.crc32(of: [UInt8](try RunDirectory.json(copy)))
    return copy
  }

  private static func peakMemory() -> Double? {
    #if os(Linux)
      // getrusage would count what the process was before it became this program: `swift run`, say.
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      let kibibytes = line?.split(separator: " ").compactMap { Double($0) }.first
      return kibibytes.map { $0 / 1024 }
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1_048_576
    #endif
  }
}

extension Duration {
  /// This duration in seconds.
  package var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}

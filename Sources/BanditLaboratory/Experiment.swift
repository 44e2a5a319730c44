public import BanditCore

/// A published experiment that one command runs again: settings, trainings or runs, and what is reported of them.
///
/// The defaults of its settings are the full scale, the report's; with the `quick` assignments it takes minutes.
public protocol Experiment: Component {
  /// Assignments, as `--set` takes them, that make the experiment small enough for a look.
  static var quick: [String] { get }

  /// Names of the files, beside tables and figures, that the experiment's folder gets.
  static var files: [String] { get }

  /// Names of the figures that its defaults draw; none where they are not known before.
  static var figures: [String] { get }

  /// About how long it takes; nil where that is not known.
  static var duration: ExperimentDuration? { get }

  /// Prepares the experiment; nothing is written yet.
  ///
  /// - Throws: `ConfigurationError` for settings out of range.
  init(_ configuration: Configuration) throws

  /// Finds what the experiment reads, such as files of data, before anything is written.
  ///
  /// - Throws: what is wrong with it.
  func check(in laboratory: Laboratory) throws

  /// Runs the experiment and gives its tables and figures.
  ///
  /// - Throws: `ExperimentInterrupted` after a stop, and what trainings and files throw.
  func run(in laboratory: Laboratory) throws -> ExperimentResult
}

/// About how long an experiment takes under one seed, in seconds of one core of an AMD EPYC (Zen 5).
public struct ExperimentDuration: Hashable, Sendable {
  /// At the scale `quick`.
  public var quick: Double
  /// At the scale `full`.
  public var full: Double

  /// Creates a duration of times above 0.
  public init(quick: Double, full: Double) {
    precondition(quick > 0 && full > 0, "nothing takes no time")
    self.quick = quick
    self.full = full
  }
}

/// How much of an experiment is run.
public enum ExperimentScale: String, CaseIterable, Codable, Hashable, Sendable {
  /// Minutes, for a look.
  case quick
  /// The report's.
  case full
}

extension Experiment {
  /// None.
  public static var files: [String] { [] }

  /// Not known.
  public static var figures: [String] { [] }

  /// Not known.
  public static var duration: ExperimentDuration? { nil }

  /// There is nothing to read.
  public func check(in laboratory: Laboratory) throws {}

  /// The settings of a preset, then of a scale, with assignments on top.
  ///
  /// - Throws: `ConfigurationError` for a preset or a key that does not exist, or a value of the wrong kind.
  public static func configuration(
    _ scale: ExperimentScale, preset name: String? = nil, _ assignments: [String]
  ) throws -> Configuration {
    let preset = try name.map { try presets.named($0, of: Self.name) }
    let given = (preset?.settings ?? []) + (scale == .quick ? quick : []) + assignments
    return try Settings.applying(given.map { try Settings.assignment($0) }, to: Configuration())
  }
}

/// The user stopped an experiment; the files of finished trainings and runs are whole.
public struct ExperimentInterrupted: Error, Hashable, Sendable, CustomStringConvertible {
  /// The only value.
  public init() {}

  /// The sentence a user reads.
  public var description: String { "interrupted; what was trained so far is in the experiment's folder" }
}

public import BanditCore

/// A simulation with its files: plays it, logs every step, leaves a manifest and a summary.
public struct Run {
  /// How far a run is.
  public struct Progress: Sendable {
    /// The last row.
    public var record: StepRecord
    /// Steps to play.
    public var steps: Int
    /// Time since the start.
    public var elapsed: Duration
  }

  /// What decides the numbers.
  public let settings: RunSettings
  private let registry: Registry
  private let program: String

  /// Prepares a run; `program` names the program and its version in the manifest.
  public init(_ settings: RunSettings, registry: Registry, program: String) {
    self.settings = settings
    self.registry = registry
    self.program = program
  }

  /// Plays the run into a folder.
  ///
  /// - Parameters:
  ///   - shouldStop: is asked before every step; true ends the run with a whole log and a summary marked
  ///     interrupted.
  ///   - report: is told of every step.
  /// - Throws: `RunDirectoryError`, `DataFileError` where files cannot be written, and what components throw. The
  ///   log then holds whole rows up to the last flush.
  public func play(
    into directory: RunDirectory, shouldStop: () -> Bool, report: (Progress) -> Void
  ) throws -> RunSummary {
    var simulation = try Simulation(settings, registry: registry)
    try directory.write(RunManifest(settings, program: program), to: directory.manifestPath)
    let log = try RegretLog(creating: directory.logPath, counters: simulation.spec.counters)
    let clock = ContinuousClock()
    let start = clock.now
    var stopped = false
    let totals = try simulation.run(
      record: { record in
        try log.append(record)
        report(Progress(record: copy record, steps: settings.steps, elapsed: clock.now - start))
      },
      shouldStop: {
        stopped = shouldStop()
        return stopped
      })
    try log.close()
    let summary = RunSummary(
      settings, totals: totals, interrupted: stopped, elapsed: clock.now - start)
    try directory.write(summary, to: directory.summaryPath)
    return summary
  }
}

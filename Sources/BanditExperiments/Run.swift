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
  ///   log then holds whole rows: all of them, unless it was the log that could not be written.
  public func play(
    into directory: RunDirectory, shouldStop: () -> Bool, report: (Progress) -> Void
  ) throws -> RunSummary {
    var simulation = try Simulation(settings, registry: registry)
    try directory.removeEarlierRun()
    // The log comes first: it is never created over another, so two runs cannot mix in one folder.
    let log = try RegretLog(creating: directory.logPath, counters: simulation.spec.counters)
    try directory.write(RunManifest(settings, program: program), to: directory.manifestPath)
    let clock = ContinuousClock()
    let start = clock.now
    var stopped = false
    let totals: RunTotals
    do {
      totals = try simulation.run(
        record: { record in
          try log.append(record)
          report(Progress(record: copy record, steps: settings.steps, elapsed: clock.now - start))
        },
        shouldStop: {
          stopped = shouldStop()
          return stopped
        })
    } catch {
      // What led to the failure is in the last rows; the failure itself is what the caller must hear of.
      try? log.close()
      throw error
    }
    try log.close()
    let summary = RunSummary(
      settings, totals: totals, interrupted: stopped, elapsed: clock.now - start)
    try directory.write(summary, to: directory.summaryPath)
    return summary
  }
}

public import BanditCore

/// A simulation with its files: plays it, logs every step, leaves a manifest, checkpoints and a summary.
public struct Run {
  /// How far a run is.
  public struct Progress: Codable, Sendable {
    /// The last row.
    public var record: StepRecord
    /// Steps to play.
    public var steps: Int
    /// Steps that were played before this process went on with the run.
    public var resumedSteps: Int
    /// Time since this process went on with the run.
    public var elapsed: Duration
  }

  /// What came of a run.
  public struct Outcome: Sendable {
    /// Its totals.
    public let summary: RunSummary
    /// Whether it had been finished before, so that nothing was played.
    public let wasFinished: Bool
  }

  /// What decides the numbers.
  public let settings: RunSettings
  private let registry: Registry
  private let program: String
  private let commandLine: [String]?
  private let interval: CheckpointInterval
  private let tensorBoard: Bool
  private let threads: Int

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - program: names the program and its version in the manifest.
  ///   - commandLine: the words a user gave, where they are not those of this process.
  ///   - checkpoints: how often a checkpoint is written, where agent and environment encode their state.
  ///   - tensorBoard: whether TensorBoard's events are written too.
  ///   - threads: how many threads the agent may use; no number depends on it.
  public init(
    _ settings: RunSettings, registry: Registry, program: String, commandLine: [String]? = nil,
    checkpoints interval: CheckpointInterval = .automatic, tensorBoard: Bool = false, threads: Int = 1
  ) {
    self.settings = settings
    self.registry = registry
    self.program = program
    self.commandLine = commandLine
    self.interval = interval
    self.tensorBoard = tensorBoard
    self.threads = threads
  }

  /// Plays the run into a folder, or what is left of it where the folder is one to resume.
  ///
  /// - Parameters:
  ///   - shouldStop: is asked before every step; true ends the run with a whole log, a checkpoint and a summary marked
  ///     interrupted.
  ///   - report: is told of every step.
  /// - Throws: `RunDirectoryError`, `CheckpointError`, `DataFileError` where files cannot be read or written, and what
  ///   components throw. The log then holds whole rows: all of them, unless it was the log that could not be written.
  public func play(
    into directory: RunDirectory, shouldStop: () -> Bool, report: (Progress) -> Void
  ) throws -> Outcome {
    var simulation = try Simulation(settings, registry: registry, threads: threads)
    let earlier =
      directory.resume ? try EarlierRun(in: directory, for: settings, program: program) : .none
    let log: RegretLog
    var begun: BegunRun?
    switch earlier {
    case .finished(let summary): return Outcome(summary: summary, wasFinished: true)
    case .begun(let run):
      log = try goOn(with: run, &simulation, in: directory)
      begun = run
    case .none: log = try begin(simulation, in: directory)
    }
    let events = tensorBoard ? try RunEvents(in: directory, after: begun?.steps ?? 0) : nil
    var recorder = Recorder(
      directory: directory, log: log, events: events, begun: begun,
      clock: CheckpointClock(simulation.unresumable.isEmpty ? interval : .never))
    var stopped = false
    do {
      while !simulation.isFinished && !stopped {
        stopped = shouldStop()
        if stopped { break }
        try simulation.step { try log.append($0) }
        try events?.note(simulation)
        report(recorder.progress(simulation))
        if recorder.clock.isDue(simulation.totals.steps) { try recorder.save(simulation) }
      }
      try recorder.save(simulation)
    } catch {
      // What led to the failure is in the last rows; the failure itself is what the caller must hear of.
      try? log.close()
      throw error
    }
    try log.close()
    try events?.close()
    let summary = RunSummary(
      settings, totals: simulation.totals, interrupted: stopped, checkpoints: recorder.checkpoints,
      elapsed: recorder.elapsed)
    try directory.write(summary, to: directory.summaryPath)
    return Outcome(summary: summary, wasFinished: false)
  }

  private func begin(_ simulation: Simulation, in directory: RunDirectory) throws -> RegretLog {
    try directory.removeEarlierRun()
    // The log comes first: it is never created over another, so two runs cannot mix in one folder.
    let log = try RegretLog(creating: directory.logPath, counters: simulation.spec.counters)
    try directory.write(
      RunManifest(settings, program: program, commandLine: commandLine), to: directory.manifestPath)
    return log
  }

  private func goOn(
    with run: BegunRun, _ simulation: inout Simulation, in directory: RunDirectory
  ) throws -> RegretLog {
    try simulation.restore(from: run.checkpoint)
    guard simulation.totals.steps == run.steps else {
      throw RunDirectoryError(
        path: directory.checkpointPath,
        reason:
          "has a log of \(run.steps) steps and a state after \(simulation.totals.steps); --overwrite starts anew"
      )
    }
    // Opening the log comes first: it fails where another process has it.
    let log = try RegretLog(continuing: directory.logPath, at: run.position)
    try directory.removeSummary()
    try directory.updateManifest { $0.run.steps = settings.steps }
    return log
  }
}

/// Writes what a run leaves while it is played.
private struct Recorder {
  let directory: RunDirectory
  let log: RegretLog
  let events: RunEvents?
  let begun: BegunRun?
  var clock: CheckpointClock
  private let start = ContinuousClock.now

  init(
    directory: RunDirectory, log: RegretLog, events: RunEvents?, begun: BegunRun?, clock: CheckpointClock
  ) {
    self.directory = directory
    self.log = log
    self.events = events
    self.begun = begun
    self.clock = clock
  }

  /// The time that the run has taken, in all processes.
  var elapsed: Duration { (begun?.elapsed ?? .zero) + (ContinuousClock.now - start) }
  /// The time that checkpoints have taken, in all processes.
  var checkpoints: Duration { (begun?.checkpoints ?? .zero) + clock.total }

  func progress(_ simulation: Simulation) -> Run.Progress {
    Run.Progress(
      record: simulation.totals.record, steps: simulation.settings.steps, resumedSteps: begun?.steps ?? 0,
      elapsed: ContinuousClock.now - start)
  }

  /// Writes a checkpoint.
  ///
  /// The log's members are on the disk already; rows that are in none go with the checkpoint.
  mutating func save(_ simulation: Simulation) throws {
    guard clock.writes else { return }
    let start = ContinuousClock.now
    try events?.flush()
    var checkpoint = Checkpoint(for: directory.checkpointPath)
    let state = BegunRun.State(log: log.position, elapsed: elapsed, checkpoints: checkpoints)
    try BegunRun.put(state, into: &checkpoint)
    try simulation.save(to: &checkpoint)
    try checkpoint.write()
    clock.noteCheckpoint(from: start)
  }
}

import BanditCore

/// A simulation with its files: plays it, lets observers see every step, leaves a manifest, checkpoints and a summary.
public struct Run {
  /// How far a run is.
  public struct Progress: Codable, Sendable {
    /// The last row.
    public var record: StepRecord
    /// Steps to play.
    public var steps: Int
    /// Steps that were played before this process resumed the run.
    public var resumedSteps: Int
    /// Time since this process began or resumed the run.
    public var elapsed: Duration
  }

  /// How a run ended.
  public struct Outcome: Sendable {
    /// Its totals.
    public let summary: RunSummary
    /// Whether it had been finished before, so that nothing was played.
    public let wasFinished: Bool
  }

  private var simulation: Simulation
  private let program: String
  private let commandLine: [String]?
  private let interval: CheckpointInterval
  private var observers: [any RunObserver]
  private let note: (String) -> Void

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - simulation: what is played, from its first step or from the checkpoint of a folder that is resumed.
  ///   - program: names the program and its version in the manifest.
  ///   - commandLine: the words that a user gave, where this process was started with others.
  ///   - interval: how often a checkpoint is written, where agent and environment encode their state.
  ///   - observers: see every step, in this order, after the regret log.
  ///   - note: is given sentences that a user should read while the run is played.
  public init(
    _ simulation: Simulation, program: String, commandLine: [String]? = nil,
    checkpoints interval: CheckpointInterval = .automatic, observers: [any RunObserver] = [],
    note: @escaping (String) -> Void = { _ in }
  ) {
    self.simulation = simulation
    self.program = program
    self.commandLine = commandLine
    self.interval = simulation.unresumable.isEmpty ? interval : .never
    self.observers = [RegretLog()] + observers
    self.note = note
  }

  /// Plays the run into a folder, or what is left of it where the folder is to be resumed.
  ///
  /// - `shouldStop`: is asked before every step; true ends the run with a whole log, a checkpoint and a summary
  ///   marked interrupted.
  /// - Throws: `FolderInUseError` where another process has the folder; `RunDirectoryError`, `CheckpointError`, `DataFileError` where files cannot be read or written, and what
  ///   components and observers throw. The log then holds whole rows: all of them, unless it was the log that could not
  ///   be written.
  public consuming func play(into directory: RunDirectory, shouldStop: () -> Bool) throws -> Outcome {
    let lock = try directory.lock()
    defer { lock.release() }
    let earlier = directory.resume ? try EarlierRun(in: directory, for: simulation, program: program) : .none
    var begun: BegunRun?
    switch earlier {
    case .finished(let summary): return Outcome(summary: summary, wasFinished: true)
    case .begun(let run): begun = run
    case .none: break
    }
    var session = Session(
      directory: directory, simulation: simulation, observers: observers, begun: begun,
      clock: CheckpointClock(interval), note: note)
    // A run that cannot begin leaves no row, so that its folder can be begun again.
    try session.begin(program: program, commandLine: commandLine)
    do {
      let stopped = try session.playSteps(shouldStop: shouldStop)
      try session.end()
      let summary = try session.summary(interrupted: stopped)
      try directory.write(summary, to: directory.summaryPath)
      return Outcome(summary: summary, wasFinished: false)
    } catch {
      // The last rows show what led to the failure, so they are written; the failure itself goes to the caller.
      try? session.end()
      throw error
    }
  }
}

/// A run while it is played.
private struct Session {
  let directory: RunDirectory
  var simulation: Simulation
  var observers: [any RunObserver]
  let begun: BegunRun?
  var clock: CheckpointClock
  private let note: (String) -> Void
  private var hasNoted = false
  private let start = ContinuousClock.now

  /// Checkpoints of more bytes are not written without a word.
  private static let largeCheckpoint = 100_000_000

  init(
    directory: RunDirectory, simulation: Simulation, observers: [any RunObserver], begun: BegunRun?,
    clock: CheckpointClock, note: @escaping (String) -> Void
  ) {
    self.directory = directory
    self.simulation = simulation
    self.simulation.asksProbabilities = observers.contains { $0.needsProbabilities }
    self.observers = observers
    self.begun = begun
    self.clock = clock
    self.note = note
  }

  /// Begins or resumes: afterwards the manifest is there and observers wait for a step.
  mutating func begin(program: String, commandLine: [String]?) throws {
    if let begun { try begun.restore(&simulation, in: directory) } else { try directory.removeEarlierRun() }
    let run = RunStart(
      folder: directory.path, settings: simulation.settings, spec: simulation.spec,
      measurementNames: simulation.agent.measurementNames, resumedSteps: begun?.steps ?? 0)
    // The regret log comes first: it is never created over another, so two runs cannot mix in one folder.
    for index in observers.indices {
      try observers[index].begin(run, resuming: begun?.checkpoint)
      guard index == 0, begun == nil else { continue }
      try directory.write(
        RunManifest(simulation, program: program, commandLine: commandLine, files: files),
        to: directory.manifestPath)
    }
    guard begun != nil else { return }
    // By now every file was found to be as the checkpoint says.
    try directory.removeSummary()
    try directory.updateManifest { manifest in
      manifest.run.steps = run.settings.steps
      manifest.files = manifest.files.map { Set($0 + files).sorted() }
      let versions = [manifest.origin.program] + (manifest.resumedBy ?? [])
      guard let last = versions.last, last != program else { return }
      note("\(last) played its first steps; those of \(program) may differ in last digits")
      manifest.resumedBy = versions.dropFirst() + [program]
    }
  }

  /// The files and folders that observers leave.
  private var files: [String] {
    observers.flatMap { (type(of: $0) as? any RequestedObserver.Type)?.files ?? [] }
  }

  /// Plays to the last step or to a stop, and says whether it was a stop.
  mutating func playSteps(shouldStop: () -> Bool) throws -> Bool {
    let clock = ContinuousClock()
    while !simulation.isFinished {
      if shouldStop() {
        try save()
        try simulation.conclude()
        return true
      }
      do { guard try simulation.step() else { break } } catch is WorkGivenUp {
        // The agent is in the middle of a step: the checkpoint before is what the run is resumed from.
        return true
      }
      let played = clock.now
      for index in observers.indices { try observers[index].step(simulation) }
      simulation.noteLogging(clock.now - played)
      if self.clock.isDue(simulation.totals.steps) { try save() }
    }
    try save()
    try simulation.conclude()
    return false
  }

  /// Ends all observers; throws the first error after all have been asked.
  mutating func end() throws {
    var failure: (any Error)?
    for index in observers.indices {
      do { try observers[index].end() } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
  }

  /// Writes a checkpoint.
  ///
  /// The log's members are on the disk already; rows that no member has yet are in the checkpoint.
  private mutating func save() throws {
    guard clock.writes else { return }
    let start = ContinuousClock.now
    var checkpoint = Checkpoint(for: directory.checkpointPath)
    for index in observers.indices { try observers[index].save(to: &checkpoint) }
    let state = BegunRun.State(
      steps: simulation.totals.steps, elapsed: elapsed, checkpoints: checkpoints,
      data: simulation.dataFiles)
    try BegunRun.put(state, into: &checkpoint)
    try simulation.save(to: &checkpoint)
    if checkpoint.byteCount > Self.largeCheckpoint && !hasNoted {
      hasNoted = true
      note(
        "its checkpoints take \(checkpoint.byteCount / 1_000_000) MB; --checkpoint-every 0 writes none, and then "
          + "nothing can be resumed or exported")
    }
    try checkpoint.write()
    clock.noteCheckpoint(from: start)
  }

  func summary(interrupted: Bool) throws -> RunSummary {
    var summary = RunSummary(
      simulation, interrupted: interrupted, checkpoints: checkpoints, elapsed: elapsed)
    summary.files = observers.reduce(into: [:]) { $0.merge($1.seals) { first, _ in first } }
    return try summary.sealed()
  }

  /// The time that the run has taken, in all processes.
  private var elapsed: Duration { (begun?.elapsed ?? .zero) + (ContinuousClock.now - start) }
  /// The time that checkpoints have taken, in all processes.
  private var checkpoints: Duration { (begun?.checkpoints ?? .zero) + clock.total }
}

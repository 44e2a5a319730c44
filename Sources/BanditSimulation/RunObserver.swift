public import BanditCore
public import BanditFiles

/// Watches a run: the regret log, TensorBoard's events and the display of progress do.
///
/// The runner calls `begin` before the first step, `step` after each one, `checkpoint` whenever the run is saved, and
/// `end` last, after a failure too. What an observer throws ends the run. No number of a run depends on its observers.
public protocol RunObserver {
  /// What the observer resumes from, kept in the run's checkpoints; nothing unless declared.
  associatedtype State: Codable = NoState

  /// The permanent name, in lower case with hyphens.
  static var name: String { get }

  /// Prepares for the steps of a run; `state` is what the checkpoint of a resumed run has, if anything.
  mutating func begin(_ run: RunStart, from state: State?) throws

  /// Notes the step that a simulation has just played.
  mutating func step(_ simulation: Simulation) throws

  /// Brings everything noted to the disk and gives the state to resume from.
  mutating func checkpoint() throws -> State

  /// Ends the work: the run is over, finished or not.
  mutating func end() throws

  /// Whether it reads the simulation's `probabilities`, which are asked for where an observer does; not by default.
  var needsProbabilities: Bool { get }

  /// The files that are whole now that the work has ended, by their names in the folder; the run's summary says of each
  /// what `--resume` is to find.
  var seals: [String: FileSeal] { get }
}

extension RunObserver where State == NoState {
  /// Nothing is kept.
  public mutating func checkpoint() -> NoState { NoState() }
}

extension RunObserver {
  /// There is nothing to end.
  public mutating func end() {}

  /// Not needed.
  public var needsProbabilities: Bool { false }

  /// No files to be found as they are.
  public var seals: [String: FileSeal] { [:] }
}

/// An observer that a user asks for by its name: `--observe NAME`.
public protocol RequestedObserver: RunObserver, SendableMetatype {
  /// One sentence on what it leaves.
  static var summary: String { get }

  /// The files and folders that it leaves in a run's folder, by name; `--overwrite` removes them.
  static var files: [String] { get }

  /// Creates an observer that has not begun.
  init()
}

/// What observers know of a run before its first step.
public struct RunStart: Sendable {
  /// The run's folder.
  public let folder: String
  /// What decides the numbers.
  public let settings: RunSettings
  /// What agents are told of the task.
  public let spec: TaskSpec
  /// The names of the agent's measurements.
  public let measurementNames: [String]
  /// Steps that were played before; 0 where the run is not resumed.
  public let resumedSteps: Int
}

extension RunObserver {
  /// The name of the observer's state in a checkpoint.
  private static var key: String { "observer-\(name)" }

  /// Begins, with the state that a checkpoint has of the observer, if any.
  mutating func begin(_ run: RunStart, resuming checkpoint: Checkpoint?) throws {
    guard let checkpoint, checkpoint.has(Self.key) else { return try begin(run, from: nil) }
    // A state that is refused is the checkpoint's fault; an observer's own files are not.
    let state = try checkpoint.restoring(Self.key) { try $0.decoded(as: State.self) }
    try begin(run, from: state)
  }

  /// Puts the observer's state into a checkpoint, after everything noted has reached the disk.
  mutating func save(to checkpoint: inout Checkpoint) throws {
    let state = try self.checkpoint()
    if State.self != NoState.self { try Self.put(state, into: &checkpoint) }
  }

  /// Puts a state into a checkpoint.
  static func put(_ state: State, into checkpoint: inout Checkpoint) throws {
    try checkpoint.put(EncodedState(state, name: key), as: key)
  }
}

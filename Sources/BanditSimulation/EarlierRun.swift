public import BanditCore
import BanditFiles
import Foundation

/// What a folder has of the run that is to be resumed in it.
public enum EarlierRun {
  /// Nothing, or too little to resume from: the run starts from its beginning and gets the same numbers.
  case none
  /// All steps that are asked for.
  case finished(RunSummary)
  /// A state to resume from.
  case begun(BegunRun)

  /// Looks at a folder; nothing in it is changed.
  ///
  /// - Throws: `RunDirectoryError` where the run there is of other settings or data, has more steps or lacks files,
  ///   `CheckpointError` where its checkpoint is damaged, `DataFileError` where its summary is, or the log of a finished
  ///   run.
  init(in directory: RunDirectory, for simulation: Simulation, program: String) throws {
    let files = FileManager.default
    let settings = simulation.settings
    guard
      try Self.hasRun(
        of: settings, in: directory, program: program, registry: simulation.registry,
        data: simulation.dataFiles)
    else {
      // The log is created before the manifest, and gets its first bytes after it.
      let size = try? files.attributesOfItem(atPath: directory.logPath)[.size] as? Int
      let others = [directory.checkpointPath, directory.summaryPath]
      guard size ?? 0 == 0, !others.contains(where: files.fileExists) else {
        throw RunDirectoryError(
          path: directory.manifestPath,
          reason: "is missing, so the run cannot be resumed; --overwrite starts anew"
        )
      }
      self = .none
      return
    }
    let summary = try RunSummary(of: settings, in: directory)
    let begun =
      files.fileExists(atPath: directory.checkpointPath)
      ? try BegunRun(Checkpoint(readingFrom: directory.checkpointPath)) : nil
    try directory.requireNone(dataDifferences(simulation.dataFiles, from: begun?.data ?? [:]))
    let played = max(begun?.steps ?? 0, summary?.steps ?? 0)
    guard played <= settings.steps else {
      throw RunDirectoryError(
        path: directory.path,
        reason:
          "has played \(played) steps already; --steps \(settings.steps) is less, and --overwrite starts anew"
      )
    }
    if let summary, summary.steps == settings.steps {
      try summary.checkFiles(in: directory)
      self = .finished(summary)
    } else {
      self = begun.map { .begun($0) } ?? .none
    }
  }

  /// Whether a folder has a manifest, which is of these settings, a version of this program and these data.
  ///
  /// - Throws: `RunDirectoryError` where it is not, with the differences.
  @discardableResult
  public static func hasRun(
    of settings: RunSettings, in directory: RunDirectory, program: String, registry: Registry,
    data: [String: String] = [:]
  ) throws -> Bool {
    guard let manifest = try RecordedManifest(readingFrom: directory.manifestPath) else { return false }
    var differences = settings.differences(from: try manifest.run.completed(in: registry))
    differences += ProcessOrigin.differences(
      of: program, from: manifest.program ?? "nothing", kernels: manifest.kernels)
    differences += dataDifferences(data, from: manifest.data ?? [:])
    try directory.requireNone(differences)
    return true
  }

  /// Whether a folder has a run of these settings, be its number of steps another.
  public static func isRun(of settings: RunSettings, in folder: String, registry: Registry) -> Bool {
    guard let manifest = try? RecordedManifest(readingFrom: folder + "/manifest.json"),
      let begun = try? manifest.run.completed(in: registry)
    else { return false }
    return settings.differences(from: begun).isEmpty
  }
}

/// The state that a run is resumed from.
public struct BegunRun {
  /// What a run's checkpoint has beside the states of its simulation and observers.
  struct State: Codable {
    var steps: Int?
    var elapsed: Duration
    var checkpoints: Duration
    /// Where the regret log was, in checkpoints of earlier versions; now it has a state of its own.
    var log: CSVLog.Position?
    /// The SHA-256 of the files that the environment read; nil in checkpoints of earlier versions.
    var data: [String: String]?

    init(steps: Int, elapsed: Duration, checkpoints: Duration, data: [String: String]) {
      (self.steps, self.elapsed, self.checkpoints, self.data) = (steps, elapsed, checkpoints, data)
    }
  }

  private static let name = "run"
  /// The states of the simulation and of the observers.
  let checkpoint: Checkpoint
  /// Steps played.
  public let steps: Int
  /// The time that the run had taken.
  let elapsed: Duration
  /// The time that its checkpoints had taken.
  let checkpoints: Duration
  /// The SHA-256 of the files that its environment had read, as far as they are known.
  let data: [String: String]

  init(_ checkpoint: Checkpoint) throws {
    var checkpoint = checkpoint
    let state = try checkpoint.restoring(Self.name) {
      let state = try $0.decoded(as: State.self)
      try StateError.require(time: state.elapsed, "elapsed")
      try StateError.require(time: state.checkpoints, "checkpoints")
      return state
    }
    if let position = state.log {
      try RegretLog.put(RegretLog.State(position: position, columns: nil), into: &checkpoint)
    }
    guard let steps = state.steps ?? state.log?.rows, steps >= 0 else {
      throw CheckpointError(path: checkpoint.path, reason: "does not say how many steps were played")
    }
    self.checkpoint = checkpoint
    self.steps = steps
    (elapsed, checkpoints, data) = (state.elapsed, state.checkpoints, state.data ?? [:])
  }

  static func put(_ state: State, into checkpoint: inout Checkpoint) throws {
    try checkpoint.put(EncodedState(state, name: name), as: name)
  }

  /// Brings a simulation of the same settings to where the run was.
  func restore(_ simulation: inout Simulation, in directory: RunDirectory) throws {
    try simulation.restore(from: checkpoint)
    guard simulation.totals.steps == steps else {
      throw RunDirectoryError(
        path: directory.checkpointPath,
        reason:
          "has a log of \(steps) steps and a state after \(simulation.totals.steps); --overwrite starts anew")
    }
  }
}

/// The part of `manifest.json` that decides the numbers.
package struct RecordedManifest: Decodable {
  package let schemaVersion: Int
  package let program: String?
  /// The instruction set, and whether matrix products were another library's.
  package let kernels: String?
  package let run: RunSettings
  /// What the run said of its task and agent; nil in manifests of earlier versions.
  package let about: RunDescription?
  /// The SHA-256 of the files that the environment read; nil in manifests of earlier versions.
  package let data: [String: String]?

  package enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case program, kernels, run, about, data
  }

  /// Reads a manifest; nil where there is none.
  package init?(readingFrom file: String) throws {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    do {
      self = try readJSONFile(RecordedManifest.self, atPath: file, limit: 1 << 20)
    } catch let error as DecodingError {
      throw DataFileError(file: file, reason: "is no run's manifest: \(error.sentence)")
    }
    guard schemaVersion == 1 else {
      throw DataFileError(file: file, reason: "is of version \(schemaVersion); this program reads 1")
    }
  }
}

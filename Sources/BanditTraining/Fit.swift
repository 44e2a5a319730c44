public import BanditLearning
public import BanditSimulation
import BanditFiles
import BanditNumerics
import Foundation
import Synchronization

/// A model that was trained, with the rows of its log.
public struct TrainedModel: Sendable {
  /// What decided its numbers.
  public let settings: FitSettings
  /// The model.
  public internal(set) var model: any SupervisedModel
  /// A row an epoch.
  public let records: [EpochRecord]
  /// Where the time went.
  public let seconds: Training.Seconds
  /// Optimiser steps taken.
  public let steps: Int
  /// Why training ended.
  public let end: Training.End
  /// What an observer kept of the model, an entry for each evaluation.
  public internal(set) var observations: [[Float]] = []
}

/// One training with its files: `manifest.json`, `metrics.csv.gz`, checkpoints, `summary.json` and `model.safetensors`.
public struct Fit {
  /// Looks at a model at an evaluation, from the thread that trains it, and gives what is to be kept of it; checkpoints
  /// keep it too.
  public typealias Observer = @Sendable (inout any SupervisedModel, inout Minibatch) -> [Float]

  /// Changes a new model before it is trained or restored, by the settings that it was made with.
  public typealias Preparation = @Sendable (FitSettings, inout any SupervisedModel) -> Void

  /// What decides the numbers.
  public let settings: FitSettings
  private let program: String
  private let images: ImageLibrary
  private let threads: Int
  private let prepare: Preparation?

  /// Rows of the log between flushes.
  static let flushInterval = 100

  /// Prepares a training.
  ///
  /// - `program`: names the program and its version in the manifest.
  /// - `images`: has the files of data on images.
  /// - `threads`: how many threads a step may use; no number depends on it.
  /// - `prepare`: changes the new model, where an experiment trains otherwise than its settings alone say.
  public init(
    _ settings: FitSettings, program: String, images: ImageLibrary = ImageLibrary(), threads: Int = 1,
    prepare: Preparation? = nil
  ) {
    self.settings = settings
    self.program = program
    self.images = images
    self.threads = threads
    self.prepare = prepare
  }

  /// The folder of a training, made where it is missing.
  public static func directory(
    _ path: String, overwrite: Bool, resume: Bool = false
  ) throws -> RunDirectory {
    try RunDirectory(
      creating: path, overwrite: overwrite, resume: resume, log: "metrics.csv.gz", others: [ModelFile.name])
  }

  /// Trains into a folder, or resumes the training in it; a training that had ended is read back.
  ///
  /// - `shouldStop`: is asked before every epoch; true ends training with a whole log and a summary marked
  ///   interrupted.
  /// - `observe`: is shown the model at every evaluation; what it gives is in the result, of earlier processes too.
  /// - `report`: is called after every epoch.
  public func run(
    into directory: RunDirectory, shouldStop: () -> Bool, observe: Observer? = nil,
    report: (EpochRecord) -> Void
  ) throws -> TrainedModel {
    let lock = try directory.lock()
    defer { lock.release() }
    let observations = Mutex<[[Float]]>([])
    let evaluation = try evaluation { model, batch in
      guard let observe else { return }
      let seen = observe(&model, &batch)
      observations.withLock { $0.append(seen) }
    }
    var model = settings.makeModel(threads: threads)
    prepare?(settings, &model)
    var training = Training(
      settings.training, examples: try settings.data.training(seed: settings.seed, images: images),
      evaluation: evaluation,
      shuffling: settings.stream.child("shuffling"))
    var records: [EpochRecord] = []
    let begun = try restore(
      &training, &model, &records, from: directory, metrics: evaluation.names.count,
      isObserved: observe != nil)
    observations.withLock { $0 = begun?.observations ?? [] }
    let log =
      try begun.map { try resumeLog(from: $0, in: directory) } ?? begin(in: directory, evaluation.names)
    var clock = CheckpointClock(.automatic)
    func save(_ training: borrowing Training, _ model: any SupervisedModel, end: Training.End?) throws {
      let start = ContinuousClock.now
      try FitCheckpoint(
        log: log.position(), records: FitCheckpoint.Records(records), training: training.state,
        model: model.state,
        end: end, observations: observe == nil ? nil : observations.withLock { $0 }
      ).write(to: directory.checkpointPath)
      clock.noteCheckpoint(from: start)
    }
    let end: Training.End
    do {
      end =
        try begun?.end
        ?? training.run(
          &model,
          record: { record in
            records.append(record)
            try Self.append(record, metrics: evaluation.names.count, to: log)
            report(record)
          },
          save: { training, model in
            if clock.isDue(records.count) { try save(training, model, end: nil) }
          }, shouldStop: shouldStop)
      try save(training, model, end: end == .interrupted ? nil : end)
    } catch {
      // What led to the failure is in the last rows; the failure itself goes to the caller.
      try? log.close()
      throw error
    }
    try log.close()
    let trained = TrainedModel(
      settings: settings, model: model, records: records, seconds: training.seconds, steps: training.steps,
      end: end, observations: observations.withLock { $0 })
    try write(trained, metrics: evaluation.names, to: directory)
    return trained
  }

  /// Takes over what the folder has of this training, if it is to be resumed.
  private func restore(
    _ training: inout Training, _ model: inout any SupervisedModel, _ records: inout [EpochRecord],
    from directory: RunDirectory, metrics: Int, isObserved: Bool
  ) throws -> FitCheckpoint? {
    guard directory.resume, try directory.hasManifest("fit", of: settings, program: program),
      FileManager.default.fileExists(atPath: directory.checkpointPath)
    else { return nil }
    return try FitCheckpoint.restoring(directory.checkpointPath) { checkpoint in
      // Earlier versions kept nothing of what was observed: such a training starts from its beginning.
      if isObserved && checkpoint.observations == nil { return nil }
      guard let rows = checkpoint.records.rows(metrics: metrics), rows.count == checkpoint.training.epochs,
        rows.count == checkpoint.log.rows,
        checkpoint.observations.map({ $0.count == checkpoint.records.evaluated.count }) ?? true
      else { throw TrainingStateError(description: "its rows do not fit its epochs") }
      try training.restore(checkpoint.training)
      try model.restore(checkpoint.model)
      records = rows
      return checkpoint
    }
  }

  private func resumeLog(from checkpoint: FitCheckpoint, in directory: RunDirectory) throws -> CSVLog {
    let log = try CSVLog(
      continuing: directory.logPath, at: checkpoint.log, flushInterval: Self.flushInterval)
    try directory.removeSummary()
    return log
  }

  private func begin(in directory: RunDirectory, _ metrics: [String]) throws -> CSVLog {
    try directory.removeEarlierRun()
    let log = try CSVLog(
      creating: directory.logPath, columns: Self.columns + metrics, flushInterval: Self.flushInterval)
    try directory.write(Manifest("fit", settings, program: program), to: directory.manifestPath)
    return log
  }

  private func write(_ trained: TrainedModel, metrics: [String], to directory: RunDirectory) throws {
    try directory.write(bytes: ModelFile.bytes(trained), to: directory.path + "/" + ModelFile.name)
    try directory.write(FitSummary(trained, metrics: metrics), to: directory.summaryPath)
  }

  /// The data's evaluation; `observe` is shown every model first.
  private func evaluation(
    _ observe: @escaping @Sendable (inout any SupervisedModel, inout Minibatch) -> Void
  ) throws -> Evaluation {
    let evaluation = try settings.data.evaluation(seed: settings.seed, images: images)
    return Evaluation(evaluation.names) { model, batch in
      observe(&model, &batch)
      return evaluation.measure(&model, &batch)
    }
  }

  private static let columns = [
    "epoch", "negative_elbo", "data_cost", "complexity_cost", "last_minibatch_cost", "learning_rate",
  ]

  private static func append(_ record: EpochRecord, metrics: Int, to log: CSVLog) throws {
    log.field(String(record.epoch))
    log.field(record.negativeELBO)
    log.field(record.dataCost)
    log.field(record.complexityCost)
    log.field(record.lastMinibatchCost)
    log.field(record.learningRate)
    for index in 0..<metrics { log.field(record.metrics.isEmpty ? nil : record.metrics[index]) }
    try log.endRow()
  }
}

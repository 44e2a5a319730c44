import BanditData
import BanditNumerics

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
}

/// One training with its files: `manifest.json`, `metrics.csv.gz`, `summary.json` and `model.safetensors`.
public struct Fit {
  /// What decides the numbers.
  public let settings: FitSettings
  private let program: String
  private let images: ImageLibrary

  /// Rows of the log between flushes.
  static let flushInterval = 100

  /// Prepares a training; `program` names the program and its version in the manifest, `images` has the files of
  /// data on images.
  public init(_ settings: FitSettings, program: String, images: ImageLibrary = ImageLibrary()) {
    self.settings = settings
    self.program = program
    self.images = images
  }

  /// The folder of a training, made anew.
  public static func directory(_ path: String, overwrite: Bool) throws -> RunDirectory {
    try RunDirectory(
      creating: path, overwrite: overwrite, log: "metrics.csv.gz", others: [ModelFile.name])
  }

  /// Trains into a folder.
  ///
  /// - Parameters:
  ///   - shouldStop: is asked before every epoch; true ends training with a whole log and a summary marked
  ///     interrupted.
  ///   - observe: is shown the model at every evaluation.
  ///   - report: is told of every epoch.
  public func run(
    into directory: RunDirectory, shouldStop: () -> Bool, observe: Laboratory.Observer? = nil,
    report: (EpochRecord) -> Void
  ) throws -> TrainedModel {
    let evaluation = try evaluation(observe)
    var model = settings.makeModel()
    var training = Training(
      settings.training, examples: try settings.data.training(seed: settings.seed, images: images),
      evaluation: evaluation,
      shuffling: settings.stream.child("shuffling"))
    try directory.removeEarlierRun()
    let log = try CSVLog(
      creating: directory.logPath, columns: Self.columns + evaluation.names,
      flushInterval: Self.flushInterval)
    try directory.write(Manifest("fit", settings, program: program), to: directory.manifestPath)
    var records: [EpochRecord] = []
    let end: Training.End
    do {
      end = try training.run(
        &model,
        record: { record in
          records.append(record)
          try Self.append(record, metrics: evaluation.names.count, to: log)
          report(record)
        }, shouldStop: shouldStop)
    } catch {
      // What led to the failure is in the last rows; the failure itself is what the caller must hear of.
      try? log.close()
      throw error
    }
    try log.close()
    let trained = TrainedModel(
      settings: settings, model: model, records: records, seconds: training.seconds, steps: training.steps,
      end: end)
    try directory.write(bytes: ModelFile.bytes(trained), to: directory.path + "/" + ModelFile.name)
    try directory.write(
      FitSummary(trained, metrics: evaluation.names), to: directory.summaryPath)
    return trained
  }

  /// The data's evaluation, shown to an observer too.
  private func evaluation(_ observe: Laboratory.Observer?) throws -> Evaluation {
    let evaluation = try settings.data.evaluation(seed: settings.seed, images: images)
    guard let observe else { return evaluation }
    return Evaluation(evaluation.names) { [settings] model, batch in
      observe(settings, &model, &batch)
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

import BanditSimulation
import BanditCore
import BanditFiles
import BanditLearning
import BanditNumerics

/// What a training is resumed from, and what a finished one left: `checkpoint/state.safetensors` in its folder.
struct FitCheckpoint: Codable {
  /// The rows of the log so far, column by column.
  struct Records: Codable {
    @StoredArray var costs: [Double]
    @StoredArray var metrics: [Double]
    /// The epochs that were evaluated.
    @StoredArray var evaluated: [Int32]

    private static let columns = 5

    init(_ records: [EpochRecord]) {
      costs = records.flatMap { record in
        [
          record.dataCost, record.complexityCost ?? .nan, record.lastDataCost, record.lastWeight,
          record.learningRate,
        ]
      }
      let evaluated = records.filter { !$0.metrics.isEmpty }
      metrics = evaluated.flatMap(\.metrics)
      self.evaluated = evaluated.map { Int32($0.epoch) }
    }

    /// The rows, with as many metrics where they have any; nil where the arrays do not fit each other.
    func rows(metrics count: Int) -> [EpochRecord]? {
      let epochs = costs.count / Self.columns
      guard costs.count == epochs * Self.columns, metrics.count == evaluated.count * count,
        evaluated.allSatisfy({ (1...max(1, epochs)).contains(Int($0)) })
      else { return nil }
      var rows = (0..<epochs).map { index in
        let start = index * Self.columns
        var row = EpochRecord()
        row.epoch = index + 1
        row.dataCost = costs[start]
        row.complexityCost = costs[start + 1].isNaN ? nil : costs[start + 1]
        (row.lastDataCost, row.lastWeight, row.learningRate) = (
          costs[start + 2], costs[start + 3], costs[start + 4]
        )
        return row
      }
      for (index, epoch) in evaluated.enumerated() {
        rows[Int(epoch) - 1].metrics = Array(metrics[(index * count)..<((index + 1) * count)])
      }
      return rows
    }
  }

  /// What an observer kept, an entry for each evaluation, as a state of its own.
  private struct Observations: Codable {
    @StoredArray var lengths: [Int32]
    @StoredArray var values: [Float]

    init(_ observations: [[Float]]) {
      lengths = observations.map { Int32($0.count) }
      values = observations.flatMap(\.self)
    }

    var observations: [[Float]] {
      get throws {
        guard lengths.allSatisfy({ $0 >= 0 }), lengths.reduce(0, { $0 + Int($1) }) == values.count else {
          throw TrainingStateError(description: "their lengths do not fit their numbers")
        }
        var rest = values[...]
        return lengths.map { length in
          defer { rest = rest.dropFirst(Int(length)) }
          return Array(rest.prefix(Int(length)))
        }
      }
    }
  }

  private enum CodingKeys: String, CodingKey { case log, records, training, model, end }

  private static let name = "fit"
  private static let observationsName = "observations"

  let log: CSVLog.Position
  let records: Records
  let training: Training.State
  let model: NetworkState
  /// Why training ended; nil while it has not.
  let end: Training.End?
  /// What an observer kept, an entry for each evaluation; nil where nobody observed.
  var observations: [[Float]]?

  /// Replaces a training's checkpoint.
  func write(to path: String) throws {
    var checkpoint = Checkpoint(for: path)
    try checkpoint.put(EncodedState(self, name: Self.name), as: Self.name)
    if let observations {
      try checkpoint.put(
        EncodedState(Observations(observations), name: Self.observationsName), as: Self.observationsName)
    }
    try checkpoint.write()
  }

  /// Calls `body` with what a file has; what it throws becomes an error of the checkpoint.
  static func restoring<Result>(_ path: String, _ body: (FitCheckpoint) throws -> Result) throws -> Result {
    let checkpoint = try Checkpoint(readingFrom: path)
    let observations =
      try checkpoint.has(observationsName)
      ? checkpoint.restoring(observationsName) { try $0.decoded(as: Observations.self).observations } : nil
    return try checkpoint.restoring(name) {
      var fit = try $0.decoded(as: FitCheckpoint.self)
      fit.observations = observations
      return try body(fit)
    }
  }
}

/// A state of a training that does not fit its settings.
struct TrainingStateError: Error, Hashable, CustomStringConvertible {
  let description: String
}

import BanditSimulation
import BanditLearning
public import BanditNumerics

/// Training of one model: epochs of minibatches in a new random order each, with evaluations between them.
public struct Training {
  /// Why training ended.
  public enum End: String, Codable, Hashable, Sendable {
    /// All epochs were trained.
    case finished
    /// The first metric had not improved for long enough.
    case stoppedEarly = "stopped-early"
    /// The user asked to stop.
    case interrupted
  }

  /// Where the time of a training went, in seconds.
  public struct Seconds: Codable, Hashable, Sendable {
    /// Optimiser steps and their minibatches.
    public var training = 0.0
    /// Evaluations and the complexity cost.
    public var evaluating = 0.0
  }

  /// How to train.
  public let settings: TrainingSettings
  /// Optimiser steps taken.
  public private(set) var steps = 0
  /// Where the time went.
  public private(set) var seconds = Seconds()

  private let examples: Examples
  private let evaluation: Evaluation
  private var batch: Minibatch
  private var order: [Int32]
  private var rows: [Int] = []
  private var shuffling: RandomStream
  private var best = Double.infinity
  private var evaluationsSinceBest = 0
  private var epochs = 0

  /// What a training of the same settings and examples is resumed from, beside its model.
  struct State: Codable {
    let epochs: Int
    let steps: Int
    let seconds: Seconds
    let shuffling: RandomStream
    let best: Double
    let evaluationsSinceBest: Int
    @StoredArray var order: [Int32]
  }

  /// Where training is between two epochs.
  var state: State {
    State(
      epochs: epochs, steps: steps, seconds: seconds, shuffling: shuffling, best: best,
      evaluationsSinceBest: evaluationsSinceBest, order: order)
  }

  /// Resumes from a state.
  mutating func restore(_ state: State) throws {
    try TensorError.requireCount(state.steps, "steps")
    try TensorError.requireCount(state.evaluationsSinceBest, "evaluationsSinceBest")
    guard (0...settings.epochs).contains(state.epochs),
      state.order.sorted() == order.sorted()
    else { throw TrainingStateError(description: "it is of other epochs or examples") }
    (epochs, steps, seconds, shuffling) = (state.epochs, state.steps, state.seconds, state.shuffling)
    (best, evaluationsSinceBest, order) = (state.best, state.evaluationsSinceBest, state.order)
  }

  /// Prepares training; the order of examples comes from `shuffling`.
  public init(
    _ settings: TrainingSettings, examples: Examples, evaluation: Evaluation, shuffling: RandomStream
  ) {
    precondition(
      settings.epochs > 0 && settings.batchSize > 0 && settings.evaluateEvery > 0 && settings.patience >= 0,
      "training has epochs, minibatches and evaluations")
    precondition(examples.count > 0, "there is an example to train on")
    self.settings = settings
    self.examples = examples
    self.evaluation = evaluation
    self.shuffling = shuffling
    batch = Minibatch(encoding: examples.encoding, capacity: settings.batchSize)
    order = (0..<Int32(examples.count)).map { $0 }
  }

  /// Trains a model that takes minibatches of `batchSize` rows.
  ///
  /// - `record`: is given every epoch's row, in order.
  /// - `save`: is given the training and the model after every epoch, to make a checkpoint of.
  /// - `shouldStop`: is asked before every epoch.
  /// - Throws: `TrainingError` where a cost is no finite number any more, and what `record` throws.
  public mutating func run(
    _ model: inout any SupervisedModel,
    record: (EpochRecord) throws -> Void,
    save: (borrowing Training, any SupervisedModel) throws -> Void = { _, _ in }, shouldStop: () -> Bool
  ) throws -> End {
    let clock = ContinuousClock()
    while epochs < settings.epochs {
      if shouldStop() { return .interrupted }
      let epoch = epochs + 1
      let started = clock.now
      var row = trainEpoch(epoch, &model)
      guard row.dataCost.isFinite else {
        throw TrainingError(epoch: epoch, learningRate: row.learningRate)
      }
      let trained = clock.now
      row.complexityCost = model.complexityCost()
      if epoch % settings.evaluateEvery == 0 || epoch == settings.epochs {
        row.metrics = evaluation.measure(&model, &batch)
      }
      seconds.training += (trained - started).inSeconds
      seconds.evaluating += (clock.now - trained).inSeconds
      epochs = epoch
      let isStale = isStale(row.metrics.first)
      try record(row)
      try save(self, model)
      if isStale { return .stoppedEarly }
    }
    return .finished
  }

  private mutating func trainEpoch(_ epoch: Int, _ model: inout any SupervisedModel) -> EpochRecord {
    var row = EpochRecord()
    row.epoch = epoch
    row.learningRate = settings.learningRate * settings.schedule.factor(at: epoch - 1)
    shuffling.shuffle(&order)
    let size = settings.batchSize
    let batches =
      settings.dropLast ? max(1, examples.count / size) : (examples.count + size - 1) / size
    for index in 0..<batches {
      rows.removeAll(keepingCapacity: true)
      for position in (index * size)..<min((index + 1) * size, order.count) {
        rows.append(Int(order[position]))
      }
      examples.fill(&batch, rows)
      row.lastWeight = settings.klWeight.weight(index, of: batches)
      let cost = model.step(batch, klWeight: row.lastWeight, learningRate: row.learningRate)
      row.lastDataCost = cost * Double(rows.count)
      row.dataCost += row.lastDataCost
    }
    steps += batches
    return row
  }

  /// Whether a newly measured metric ends training.
  private mutating func isStale(_ metric: Double?) -> Bool {
    guard settings.patience > 0, let metric else { return false }
    if metric < best {
      best = metric
      evaluationsSinceBest = 0
    } else {
      evaluationsSinceBest += 1
    }
    return evaluationsSinceBest >= settings.patience
  }
}

/// Training that ran away.
public struct TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  let epoch: Int
  let learningRate: Double

  /// The sentence a user reads.
  public var description: String {
    "training diverged in epoch \(epoch): the cost is no finite number; try a learningRate below \(learningRate)"
  }
}

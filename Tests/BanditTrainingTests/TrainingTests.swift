import BanditLearning
import BanditNumerics
import Testing
import TrainingTestSupport

@testable import BanditTraining

@Suite("Supervised training")
struct TrainingTests {
  private let examples = Examples(
    columns: 1, features: (0..<10).map { Float($0) }, targets: (0..<10).map { Float($0) })

  private func settings(_ change: (inout TrainingSettings) -> Void = { _ in }) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.epochs = 4
    settings.batchSize = 4
    settings.learningRate = 1
    settings.evaluateEvery = 3
    change(&settings)
    return settings
  }

  /// Trains a counting model and gives it back with the rows of its log.
  private func train(
    _ settings: TrainingSettings, _ start: CountingModel = CountingModel(), metric: [Double] = [],
    stopAfter: Int = .max
  ) throws -> (model: CountingModel, records: [EpochRecord], end: Training.End) {
    var model: any SupervisedModel = start
    var records: [EpochRecord] = []
    let evaluation = Evaluation(["metric"]) { model, _ in
      let steps = (model as? CountingModel)?.steps ?? 0
      return [metric.isEmpty ? Double(steps) : metric[min(metric.count, steps / 3) - 1]]
    }
    var training = Training(
      settings, examples: examples, evaluation: evaluation, shuffling: RandomStream(seed: 1))
    let end = try training.run(
      &model, record: { records.append($0) }, shouldStop: { records.count >= stopAfter })
    let counting = try #require(model as? CountingModel)
    #expect(training.steps == counting.steps)
    return (counting, records, end)
  }

  @Test(
    "An epoch shows every example once, in an order of its own, in minibatches of which the last has the rest"
  )
  func minibatches() throws {
    let model = try train(settings()).model
    #expect(model.rows.map(\.count) == Array(repeating: [4, 4, 2], count: 4).flatMap { $0 })
    let epochs = (0..<4).map { Array(model.rows[(3 * $0)..<(3 * $0 + 3)].joined()) }
    for epoch in epochs { #expect(epoch.sorted() == examples.targets) }
    #expect(Set(epochs).count == 4)
  }

  @Test(
    "The complexity cost is spread by the weighting, and sums to one over an epoch",
    arguments: KLWeighting.allCases)
  func weights(weighting: KLWeighting) throws {
    let model = try train(settings { $0.klWeight = weighting }).model
    #expect(Array(model.weights[..<3]) == (0..<3).map { weighting.weight($0, of: 3) })
    #expect(abs(model.weights.reduce(0, +) - 4) < 1e-12)
  }

  @Test("The epoch's cost is a sum over all minibatches; the last minibatch's stands beside it")
  func costs() throws {
    let row = try train(settings()).records[0]
    // A mean cost of 2 a row: 20 over the epoch, 4 over the last two rows, which carry 1/7 of the complexity.
    #expect(row.dataCost == 20 && row.complexityCost == 10 && row.negativeELBO == 30)
    #expect(row.lastDataCost == 4)
    #expect(abs((row.lastMinibatchCost ?? 0) - (4 + 10.0 / 7)) < 1e-12)
    var point = CountingModel()
    point.complexity = nil
    let plain = try train(settings(), point).records[0]
    #expect(plain.negativeELBO == nil && plain.lastMinibatchCost == nil && plain.dataCost == 20)
  }

  @Test("Evaluations come every third epoch and after the last")
  func evaluations() throws {
    let records = try train(settings()).records
    #expect(records.map(\.epoch) == [1, 2, 3, 4])
    #expect(records.map(\.metrics) == [[], [], [9], [12]])
  }

  @Test("The learning rate follows its schedule by epochs")
  func schedule() throws {
    let model = try train(settings { $0.schedule = LearningRateSchedule(.step, every: 2, factor: 0.5) }).model
    #expect(model.rates == [1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
  }

  @Test("Training stops early once the metric has not improved for as many evaluations as patience has")
  func earlyStopping() throws {
    func epochs(_ patience: Int, _ metric: [Double]) throws -> (Int, Training.End) {
      let result = try train(
        settings {
          $0.epochs = 8
          $0.evaluateEvery = 1
          $0.patience = patience
        }, metric: metric)
      return (result.records.count, result.end)
    }
    #expect(try epochs(2, [5, 4, 4, 6, 3, 1, 1, 1]) == (4, .stoppedEarly))
    #expect(try epochs(3, [5, 4, 4, 6, 3, 1, 1, 1]) == (8, .finished))
    #expect(try epochs(0, [5, 6, 7, 8, 9, 10, 11, 12]) == (8, .finished))
    #expect(try epochs(1, [1, .nan, 0, 0, 0, 0, 0, 0]) == (2, .stoppedEarly))
  }

  @Test("A stop ends training before the next epoch")
  func interrupted() throws {
    let result = try train(settings(), stopAfter: 2)
    #expect(result.records.count == 2 && result.end == .interrupted && result.model.steps == 6)
  }

  @Test("A cost that is no number ends training with the epoch and what to try")
  func divergence() throws {
    var model = CountingModel()
    model.cost = .nan
    let error = #expect(throws: TrainingError.self) { try train(settings(), model) }
    #expect(
      error?.description.contains("epoch 1") == true && error?.description.contains("below 1.0") == true)
  }

  @Test("A network learns the toy regression", arguments: [nil, gaussianWeights])
  func learns(weights: NetworkDescription.Weights?) throws {
    var fit = smallFit("learning", weights)
    fit.training.epochs = 300
    fit.training.evaluateEvery = 300
    fit.data = .regression(smallTask(trainingPoints: 256))
    var model = fit.makeModel()
    var training = Training(
      fit.training, examples: try fit.data.training(seed: 7), evaluation: try fit.data.evaluation(seed: 7),
      shuffling: fit.stream.child("shuffling"))
    var last = EpochRecord()
    var first: EpochRecord?
    _ = try training.run(
      &model,
      record: {
        first = first ?? $0
        last = $0
      }, shouldStop: { false })
    #expect(last.metrics[1] < 0.15)
    #expect(last.dataCost < (first?.dataCost ?? 0))
  }
}

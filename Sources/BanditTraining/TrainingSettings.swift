public import BanditLearning

/// How a model is trained on a fixed set of examples.
public struct TrainingSettings: Codable, Hashable, Sendable {
  /// The most passes over the examples.
  public var epochs = 1_500
  /// Examples a minibatch; the last minibatch of an epoch has what is left.
  public var batchSize = 128
  /// Whether an epoch leaves out the examples that do not fill a minibatch.
  public var dropLast = false
  /// The first learning rate.
  public var learningRate = 1e-3
  /// How the learning rate changes with the epochs.
  public var schedule = LearningRateSchedule(.constant)
  /// How the complexity cost is spread over an epoch's minibatches.
  public var klWeight = KLWeighting.blundell
  /// Epochs between evaluations; the last epoch is evaluated too.
  public var evaluateEvery = 20
  /// Evaluations without a new least value of the first metric after which training stops; 0 never stops it early.
  public var patience = 0

  /// The report's for regression: 1,500 epochs of minibatches of 128, Adam at 10⁻³.
  public init() {}
}

/// One row of `metrics.csv.gz`: what an epoch came to.
public struct EpochRecord: Hashable, Sendable {
  /// From 1.
  public var epoch = 0
  /// The data costs of the epoch's minibatches, each a sum over rows and a mean over samples, added up.
  public var dataCost = 0.0
  /// KL[posterior ‖ prior] after the epoch, in nats; nil without a posterior.
  public var complexityCost: Double?
  /// The data cost of the epoch's last minibatch, a sum over rows.
  public var lastDataCost = 0.0
  /// The share of the complexity cost that the last minibatch carries.
  public var lastWeight = 0.0
  /// The learning rate in use.
  public var learningRate = 0.0
  /// The evaluation's metrics; empty where the epoch was not evaluated.
  public var metrics: [Double] = []

  /// The cost of the whole epoch, complexity and data: minus the evidence lower bound; nil without a posterior.
  public var negativeELBO: Double? { complexityCost.map { $0 + dataCost } }

  /// The cost of the last minibatch alone, which the report logs as its ELBO; nil without a posterior.
  public var lastMinibatchCost: Double? { complexityCost.map { lastWeight * $0 + lastDataCost } }
}

/// What a model is measured by while it trains.
public struct Evaluation: Sendable {
  /// The metrics' names, as columns of the log; early stopping watches the first, of which less is better.
  public let names: [String]
  /// Measures a model, a number for each name.
  public let measure: @Sendable (_ model: inout any SupervisedModel, _ batch: inout Minibatch) -> [Double]

  /// Creates an evaluation.
  public init(
    _ names: [String],
    measure: @escaping @Sendable (_ model: inout any SupervisedModel, _ batch: inout Minibatch) -> [Double]
  ) {
    self.names = names
    self.measure = measure
  }
}

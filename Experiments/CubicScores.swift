import BanditTraining
import BanditLearning
import Foundation

/// What an ensemble says of the cubic under a seed.
struct CubicScores: Sendable {
  /// The scores of a mixture of some members.
  struct Mixture: Sendable {
    /// The mean's distance from the curve on [−4, 4].
    var error: Double
    /// Minus the mean log density of the test points.
    var likelihood: Double
    /// Standard deviations at 0, and of whole, data and knowledge variance on average at ±6.
    var center: Double
    var edge: Double
    var edgeData: Double
    var edgeKnowledge: Double
    /// The share of places on [−4, 4] whose true value is within two standard deviations of the mean.
    var covered: Double
    /// How many times as wide it is at ±6 as at 0.
    var widening: Double { edge / center }
  }

  /// The training cost of each member at its last step.
  let losses: [Double]
  /// Which of them are failures.
  let isFailure: [Bool]
  /// Predictions on [−6, 6] by all members.
  let grid: MixturePredictions
  /// Predictions of the test points by all members.
  let test: MixturePredictions

  private let targets: [Float]
  private let combination: MixturePredictions.Combination

  /// Where the curve is predicted: every tenth from −6 to 6.
  static let places = ToyRegression.places(121, on: -6...6)

  /// The cost in nats above which a member counts as failed.
  ///
  /// It is a nat above the noise's own 2.52 (Gaussian) and 2.57 (Laplace); costs go on without a gap across it.
  static let failure = 3.5

  init(_ members: [TrainedModel], task: CubicTask, combination: MixturePredictions.Combination) {
    let settings = members[0].settings
    let likelihood = settings.network.likelihood
    let examples = task.test(seed: settings.seed)
    let places = Cubic.grid(Self.places.count, on: -6...6)
    var grid = MixturePredictions(likelihood, points: places.count)
    var test = MixturePredictions(likelihood, points: examples.count)
    for member in members {
      var model = member.model
      var batch = member.settings.minibatch
      grid.append(&model, places, batch: &batch)
      test.append(&model, examples, batch: &batch)
    }
    losses = members.map { ($0.records.last?.dataCost ?? .nan) / Double(task.trainingPoints) }
    isFailure = losses.map { !(Self.nats($0, likelihood) <= Self.failure) }
    self.grid = grid
    self.test = test
    targets = examples.targets
    self.combination = combination
  }

  /// A cost as a negative log-likelihood: for errors, that of the width that suits them best.
  private static func nats(_ loss: Double, _ likelihood: Likelihood) -> Double {
    switch likelihood {
    case .squaredError: 0.5 * log(2 * .pi * exp(1) * loss)
    case .absoluteError: 1 + log(2 * loss)
    default: loss
    }
  }

  /// The mixture of the first members.
  func mixture(_ count: Int) -> Mixture { score(grid.first(count), test.first(count)) }

  /// Every member alone.
  func members(_ count: Int) -> [Mixture] {
    (0..<count).map { score(grid.member($0), test.member($0)) }
  }

  private func score(_ grid: MixturePredictions, _ test: MixturePredictions) -> Mixture {
    let moments = grid.moments(combination)
    let inside = Self.places.indices.filter { Cubic.interval.contains(Self.places[$0]) }
    let errors = inside.map { abs(moments[$0].mean - Cubic.value(at: Self.places[$0])) }
    let covered = zip(inside, errors).count { $1 <= 2 * moments[$0].deviation }
    let edges = [moments[0], moments[moments.count - 1]]
    func mean(_ value: (MixtureMoments) -> Double) -> Double { edges.reduce(0) { $0 + value($1) / 2 } }
    return Mixture(
      error: (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot(),
      likelihood: test.negativeLogLikelihood(targets), center: moments[moments.count / 2].deviation,
      edge: mean(\.deviation), edgeData: mean { $0.data.squareRoot() },
      edgeKnowledge: mean { $0.knowledge.squareRoot() }, covered: Double(covered) / Double(inside.count))
  }
}

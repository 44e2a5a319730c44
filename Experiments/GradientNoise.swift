import BanditLaboratory
import BanditTraining
import BanditLearning
import BanditNumerics
import Foundation

/// How much the gradient of the data cost varies from draw to draw of the noise, at fixed parameters.
///
/// Source: Kingma et al. 2015, §2.2: the trick's estimator has the lower variance at the same parameters. Differences
/// of consecutive costs, which the report takes, have the progress of training in them.
struct GradientNoise: Sendable {
  /// The variance over draws, a mean over the posterior's means.
  let byMean: Double
  /// The variance over draws, a mean over the posterior's ρs.
  let byRho: Double

  /// The noise of every estimator at the parameters of every model, on a minibatch of evenly spread training points.
  static func measure(
    _ trained: [TrainedModel], draws: Int, in laboratory: Laboratory
  ) throws -> [[GradientNoise]] {
    try laboratory.sideBySide(trained.map { "\($0.settings.folder) gradients" }) { index, _ in
      try RegressionLRTExperiment.estimators.map { try of(trained[index], estimator: $0, draws: draws) }
    }
  }

  private static func of(
    _ trained: TrainedModel, estimator: GradientEstimator, draws: Int
  ) throws -> GradientNoise {
    guard let model = trained.model as? BayesianModel else {
      preconditionFailure("point estimates have no gradient noise")
    }
    let settings = trained.settings
    var objective = model.network.objective
    objective.estimator = estimator
    objective.klForm = .analytic
    objective.weightSamples = 1
    var network = BayesianNetwork(
      settings.network.architecture, capacity: settings.training.batchSize, objective: objective,
      stream: settings.stream.child("gradient noise"))
    network.setParameters(means: model.network.means, rhos: model.network.rhos)
    let examples = try settings.data.training(seed: settings.seed)
    var batch = settings.minibatch
    // Every eighth point, say: evenly spread, as a shuffled minibatch is.
    let step = max(1, examples.count / batch.capacity)
    examples.fill(&batch, Array(stride(from: 0, to: examples.count, by: step).prefix(batch.capacity)))
    var byMean = RunningVariance(count: network.parameterCount)
    var byRho = RunningVariance(count: network.parameterCount)
    for _ in 0..<draws {
      let gradient = network.drawGradient(batch, klWeight: 0)
      byMean.add(gradient.means)
      byRho.add(gradient.rhos)
    }
    return GradientNoise(byMean: byMean.meanVariance, byRho: byRho.meanVariance)
  }
}

/// Variances of many numbers over draws, by Welford's recurrence.
private struct RunningVariance {
  private var means: [Double]
  private var squares: [Double]
  private var draws = 0

  init(count: Int) {
    means = Array(repeating: 0, count: count)
    squares = means
  }

  mutating func add(_ values: [Float]) {
    draws += 1
    let share = 1 / Double(draws)
    for index in means.indices {
      let distance = Double(values[index]) - means[index]
      means[index] += distance * share
      squares[index] += distance * (Double(values[index]) - means[index])
    }
  }

  /// The sample variance, a mean over the numbers.
  var meanVariance: Double { squares.reduce(0, +) / Double(squares.count * (draws - 1)) }
}

extension TrainedModel {
  /// The variance of the differences between consecutive epochs' values, from a share of training on.
  func differenceVariance(from share: Double, _ value: (EpochRecord) -> Double?) -> Double {
    let values = records.dropFirst(Int(share * Double(records.count))).compactMap(value)
    let differences = zip(values.dropFirst(), values).map { $0 - $1 }
    let deviation = Spread(differences)?.deviation ?? .nan
    return deviation * deviation
  }
}

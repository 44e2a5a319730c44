import BanditFigures
import BanditLaboratory
import BanditLearning
import BanditNumerics
import BanditTraining
import Foundation

/// The exact posterior's predictions under one seed, from several chains.
struct ExactPosterior: Sendable {
  let chains: [NetworkChain]
  /// All chains' draws as one.
  let prediction: RegressionPrediction
  let sigma: Double

  init(task: RegressionTask, seed: UInt64, sigma: Double, chains: [NetworkChain]) {
    var samples = PredictiveSamples(points: task.testPoints)
    for chain in chains {
      for start in stride(from: 0, to: chain.predictions.count, by: task.testPoints) {
        samples.append(chain.predictions[start..<(start + task.testPoints)].map { Float($0) })
      }
    }
    prediction = RegressionPrediction(task: task, seed: seed, samples: samples)
    self.chains = chains
    self.sigma = sigma
  }

  /// Every twentieth test point inside the training interval, or beyond: neighbours tell the same.
  private func places(inside: Bool) -> [Int] {
    let x = prediction.task.places
    return stride(from: 0, to: x.count, by: 20).filter {
      ToyRegression.trainingInterval.contains(x[$0]) == inside
    }
  }

  /// The mean KL of predictive distributions of a target, from the exact one, inside the training interval or beyond.
  func divergence(of other: RegressionPrediction, inside: Bool) -> Double {
    let chosen = places(inside: inside)
    let sum = chosen.reduce(0) { sum, place in
      sum
        + MixtureDivergence.kl(
          prediction.samples.draws(at: place, most: 500), other.samples.draws(at: place, most: 500),
          sigma: sigma)
    }
    return sum / Double(max(1, chosen.count))
  }

  /// How well the chains agree on the curve, inside the training interval or beyond: the largest R-hat and the fewest
  /// effective draws.
  func agreement(inside: Bool) -> (rHat: Double, draws: Double) {
    let each = places(inside: inside).map { place in ChainDiagnostics(chains.map { $0.draws(at: place) }) }
    return (each.map(\.rHat).max() ?? .nan, each.map(\.effectiveDraws).min() ?? .nan)
  }
}

/// Tables and figures of `regression-hmc`.
struct RegressionHMCReport {
  let truths: [ExactPosterior]
  let settings: RegressionSettings
  /// By seed, a prediction for each case.
  let approximations: [[RegressionPrediction]]

  private static let titles = ["Bayes by Backprop", "MC dropout, one network", "ensemble of networks"]
  private static let exact = "exact posterior (HMC)"

  /// How far each is from the exact posterior.
  var distances: ResultTable {
    let rows = Self.titles.indices.map { index -> [ResultCell] in
      let own = approximations.map { $0[index] }
      func divergences(inside: Bool) -> ResultCell {
        cell(zip(truths, own).map { $0.divergence(of: $1, inside: inside) })
      }
      return row(Self.titles[index], own, divergences(inside: true), divergences(inside: false))
    }
    return ResultTable(
      "Predictions beside the exact posterior's, \(truths.count) seed(s)",
      head: [
        "model", "KL in range, nats", "KL outside, nats", "band in range", "band outside", "RMSE in range",
      ] + PredictiveScore.heads,
      rows: [row(Self.exact, truths.map(\.prediction), cell(0.0), cell(0.0))] + rows)
  }

  private func row(
    _ title: String, _ predictions: [RegressionPrediction], _ inside: ResultCell, _ outside: ResultCell
  ) -> [ResultCell] {
    let bands = predictions.map { $0.bandWidths(draws: $0.samples.samples) }
    return [
      .text(title), inside, outside, cell(bands.map(\.inside)), cell(bands.map(\.outside)),
      cell(predictions.map(\.rmseInRange)),
    ] + PredictiveScore.cells(predictions.map { $0.score(sigma: settings.noiseSigma) })
  }

  /// Whether the chains may be believed.
  var diagnostics: ResultTable {
    let rows = truths.map { truth -> [ResultCell] in
      let (inside, outside) = (truth.agreement(inside: true), truth.agreement(inside: false))
      let density = ChainDiagnostics(truth.chains.map(\.logDensities))
      let draws = truth.chains.reduce(0) { $0 + $1.logDensities.count }
      return [
        .text(String(truth.prediction.seed)), .count(truth.chains.count), .count(draws),
        .count(truth.chains.reduce(0) { $0 + $1.divergences }),
        cell(Double(truth.chains.reduce(0) { $0 + $1.steps }) / Double(draws)),
        cell(Spread(truth.chains.map(\.acceptance))?.mean), cell(inside.rHat), cell(outside.rHat),
        cell(density.rHat), cell(inside.draws), cell(outside.draws),
      ]
    }
    return ResultTable(
      "The chains: R-hat of halves and effective draws, the worst place's",
      head: [
        "seed", "chains", "draws", "divergent", "leapfrog steps a draw", "acceptance", "R-hat in range",
        "R-hat outside", "R-hat of the log density", "effective draws in range", "effective draws outside",
      ], rows: rows)
  }

  /// The bands of the first seed, and their widths by x.
  var figures: [ExperimentResult.NamedFigure] {
    let all = [truths[0].prediction] + approximations[0]
    let names = [Self.exact] + Self.titles
    let bands = zip(names, all).map { $1.bandPanel($0, draws: $1.samples.samples) }
    let x = settings.task.places
    let widths = zip(names, all).enumerated().map { index, entry in
      let quantiles = entry.1.samples.quantiles([0.05, 0.95])
      return Series.line(
        entry.0, x: x, y: zip(quantiles[0], quantiles[1]).map { max($1 - $0, 1e-4) }, color: .number(index))
    }
    let panel = Panel(
      x: Axis("x", range: settings.testFrom...settings.testTo),
      y: Axis("5–95 % band of the curve", scale: .log),
      series: widths, shadedInterval: ToyRegression.trainingInterval)
    return [.init("bands", Figure(panels: bands, columns: 2)), .init("widths", Figure(panels: [panel]))]
  }
}

extension PredictiveSamples {
  /// The predictions of one point, at most so many, evenly from all.
  fileprivate func draws(at point: Int, most: Int) -> [Double] {
    let step = max(1, samples / most)
    return stride(from: 0, to: samples, by: step).map { Double(values[$0 * points + point]) }
  }
}

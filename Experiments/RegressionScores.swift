import BanditLaboratory
import BanditTraining
import BanditFigures
import BanditLearning
import Foundation

/// The predictions of a trained model, or of several as one, at the test points of a seed, and their scores.
struct RegressionPrediction: Sendable {
  let task: RegressionTask
  let seed: UInt64
  let samples: PredictiveSamples

  /// Draws predictions; several models give their draws in turn, networks with dropout under new masks if `dropsUnits`.
  static func draw(_ trained: [TrainedModel], draws: Int, dropsUnits: Bool) -> RegressionPrediction {
    let settings = trained[0].settings
    guard case .regression(let task) = settings.data else {
      preconditionFailure("models of the toy regression predict its points")
    }
    let test = task.test(seed: settings.seed)
    var samples = PredictiveSamples(points: test.count)
    for member in trained {
      var model = member.model
      if dropsUnits, var point = model as? PointModel {
        point.dropsUnitsInPrediction = true
        model = point
      }
      var batch = member.settings.minibatch
      model.predict(test, draws: draws, batch: &batch, into: &samples)
    }
    return RegressionPrediction(task: task, seed: settings.seed, samples: samples)
  }

  private var targets: [Double] { task.test(seed: seed).targets.map(Double.init) }

  /// The distance of the mean from the noisy test points.
  var rmse: Double { samples.rootMeanSquaredError(targets) }

  /// The distance of the mean from the curve without noise, where the training points are.
  var rmseInRange: Double { task.rmseInRange(samples) }

  /// The log predictive densities under a Gaussian likelihood.
  func score(sigma: Double) -> PredictiveScore { PredictiveScore(samples, targets: targets, sigma: sigma) }

  /// The mean distance of the 5 % from the 95 % quantile within the training interval, and beyond it.
  func bandWidths(draws: Int) -> (inside: Double, outside: Double) {
    let quantiles = samples.first(draws).quantiles([0.05, 0.95])
    let places = task.places
    func width(_ isInside: Bool) -> Double {
      let chosen = places.indices.filter { ToyRegression.trainingInterval.contains(places[$0]) == isInside }
      return chosen.reduce(0) { $0 + quantiles[1][$1] - quantiles[0][$1] } / Double(max(1, chosen.count))
    }
    return (width(true), width(false))
  }

  /// A panel of median and quantiles, with the training points and the curve without noise.
  func bandPanel(_ title: String, draws: Int) -> Panel {
    let x = task.places
    let quantiles = samples.first(draws).quantiles([0.05, 0.25, 0.5, 0.75, 0.95])
    return panel(
      title,
      [
        .band("5–95 %", x: x, lower: quantiles[0], upper: quantiles[4], opacity: 0.2),
        .band("25–75 %", x: x, lower: quantiles[1], upper: quantiles[3], opacity: 0.4),
        .line("median", x: x, y: quantiles[2], color: .vermilion),
      ])
  }

  /// A panel of single draws.
  func curvePanel(_ title: String, curves: Int) -> Panel {
    panel(
      title,
      (0..<min(curves, samples.samples)).map { index in
        .thinLine(
          "draw \(index + 1)", x: task.places, y: samples.sample(index), color: .number(index))
      })
  }

  /// What the panels of one seed have in common; training points are thinned for the eye.
  private func panel(_ title: String, _ series: [Series]) -> Panel {
    let training = task.training(seed: seed)
    let shown = stride(from: 0, to: training.count, by: max(1, training.count / 128))
    let x = task.places
    return Panel(
      title: title, x: Axis("x", range: task.testFrom...task.testTo), y: Axis("y", range: -1.5...2.5),
      series: series + [
        .dashedLine("without noise", x: x, y: x.map { ToyRegression.value(at: $0) }, color: .black),
        .points(
          "training points", x: shown.map { Double(training.features[$0]) },
          y: shown.map { Double(training.targets[$0]) }),
      ],
      shadedInterval: ToyRegression.trainingInterval)
  }
}

extension PredictiveScore {
  /// The heads of `cells`.
  static let heads = [
    "lppd", "its Monte Carlo error", "points on fewer than \(cell(leastSamples)) draws, %", "gibbs_ll",
    "its Monte Carlo error",
  ]

  /// The scores of one model over seeds as cells of a table.
  static func cells(_ scores: [PredictiveScore]) -> [ResultCell] {
    [
      cell(scores.map(\.lppd)), cell(scores.compactMap(\.lppdError)),
      cell(scores.map { 100 * $0.thinPoints }),
      cell(scores.map(\.gibbsLogLikelihood)), cell(scores.compactMap(\.gibbsError)),
    ]
  }
}

extension Laboratory {
  /// Predictions of groups of models, some groups side by side.
  ///
  /// A group of point estimates gives one prediction a network, unless it drops units; a Bayesian one gives `draws`.
  func predict(
    _ groups: [[TrainedModel]], draws: Int, dropsUnits: @escaping @Sendable (Int) -> Bool = { _ in false }
  ) throws -> [RegressionPrediction] {
    try sideBySide(groups.map { "\($0[0].settings.folder) predictions" }) { index, _ in
      let isPoint = groups[index][0].model is PointModel
      return RegressionPrediction.draw(
        groups[index], draws: isPoint && !dropsUnits(index) ? 1 : draws, dropsUnits: dropsUnits(index))
    }
  }
}

/// Curves of training, a line a model.
enum TrainingCurves {
  /// A panel of one value by epoch; epochs without it are left out.
  static func panel(
    _ title: String, y: String, _ models: [(name: String, model: TrainedModel)], scale: Axis.Scale = .linear,
    range: ClosedRange<Double>? = nil, points: Int = 400, _ value: (EpochRecord) -> Double?
  ) -> Panel {
    let series = models.enumerated().map { index, entry -> Series in
      let rows = entry.model.records.compactMap { row in value(row).map { (Double(row.epoch), $0) } }
      let kept = stride(from: 0, to: rows.count, by: max(1, rows.count / points)).map { rows[$0] }
      return .line(entry.name, x: kept.map(\.0), y: kept.map(\.1), color: .number(index))
    }
    return Panel(title: title, x: Axis("epoch"), y: Axis(y, range: range, scale: scale), series: series)
  }
}

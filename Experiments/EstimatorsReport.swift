import BanditEvaluation
import BanditFigures
import BanditFiles
import BanditLaboratory
import BanditNumerics

/// The tables and the figure of `estimators`.
struct EstimatorsReport {
  /// The estimators of a policy that does not learn.
  static let estimators = ["ips", "snips", "clipped-ips", "dm", "dr", "switch-dr", "dr-shrunk"]

  /// The intervals by name.
  private static let intervals: [(name: String, of: @Sendable (Estimate) -> Estimate.Interval?)] = [
    ("normal", { $0.normal }), ("bootstrap", { $0.bootstrap }), ("bernstein", { $0.bernstein }),
    ("betting", { $0.betting }),
  ]

  private let scores: [EstimatorScore]
  private let environments: [String]
  private let exploration: [Double]

  init(_ scores: [EstimatorScore], environments: [String], exploration: [Double]) {
    (self.scores, self.environments, self.exploration) = (scores, environments, exploration)
  }

  private func scores(_ environment: String, _ share: Double, _ estimator: String) -> [EstimatorScore] {
    scores.filter {
      $0.environment == environment && $0.exploration == share && $0.estimate.estimator == estimator
    }
  }

  var tables: [ResultTable] {
    environments.flatMap { environment in
      exploration.map { table(environment, $0) }
    }
  }

  /// Errors and coverage under one logging policy.
  private func table(_ environment: String, _ share: Double) -> ResultTable {
    let first = scores(environment, share, Self.estimators[0])
    let value = mean(first.map(\.value))
    return ResultTable(
      "\(environment), logged with \(cell(100 * share)) % random play, \(first.count) logs, value \(cell(value))",
      head: ["estimator", "bias", "deviation", "RMSE", "relative error"]
        + Self.intervals.map { "in \($0.name), %" },
      rows: Self.estimators.map { estimator in
        let own = scores(environment, share, estimator)
        let errors = own.compactMap { score in score.estimate.value.map { $0 - score.value } }
        let bias = mean(errors)
        let square = mean(errors.map { $0 * $0 })
        let relative = own.compactMap { score in
          score.estimate.value.map { abs(($0 - score.value) / score.value) }
        }
        return [
          .text(estimator), cell(bias), cell(max(0, square - bias * bias).squareRoot()),
          cell(square.squareRoot()),
          cell(mean(relative)),
        ] + Self.intervals.map { coverage(own, $0.of) }
      })
  }

  /// How often an interval has the value in it, in per cent.
  private func coverage(
    _ scores: [EstimatorScore], _ interval: (Estimate) -> Estimate.Interval?
  ) -> ResultCell {
    let hits = scores.compactMap { score in
      interval(score.estimate).map { $0.lower <= score.value && score.value <= $0.upper }
    }
    return hits.isEmpty ? "" : cell(100 * Double(hits.count { $0 }) / Double(hits.count))
  }

  /// The root mean squared error of each estimator by the logging policy's share of random play.
  var figures: [ExperimentResult.NamedFigure] {
    let panels = environments.map { environment in
      Panel(
        title: environment, x: Axis("share of random play in the log"),
        y: Axis("root mean squared error", scale: .log),
        series: Self.estimators.enumerated().map { index, estimator in
          let errors = exploration.map { share in
            mean(
              scores(environment, share, estimator).compactMap { score in
                score.estimate.value.map { ($0 - score.value) * ($0 - score.value) }
              }
            ).squareRoot()
          }
          return .line(estimator, x: exploration, y: errors, color: .number(index))
        })
    }
    return [.init("errors", Figure(panels: panels, columns: min(2, panels.count)))]
  }

  /// A row for every estimate.
  var csv: String {
    let head =
      ["environment", "exploration", "seed", "log", "value", "estimator", "estimate", "standard_error"]
      + Self.intervals.flatMap { ["\($0.name)_lower", "\($0.name)_upper"] }
    func text(_ value: Double?) -> String { value.map(CSVLog.text) ?? "" }
    let rows = scores.map { score in
      [
        score.environment, text(score.exploration), String(score.seed), String(score.log),
        text(score.value), score.estimate.estimator, text(score.estimate.value),
        text(score.estimate.standardError),
      ]
        + Self.intervals.flatMap { interval in
          let found = interval.of(score.estimate)
          return [text(found?.lower), text(found?.upper)]
        }
    }
    return ([head] + rows).csvText + "\n"
  }

  private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }
}

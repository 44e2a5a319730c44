import BanditCore
import BanditFigures
import BanditFiles
import BanditLaboratory
import BanditNumerics

/// The table, the figures and the file of `bbb-minibatches`.
struct BBBMinibatchesReport {
  /// A run of a variant.
  struct Entry: Sendable {
    let variant: String
    let seed: UInt64
    let probes: [MinibatchProbe]
  }

  private let entries: [Entry]
  private let variants: [String]

  init(_ entries: [Entry]) {
    self.entries = entries
    variants = entries.map(\.variant).distinct
  }

  /// A row for each variant after its last step.
  var table: ResultTable {
    let steps = entries.first?.probes.last?.step ?? 0
    return ResultTable(
      "Mushrooms after \(steps) steps",
      head: ["minibatches", "seeds", "expected regret", "false positives", "false negatives"]
        + Self.measures.map(\.title),
      rows: variants.map { variant in
        let last = runs(variant).compactMap(\.last)
        return [
          .text(variant), .count(last.count), cell(last.map(\.regret)),
          cell(last.map { Double($0.falsePositives) }),
          cell(last.map { Double($0.falseNegatives) }),
        ] + Self.measures.map { measure in cell(last.compactMap(measure.value)) }
      })
  }

  private func runs(_ variant: String) -> [[MinibatchProbe]] {
    entries.filter { $0.variant == variant }.map(\.probes)
  }

  /// A measurement, as tables, axes and the file call it.
  private struct Measure: Sendable {
    let name: String
    let title: String
    let value: @Sendable (MinibatchProbe) -> Double?
  }

  private static let measures = [
    Measure(name: "width_seen", title: "width, eaten before") { $0.widthSeen },
    Measure(name: "width_unseen", title: "width, never eaten") { $0.widthUnseen },
    Measure(name: "error_edible", title: "error, edible") { $0.errorEdible },
    Measure(name: "error_poisonous", title: "error, poisonous") { $0.errorPoisonous },
    Measure(name: "exploring", title: "exploring") { $0.exploring },
  ]

  /// Regret, the posterior's width, calibration and exploration by step, means over seeds.
  var figures: [ExperimentResult.NamedFigure] {
    let regret = panel("expected regret", "cumulative") { $0.regret }
    func panels(_ range: Range<Int>, _ unit: String) -> [Panel] {
      Self.measures[range].map { panel($0.title, unit, $0.value) }
    }
    return [
      .init("regret", Figure(panels: [regret])),
      .init("width", Figure(panels: panels(0..<2, "standard deviation of the predicted reward"), columns: 2)),
      .init("calibration", Figure(panels: panels(2..<4, "predicted less expected reward"), columns: 2)),
      .init("exploring", Figure(panels: panels(4..<5, "share of draws"))),
    ]
  }

  private func panel(_ title: String, _ y: String, _ value: (MinibatchProbe) -> Double?) -> Panel {
    Panel(
      title: title, x: Axis("step", scale: .log), y: Axis(y),
      series: variants.enumerated().compactMap { index, variant in
        let runs = runs(variant)
        let steps = runs.first?.map(\.step) ?? []
        let means = steps.indices.map { mark in
          Spread(runs.compactMap { value($0[mark]) })?.mean ?? .nan
        }
        // The four of each number of minibatches have the same colours.
        let half = variants.count / 2
        let draw = index < half ? Series.line : Series.dashedLine
        return draw(variant, steps.map(Double.init), means, .number(index % max(1, half)), true)
      })
  }

  /// A row for each measurement of each run.
  var csv: String {
    let head =
      ["minibatches", "seed", "step", "expected_regret", "false_positives", "false_negatives"]
      + Self.measures.map(\.name)
    let rows = entries.flatMap { entry in
      entry.probes.map { probe in
        [
          entry.variant.replacing(",", with: ""), String(entry.seed), String(probe.step),
          CSVLog.text(probe.regret), String(probe.falsePositives), String(probe.falseNegatives),
        ] + Self.measures.map { $0.value(probe).map(CSVLog.text) ?? "" }
      }
    }
    return ([head] + rows).csvText + "\n"
  }
}

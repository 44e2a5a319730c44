import BanditCore
import BanditFigures
import BanditSimulation

/// Comparisons as CSV: a row for each task, step and group, or line beside them.
struct CompareCSV {
  private let comparisons: [Comparison]
  private let counters: [String]
  private let measurements: [String]

  init(_ comparisons: [Comparison]) {
    self.comparisons = comparisons
    counters = comparisons.flatMap(\.counterNames).distinct
    measurements = comparisons.flatMap(\.measurementNames).distinct
  }

  var text: String {
    let head =
      [
        "step", "group", "seeds", "expected_regret", "standard_deviation", "lower", "upper",
        "percent_of_uniform", "regret", "prefill_steps", "prefill_expected_regret",
      ] + counters + measurements + [
        "reference", "common_seeds", "difference", "difference_lower", "difference_upper", "verdict",
        "less_seeds", "more_seeds", "correlation", "bca_lower", "bca_upper", "p", "adjusted_p", "sign_flip_p",
        "adjusted_sign_flip_p", "task",
      ]
    let rows = comparisons.flatMap { comparison in
      comparison.tables.flatMap { table in
        table.standings.map { row($0, table, comparison) }
          + table.calibration.map { line in
            var cells = [String](repeating: "", count: head.count)
            cells[0] = String(table.step)
            cells[1] = line.name
            cells[3] = "\(line.expectedRegret)"
            cells[head.count - 1] = comparison.task
            return cells
          }
      }
    }
    return ([head] + rows).csvText
  }

  private func row(
    _ standing: Comparison.Standing, _ table: Comparison.Table, _ comparison: Comparison
  ) -> [String] {
    func cell(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    let difference = table.differences.first { $0.group == standing.group }
    func count(_ value: Int?) -> String { value.map { "\($0)" } ?? "" }
    let cells = [
      String(table.step), standing.group, String(standing.seeds.count), cell(standing.expectedRegret),
      cell(standing.standardDeviation), cell(standing.lower), cell(standing.upper),
      cell(standing.percentOfUniform), cell(standing.regret), String(standing.prefillSteps),
      cell(standing.prefillExpectedRegret),
    ]
    let own =
      counters.map { cell(standing.counters[$0]) } + measurements.map { cell(standing.measurements[$0]) }
    return cells + own + [
      comparison.reference ?? "", count(difference?.seeds.count), cell(difference?.mean),
      cell(difference?.lower), cell(difference?.upper), difference?.verdict.rawValue ?? "",
      count(difference?.lessSeeds), count(difference?.moreSeeds), cell(difference?.correlation),
      cell(difference?.bcaLower), cell(difference?.bcaUpper), cell(difference?.pValue),
      cell(difference?.adjustedPValue), cell(difference?.signFlipPValue),
      cell(difference?.adjustedSignFlipPValue), comparison.task,
    ]
  }
}

import BanditCore
import BanditFigures
import BanditLaboratory
import BanditSimulation

/// A sweep's table as CSV: a row for each task and setting, a column for each axis.
struct SweepCSV {
  private let table: SweepTable
  private let axes: [String]

  init(_ table: SweepTable) {
    self.table = table
    axes = Set(table.tasks.flatMap(\.rows).flatMap(\.settings.keys)).sorted()
  }

  var text: String {
    let head =
      ["task", "agent"] + axes + [
        "steps", "stopped_of", "seeds", "expected_regret", "standard_deviation", "lower", "upper",
        "percent_of_uniform",
        "regret",
        "prefill_steps", "prefill_expected_regret", "seconds", "reference", "common_seeds", "difference",
        "difference_lower", "difference_upper", "verdict", "less_seeds", "more_seeds", "correlation",
        "bca_lower",
        "bca_upper", "p", "adjusted_p", "sign_flip_p", "adjusted_sign_flip_p",
      ]
    let rows = table.tasks.flatMap { task in task.rows.map { row($0, of: task) } }
    return ([head] + rows).csvText
  }

  private func row(_ row: SweepTable.Row, of task: SweepTable.Task) -> [String] {
    func cell(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    func count(_ value: Int?) -> String { value.map { "\($0)" } ?? "" }
    let (standing, difference) = (row.standing, row.difference)
    return [task.name, standing.group] + axes.map { row.settings[$0]?.description ?? "" } + [
      String(task.steps), count(task.stoppedOf), String(standing.seeds.count), cell(standing.expectedRegret),
      cell(standing.standardDeviation), cell(standing.lower), cell(standing.upper),
      cell(standing.percentOfUniform),
      cell(standing.regret), String(standing.prefillSteps), cell(standing.prefillExpectedRegret),
      cell(row.seconds), task.reference ?? "", count(difference?.seeds.count), cell(difference?.mean),
      cell(difference?.lower), cell(difference?.upper), difference?.verdict.rawValue ?? "",
      count(difference?.lessSeeds), count(difference?.moreSeeds), cell(difference?.correlation),
      cell(difference?.bcaLower), cell(difference?.bcaUpper), cell(difference?.pValue),
      cell(difference?.adjustedPValue), cell(difference?.signFlipPValue),
      cell(difference?.adjustedSignFlipPValue),
    ]
  }
}

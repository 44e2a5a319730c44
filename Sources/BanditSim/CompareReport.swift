import BanditLaboratory
import BanditSimulation
import Foundation

/// A comparison for people, for programs and for tables.
struct CompareReport {
  private let comparison: Comparison

  init(_ comparison: Comparison) { self.comparison = comparison }

  var json: String { get throws { String(decoding: try RunDirectory.json(comparison), as: UTF8.self) } }

  var text: String { comparison.tables.map(text).joined(separator: "\n\n") }

  /// What a reader should know before trusting the tables.
  var warnings: [String] {
    comparison.runs.flatMap { run in
      var warnings: [String] = []
      if run.steps < run.plannedSteps {
        warnings.append(
          "\(run.path) has \(Format.grouped(run.steps)) of its \(Format.grouped(run.plannedSteps)) steps")
      }
      if let action = run.stuckAction {
        warnings.append(
          "\(run.path) is stuck: '\(action)' at all of its last steps, though it was not always the best")
      }
      return warnings
    } + lengths + freePlay
  }

  /// Groups that were shown different numbers of free steps are no equals.
  private var freePlay: [String] {
    guard let standings = comparison.tables.last?.standings,
      Set(standings.map(\.prefillSteps)).count > 1
    else { return [] }
    let groups = standings.map { "\($0.group): \(Self.freePlay($0))" }.joined(separator: "; ")
    let refused = comparison.tables.contains { $0.differences.contains { $0.verdict == .freePlayDiffers } }
    return [
      "free play differs, steps of random play that no regret counts (\(groups))"
        + (refused ? "; there is no verdict across it without --across-free-play" : "")
    ]
  }

  /// How many free steps a group had, and what they would have cost.
  private static func freePlay(_ standing: Comparison.Standing) -> String {
    guard standing.prefillSteps > 0 else { return "none" }
    let cost = standing.prefillExpectedRegret.map { ", worth \(Format.grouped($0))" } ?? ", worth unknown"
    return "\(Format.grouped(standing.prefillSteps)) steps\(cost)"
  }

  private var lengths: [String] {
    let last = comparison.tables.last?.step ?? 0
    guard comparison.runs.contains(where: { $0.steps > last }) else { return [] }
    return ["compared at \(Format.grouped(last)) steps, where the shortest run ends"]
  }

  // MARK: Text

  private func text(_ table: Comparison.Table) -> String {
    let title = "\(comparison.environment), after \(Format.grouped(table.step)) steps"
    return ([title, standings(table)] + (table.differences.isEmpty ? [] : [differences(table)]))
      .joined(separator: "\n\n")
  }

  private func standings(_ table: Comparison.Table) -> String {
    let counters = comparison.counterNames
    let head =
      ["", "seeds", "expected regret", "sd", "95 % interval", "of uniform", "free steps", "their regret"]
      + (counters + comparison.measurementNames).map { $0.replacing("_", with: " ") } + ["time"]
    let rows = table.standings.map { standing -> [String] in
      let cells = [
        standing.group, String(standing.seeds.count), Format.grouped(standing.expectedRegret),
        standing.standardDeviation.map { Format.grouped($0) } ?? "",
        Self.interval(standing.lower, standing.upper),
        standing.percentOfUniform.map { String(format: "%.2f %%", $0) } ?? "",
        Format.grouped(standing.prefillSteps),
        standing.prefillExpectedRegret.map { Format.grouped($0) } ?? "unknown",
      ]
      return cells + counters.map { standing.counters[$0].map(Self.mean) ?? "" }
        + comparison.measurementNames.map { standing.measurements[$0].map(Self.mean) ?? "" }
        + [time(standing.group)]
    }
    let lines = table.calibration.map { line in
      [line.name, "", Format.grouped(line.expectedRegret)]
    }
    return Format.table([head] + rows + lines)
  }

  private func differences(_ table: Comparison.Table) -> String {
    let hasBootstrap = table.differences.contains { $0.bcaLower != nil }
    let head =
      ["less \(comparison.reference ?? "")", "common seeds", "less, more", "r", "mean", "95 % interval"]
      + (hasBootstrap ? ["bootstrap (BCa)"] : []) + ["p", "sign-flip p", ""]
    let rows = table.differences.map { difference in
      [
        difference.group, String(difference.seeds.count),
        "\(difference.lessSeeds), \(difference.moreSeeds)",
        difference.correlation.map { String(format: "%.2f", $0) } ?? "",
        difference.mean.map(Self.signed) ?? "", Self.interval(difference.lower, difference.upper),
      ] + (hasBootstrap ? [Self.interval(difference.bcaLower, difference.bcaUpper)] : []) + [
        Self.probability(difference.adjustedPValue), Self.probability(difference.adjustedSignFlipPValue),
        Self.verdict(difference),
      ]
    }
    return Format.table([head] + rows)
  }

  private static func verdict(_ difference: PairedDifference) -> String {
    let count = difference.seeds.count
    if count == 0 { return "no seed in common" }
    return switch difference.verdict {
    case .better, .worse: difference.verdict.rawValue
    case .notToldApart: "not told apart with \(count) seeds"
    case .tooFewSeeds: "too few seeds: \(count) of \(PairedDifference.leastSeeds)"
    case .freePlayDiffers: "no verdict: free play differs"
    }
  }

  /// A p value with as many decimals as show on which side of 0.05 it is.
  private static func probability(_ value: Double?) -> String {
    guard let value else { return "" }
    if value < 0.001 { return "<0.001" }
    let short = String(format: "%.3f", value)
    return short == "0.050" && value < 0.05 ? "<0.05" : short
  }

  private func time(_ group: String) -> String {
    let times = comparison.runs.filter { $0.group == group }.compactMap(\.seconds)
    return times.isEmpty ? "" : Format.time(times.reduce(0, +) / Double(times.count))
  }

  private static func interval(_ lower: Double?, _ upper: Double?) -> String {
    guard let lower, let upper else { return "" }
    return "\(Format.grouped(lower)) to \(Format.grouped(upper))"
  }

  private static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + Format.grouped(value) }

  /// A mean of counts in whole numbers, a rate with three decimals.
  private static func mean(_ value: Double) -> String {
    value.magnitude < 2 ? String(format: "%.3f", value) : Format.grouped(value)
  }

  // MARK: CSV

  var csv: String {
    let counters = comparison.counterNames
    let head =
      [
        "step", "group", "seeds", "expected_regret", "standard_deviation", "lower", "upper",
        "percent_of_uniform", "regret", "prefill_steps", "prefill_expected_regret",
      ] + counters + comparison.measurementNames + [
        "reference", "common_seeds", "difference", "difference_lower", "difference_upper", "verdict",
        "less_seeds", "more_seeds", "correlation", "bca_lower", "bca_upper", "p", "adjusted_p", "sign_flip_p",
        "adjusted_sign_flip_p",
      ]
    let rows = comparison.tables.flatMap { table in
      table.standings.map { row($0, table, counters) }
        + table.calibration.map { line in
          var cells = [String](repeating: "", count: head.count)
          cells[0] = String(table.step)
          cells[1] = line.name
          cells[3] = "\(line.expectedRegret)"
          return cells
        }
    }
    return ([head] + rows).map { $0.map(Self.quoted).joined(separator: ",") }.joined(separator: "\n")
  }

  private func row(
    _ standing: Comparison.Standing, _ table: Comparison.Table, _ counters: [String]
  ) -> [String] {
    func cell(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    let difference = table.differences.first { $0.group == standing.group }
    let cells = [
      String(table.step), standing.group, String(standing.seeds.count), cell(standing.expectedRegret),
      cell(standing.standardDeviation), cell(standing.lower), cell(standing.upper),
      cell(standing.percentOfUniform), cell(standing.regret), String(standing.prefillSteps),
      cell(standing.prefillExpectedRegret),
    ]
    let measurements = comparison.measurementNames.map { cell(standing.measurements[$0]) }
    return cells + counters.map { cell(standing.counters[$0]) } + measurements + [
      comparison.reference ?? "", difference.map { String($0.seeds.count) } ?? "", cell(difference?.mean),
      cell(difference?.lower), cell(difference?.upper), difference?.verdict.rawValue ?? "",
      difference.map { String($0.lessSeeds) } ?? "", difference.map { String($0.moreSeeds) } ?? "",
      cell(difference?.correlation), cell(difference?.bcaLower), cell(difference?.bcaUpper),
      cell(difference?.pValue), cell(difference?.adjustedPValue), cell(difference?.signFlipPValue),
      cell(difference?.adjustedSignFlipPValue),
    ]
  }

  private static func quoted(_ text: String) -> String {
    text.contains { ",\"\n".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}

import BanditSimulation
import Foundation

/// One step of a comparison in cells for people.
struct CompareTable {
  private let comparison: Comparison
  private let table: Comparison.Table

  init(_ comparison: Comparison, _ table: Comparison.Table) {
    self.comparison = comparison
    self.table = table
  }

  var text: String {
    ([title, Format.table(standings)] + (table.differences.isEmpty ? [] : [Format.table(differences)]))
      .joined(separator: "\n\n")
  }

  var title: String { "\(comparison.task), after \(Format.grouped(table.step)) steps" }

  /// The groups, and policies that learn nothing; the first row is the head.
  var standings: [[String]] {
    let counters = comparison.counterNames
    let head =
      ["", "seeds", "expected regret", "sd", "95 % interval", "of uniform", "free steps", "their regret"]
      + (counters + comparison.measurementNames).map { $0.replacing("_", with: " ") } + ["time"]
    let rows = table.standings.map { standing -> [String] in
      let cells = [
        standing.group, String(standing.seeds.count), Format.grouped(standing.expectedRegret),
        standing.standardDeviation.map { Format.grouped($0) } ?? "",
        CompareWords.interval(standing.lower, standing.upper),
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
    return [head] + rows + lines
  }

  /// Every other group against the reference; the first row is the head.
  var differences: [[String]] {
    let hasBootstrap = table.differences.contains { $0.bcaLower != nil }
    let head =
      ["less \(comparison.reference ?? "")", "common seeds", "less, more", "r", "mean", "95 % interval"]
      + (hasBootstrap ? ["bootstrap (BCa)"] : []) + ["p", "sign-flip p", ""]
    let rows = table.differences.map { difference in
      [
        difference.group, String(difference.seeds.count),
        "\(difference.lessSeeds), \(difference.moreSeeds)",
        difference.correlation.map { String(format: "%.2f", $0) } ?? "",
        difference.mean.map(CompareWords.signed) ?? "",
        CompareWords.interval(difference.lower, difference.upper),
      ] + (hasBootstrap ? [CompareWords.interval(difference.bcaLower, difference.bcaUpper)] : []) + [
        CompareWords.probability(difference.adjustedPValue),
        CompareWords.probability(difference.adjustedSignFlipPValue),
        CompareWords.verdict(difference),
      ]
    }
    return [head] + rows
  }

  private func time(_ group: String) -> String {
    let times = comparison.runs.filter { $0.group == group }.compactMap(\.seconds)
    return times.isEmpty ? "" : Format.time(times.reduce(0, +) / Double(times.count))
  }

  /// A mean of counts in whole numbers, a rate with three decimals.
  private static func mean(_ value: Double) -> String {
    value.magnitude < 2 ? String(format: "%.3f", value) : Format.grouped(value)
  }
}

/// The words of comparisons that several tables share.
enum CompareWords {
  static func verdict(_ difference: PairedDifference) -> String {
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
  static func probability(_ value: Double?) -> String {
    guard let value else { return "" }
    if value < 0.001 { return "<0.001" }
    let short = String(format: "%.3f", value)
    return short == "0.050" && value < 0.05 ? "<0.05" : short
  }

  static func interval(_ lower: Double?, _ upper: Double?) -> String {
    guard let lower, let upper else { return "" }
    return "\(Format.grouped(lower)) to \(Format.grouped(upper))"
  }

  static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + Format.grouped(value) }
}

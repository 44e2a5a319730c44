import BanditLaboratory
import BanditSimulation
import Foundation

/// A sweep's table as Markdown: a table for each task.
struct SweepMarkdown {
  private let table: SweepTable

  init(_ table: SweepTable) { self.table = table }

  var text: String {
    table.tasks.map { task in
      let head = [
        "agent", "seeds", "expected regret", "95 % interval", "of uniform", "free steps", "their regret",
        "less \(task.reference ?? "")", "95 % interval", "p", "sign-flip p", "verdict", "time",
      ]
      let lines = [head, head.map { _ in "---" }] + task.rows.map(row)
      let title =
        task.stoppedOf.map {
          "stopped by successive halving after \(Format.grouped(task.steps)) of \(Format.grouped($0)) steps"
        } ?? "after \(Format.grouped(task.steps)) steps"
      return "**\(task.name), \(title)**\n\n"
        + lines.map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" }
        .joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private func row(_ row: SweepTable.Row) -> [String] {
    let standing = row.standing
    let difference = row.difference
    return [
      standing.group, String(standing.seeds.count), Format.grouped(standing.expectedRegret),
      CompareWords.interval(standing.lower, standing.upper),
      standing.percentOfUniform.map { String(format: "%.2f %%", $0) } ?? "",
      Format.grouped(standing.prefillSteps),
      standing.prefillExpectedRegret.map { Format.grouped($0) } ?? "unknown",
      difference?.mean.map(CompareWords.signed) ?? "",
      CompareWords.interval(difference?.lower, difference?.upper),
      CompareWords.probability(difference?.adjustedPValue),
      CompareWords.probability(difference?.adjustedSignFlipPValue),
      difference.map(CompareWords.verdict) ?? "", row.seconds.map { String(format: "%.2f s", $0) } ?? "",
    ]
  }
}

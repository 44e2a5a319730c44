import BanditExperiments
import BanditFigures
import Foundation

/// The results of a session on stdout, for people or as JSON, and its failures on stderr.
struct ResultReport {
  private let results: [RunResult]

  init(_ results: [RunResult]) { self.results = results }

  private struct Document: Encodable {
    struct Failure: Encodable {
      let seed: UInt64
      let error: String
    }

    let runs: [RunSummary]
    let failed: [Failure]
    let meanCumulativeExpectedRegret: Double?
    let standardDeviation: Double?

    enum CodingKeys: String, CodingKey {
      case runs, failed
      case meanCumulativeExpectedRegret = "mean_cumulative_expected_regret"
      case standardDeviation = "standard_deviation_of_cumulative_expected_regret"
    }
  }

  /// Prints the results; `withCurves` adds a drawing for people.
  func print(asJSON: Bool, withCurves: Bool) throws {
    for case .failed(let settings, let message) in results {
      Console.note("Error: \(settings.agent) seed \(settings.seed): \(message)\n")
    }
    if asJSON {
      try Console.result(String(decoding: try RunDirectory.json(document), as: UTF8.self))
      return
    }
    for case .finished(let summary, let directory) in results {
      try Console.result(text(summary, directory))
    }
    if summaries.count > 1 { try Console.result(spread) }
    if withCurves, let curves = try curves { try Console.result(curves) }
  }

  /// The cumulative expected regrets of the first runs in one drawing; nil where no step was played.
  private var curves: String? {
    get throws {
      let played = results.compactMap { result in
        if case .finished(let summary, let directory) = result, summary.steps > 0 {
          directory.path
        } else {
          nil
        }
      }
      let runs = try played.prefix(10).map { try RecordedRun(readingFrom: $0, points: 120) }
      let drawing = TextPlot.drawing(
        runs.map { (x: $0.steps.map(Double.init), y: $0[RecordedRun.expectedRegret] ?? []) },
        number: Format.grouped)
      let title = "cumulative expected regret" + (played.count > 10 ? " of the first 10 runs" : "")
      return runs.isEmpty ? nil : "\(title)\n\(drawing)"
    }
  }

  private var summaries: [RunSummary] {
    results.compactMap { if case .finished(let summary, _) = $0 { summary } else { nil } }
  }

  private var document: Document {
    let failures = results.compactMap { result -> Document.Failure? in
      if case .failed(let settings, let message) = result {
        Document.Failure(seed: settings.seed, error: message)
      } else {
        nil
      }
    }
    let (mean, deviation) = meanAndDeviation
    return Document(
      runs: summaries, failed: failures, meanCumulativeExpectedRegret: mean, standardDeviation: deviation)
  }

  /// The mean and the sample standard deviation of the final expected regrets of whole runs.
  private var meanAndDeviation: (Double?, Double?) {
    let values = summaries.filter { !$0.interrupted }.map(\.cumulativeExpectedRegret)
    guard !values.isEmpty else { return (nil, nil) }
    let mean = values.reduce(0, +) / Double(values.count)
    guard values.count > 1 else { return (mean, nil) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
  }

  private func text(_ summary: RunSummary, _ directory: RunDirectory) -> String {
    let played = "\(Format.grouped(summary.steps)) steps in \(Format.time(summary.seconds.total))"
    let title = "\(summary.environment), \(summary.agent), seed \(summary.seed): \(played)"
    let head =
      ["step", "regret", "expected regret"] + summary.counterNames.map { $0.replacing("_", with: " ") }
    let rows = summary.milestones.filter { $0.step >= 1_000 || summary.steps < 1_000 }.map { milestone in
      [
        Format.grouped(milestone.step), Format.grouped(milestone.cumulativeRegret),
        Format.grouped(milestone.cumulativeExpectedRegret),
      ] + summary.counterNames.map { Format.counter(milestone.counters[$0] ?? 0) }
    }
    var lines = [title + (summary.interrupted ? " (interrupted)" : ""), Format.table([head] + rows)]
    if let percent = summary.percentOfUniform {
      lines.append(String(format: "%.2f %% of a uniformly random agent's expected regret", percent))
    }
    lines.append("log: \(directory.logPath)")
    return lines.joined(separator: "\n") + "\n"
  }

  private var spread: String {
    let (mean, deviation) = meanAndDeviation
    guard let mean, let deviation else { return "no two whole runs to compare" }
    let count = summaries.count { !$0.interrupted }
    return "expected regret over \(count) seeds: mean \(Format.grouped(mean)), "
      + "standard deviation \(Format.grouped(deviation))"
  }
}

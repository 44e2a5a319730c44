import BanditSimulation
import BanditFigures
import BanditNumerics
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
    /// The folder of each run.
    let folders: [String]
    let failed: [Failure]
    let meanCumulativeExpectedRegret: Double?
    let standardDeviation: Double?
    let interval: [Double]?

    enum CodingKeys: String, CodingKey {
      case runs, folders, failed
      case meanCumulativeExpectedRegret = "mean_cumulative_expected_regret"
      case standardDeviation = "standard_deviation_of_cumulative_expected_regret"
      case interval = "confidence_interval_95_of_cumulative_expected_regret"
    }
  }

  /// Prints the results; `withCurves` adds a drawing for people, and `withNotes` says on stderr what was finished before.
  func print(asJSON: Bool, withCurves: Bool, withNotes: Bool) throws {
    for case .finished(let summary, _, true) in results where withNotes {
      Console.note("\(summary.agent) seed \(summary.seed): was finished before, nothing was played\n")
    }
    for (settings, message) in results.compactMap(\.failure) {
      Console.note("Error: \(settings.agent) seed \(settings.seed): \(message)\n")
    }
    if asJSON {
      try Console.result(String(decoding: try RunDirectory.json(document), as: UTF8.self))
      return
    }
    for case .finished(let summary, let directory, _) in results {
      try Console.result(text(summary, directory))
    }
    if summaries.count > 1 { try Console.result(spread) }
    if withCurves, let curves = try curves { try Console.result(curves) }
  }

  /// The cumulative expected regrets of the first runs in one drawing; nil where no step was played.
  private var curves: String? {
    get throws {
      let played = results.compactMap { result in
        if case .finished(let summary, let directory, _) = result, summary.steps > 0,
          summary.hasRegret ?? true
        {
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
    results.compactMap { if case .finished(let summary, _, _) = $0 { summary } else { nil } }
  }

  private var folders: [String] {
    results.compactMap { if case .finished(_, let directory, _) = $0 { directory.path } else { nil } }
  }

  private var document: Document {
    let failures = results.compactMap(\.failure).map {
      Document.Failure(seed: $0.settings.seed, error: $0.message)
    }
    let values = finalRegrets
    let interval = values.count > 1 ? StudentT.interval(of: values) : nil
    return Document(
      runs: summaries, folders: folders, failed: failures,
      meanCumulativeExpectedRegret: values.isEmpty ? nil : mean(values),
      standardDeviation: values.count > 1 ? deviation(values) : nil,
      interval: interval.map { [max(0, $0.mean - $0.halfWidth), $0.mean + $0.halfWidth] })
  }

  /// The final expected regrets of whole runs.
  private var finalRegrets: [Double] {
    summaries.filter { !$0.interrupted && $0.hasRegret ?? true }.map(\.cumulativeExpectedRegret)
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// The sample standard deviation of two or more values.
  private func deviation(_ values: [Double]) -> Double {
    let mean = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
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
    if summary.hasRegret == false {
      return Self.replayText(summary, title: title, directory)
    }
    var lines = [title + (summary.interrupted ? " (interrupted)" : ""), Format.table([head] + rows)]
    if let percent = summary.percentOfUniform {
      lines.append(
        Format.fitted(String(format: "%.2f %% of a uniformly random agent's expected regret", percent)))
    }
    if let steps = summary.prefillSteps, let regret = summary.prefillExpectedRegret, steps > 0 {
      lines.append(
        Format.fitted(
          "before them \(Format.grouped(steps)) steps of random play that count nowhere; their expected regret is "
            + Format.grouped(regret)))
    }
    lines.append("log: \(directory.logPath)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the replay of a log came to: rewards.
  private static func replayText(_ summary: RunSummary, title: String, _ directory: RunDirectory) -> String {
    let mean = summary.cumulativeReward / Double(max(1, summary.steps))
    let counters = summary.counterNames.map {
      "\($0.replacing("_", with: " ")) \(Format.counter(summary.counters[$0] ?? 0))"
    }
    return [
      title + (summary.interrupted ? " (interrupted)" : ""),
      "mean reward \(String(format: "%.4g", mean)); \(counters.joined(separator: ", "))",
      "a log knows no expected rewards, so there is no regret",
      "log: \(directory.logPath)",
    ].joined(separator: "\n") + "\n"
  }

  /// The mean rewards of replays under several seeds.
  private var replaySpread: String {
    let means = summaries.map { $0.cumulativeReward / Double(max(1, $0.steps)) }
    let rows = zip(summaries, means).map { summary, mean in
      [String(summary.seed), Format.grouped(summary.steps), String(format: "%.4g", mean)]
    }
    let (mean, halfWidth) = StudentT.interval(of: means)
    return Format.table([["seed", "matched steps", "mean reward"]] + rows)
      + String(
        format: "\nmean reward over %d seeds: %.4g, 95 %% interval %.4g to %.4g", means.count, mean,
        mean - halfWidth, mean + halfWidth)
  }

  /// A table of the seeds' final regrets, and what they come to.
  private var spread: String {
    if summaries.contains(where: { $0.hasRegret == false }) { return replaySpread }
    let rows = summaries.map { summary in
      [
        String(summary.seed), Format.grouped(summary.steps), Format.grouped(summary.cumulativeRegret),
        Format.grouped(summary.cumulativeExpectedRegret) + (summary.interrupted ? " (interrupted)" : ""),
      ]
    }
    let table = Format.table([["seed", "steps", "regret", "expected regret"]] + rows)
    let values = finalRegrets
    guard values.count > 1 else { return table + "\nno two whole runs to compare" }
    let (mean, halfWidth) = StudentT.interval(of: values)
    let words =
      "expected regret over \(values.count) seeds: mean \(Format.grouped(mean)), "
      + "standard deviation \(Format.grouped(deviation(values))), 95 % interval "
      + "\(Format.grouped(max(0, mean - halfWidth))) to \(Format.grouped(mean + halfWidth))"
    return table + "\n" + Format.fitted(words)
  }
}

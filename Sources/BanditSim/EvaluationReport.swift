import BanditEvaluation
import BanditSimulation
import Foundation

/// An evaluation for people and for programs.
struct EvaluationReport {
  let log: LoggedInteractions
  let policy: String
  let evaluation: Evaluation
  let plan: EvaluationPlan

  /// What the JSON document has beside the evaluation.
  private struct Document: Encodable {
    let log: String
    let policy: String
    let rows: Int
    let skippedRows: [String: Int]
    let confidence: Double
    let evaluation: Evaluation

    enum CodingKeys: String, CodingKey { case log, policy, rows, skippedRows, confidence }

    func encode(to encoder: any Encoder) throws {
      try evaluation.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(log, forKey: .log)
      try container.encode(policy, forKey: .policy)
      try container.encode(rows, forKey: .rows)
      try container.encode(skippedRows, forKey: .skippedRows)
      try container.encode(confidence, forKey: .confidence)
    }
  }

  /// One document, with keys in lower case with underscores.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      let skipped = Dictionary(uniqueKeysWithValues: log.skipped.map { ("\($0.key)", $0.value) })
      let document = Document(
        log: log.path, policy: policy, rows: log.count, skippedRows: skipped, confidence: plan.probability,
        evaluation: evaluation)
      return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
  }

  var text: String {
    let counts =
      "\(Format.grouped(log.count)) rows, \(Format.grouped(log.spec.actionCount)) actions, "
      + "\(Format.grouped(log.spec.featureCount)) context columns"
    let learned =
      evaluation.learnedRows > 0
      ? "; \(policy) learns from the first \(Format.grouped(evaluation.learnedRows))" : ""
    return (["\(log.path): \(counts)\(learned)", estimates] + diagnostics).joined(separator: "\n\n")
  }

  private var estimates: String {
    let all = [evaluation.logged] + evaluation.estimates
    let isBounded = all.contains { $0.betting != nil }
    let head =
      ["mean reward", "rows", "estimate", "standard error", "normal", "bootstrap"]
      + (isBounded ? ["bernstein", "betting"] : [])
    let rows = all.map { estimate in
      [
        estimate.estimator, Format.grouped(estimate.rows), Self.number(estimate.value),
        Self.number(estimate.standardError), Self.interval(estimate.normal),
        Self.interval(estimate.bootstrap),
      ] + (isBounded ? [Self.interval(estimate.bernstein), Self.interval(estimate.betting)] : [])
    }
    return Format.table([head] + rows)
  }

  private var diagnostics: [String] {
    guard let diagnostics = evaluation.diagnostics else { return [] }
    let summary = [
      ["effective rows", Format.grouped(diagnostics.effectiveRows)],
      ["largest weight", Self.number(diagnostics.largestWeight)],
      ["its share of all", Self.number(diagnostics.largestShare)],
      ["mean weight", Self.number(diagnostics.meanWeight)],
    ]
    let overlap = diagnostics.overlap.enumerated().filter { $1.rows > 0 }.map { index, bin in
      let next = index + 1 < diagnostics.overlap.count ? diagnostics.overlap[index + 1].from : nil
      let name =
        index == 0
        ? "0" : "\(Self.edge(bin.from)) to \(next.map(Self.edge) ?? "more")"
      return [name, Format.grouped(bin.rows), Self.number(bin.share)]
    }
    let most = 20
    let actions = diagnostics.calibration.sorted { abs($0.deviations) > abs($1.deviations) }.prefix(most)
    let calibration = actions.map { action in
      [
        action.action, Format.grouped(action.rows), Self.number(action.ratio),
        String(format: "%+.1f", action.deviations), Self.number(action.policyShare),
      ]
    }
    return [
      Format.table(summary),
      Format.table([["weight", "rows", "share of all weight"]] + overlap),
      Format.table([["action", "rows", "by propensities", "deviations", "policy's share"]] + calibration)
        + (diagnostics.calibration.count > most ? "\n(the \(most) furthest from their propensities)" : ""),
    ]
  }

  private static func edge(_ value: Double) -> String { value < 1e-6 ? "0" : number(value) }

  private static func number(_ value: Double?) -> String {
    value.map { String(format: "%.4g", $0) } ?? ""
  }

  private static func interval(_ interval: Estimate.Interval?) -> String {
    interval.map { "\(number($0.lower)) to \(number($0.upper))" } ?? ""
  }
}

import BanditNumerics
import Foundation

/// Whether weights and propensities let an estimate be trusted.
public struct Diagnostics: Codable, Hashable, Sendable {
  /// A bin of weights: how many rows have them, and how much of the weights' sum.
  public struct Overlap: Codable, Hashable, Sendable {
    /// The least weight of the bin; it ends where the next begins.
    public let from: Double
    /// Rows in the bin.
    public fileprivate(set) var rows: Int
    /// Their share of all weights.
    public fileprivate(set) var share: Double
  }

  /// How often an action was logged, beside how often its propensities say.
  public struct Calibration: Codable, Hashable, Sendable {
    /// The action's name.
    public let action: String
    /// Rows with the action.
    public let rows: Int
    /// The mean of 1/propensity where the action was logged and 0 elsewhere: about 1 where propensities are right.
    public let ratio: Double
    /// How many standard errors that is from 1.
    public let deviations: Double
    /// The policy's mean probability of the action.
    public let policyShare: Double
  }

  /// (Σw)²/Σw²: as many rows of equal weights would tell as much.
  public let effectiveRows: Double
  /// The largest weight.
  public let largestWeight: Double
  /// Its share of the weights' sum.
  public let largestShare: Double
  /// The mean weight: 1, but for chance, where propensities are right and the log has all of the policy's actions.
  public let meanWeight: Double
  /// How many standard errors that is from 1.
  public let meanWeightDeviations: Double
  /// Weights by size.
  public let overlap: [Overlap]
  /// Propensities by action.
  public let calibration: [Calibration]
  /// The policy's mean probability of actions that the log never has.
  public let neverLogged: Double
}

/// Gathers diagnostics row by row.
struct DiagnosticSums {
  private static let edges = [0, 1e-9, 0.1, 0.5, 1, 2, 5, 10, 50, 100, 1_000]

  private let names: [String]
  private var count = 0
  private var sum = 0.0
  private var squares = 0.0
  private var largest = 0.0
  private var bins: [(rows: Int, sum: Double)]
  private var rows: [Int]
  /// Of 1/propensity by action.
  private var inverses: [(sum: Double, squares: Double)]
  private var shares: [Double]

  init(actionNames: [String]) {
    names = actionNames
    bins = Self.edges.map { _ in (0, 0) }
    rows = names.map { _ in 0 }
    inverses = names.map { _ in (0, 0) }
    shares = names.map { _ in 0 }
  }

  mutating func add(weight: Double, action: Int, propensity: Double, probabilities: [Double]) {
    count += 1
    sum += weight
    squares += weight * weight
    largest = max(largest, weight)
    let bin = Self.edges.lastIndex { weight >= $0 } ?? 0
    bins[bin].rows += 1
    bins[bin].sum += weight
    rows[action] += 1
    inverses[action].sum += 1 / propensity
    inverses[action].squares += 1 / (propensity * propensity)
    for (action, probability) in probabilities.enumerated() { shares[action] += probability }
  }

  /// What was gathered; nil without rows.
  var diagnostics: Diagnostics? {
    guard count > 0 else { return nil }
    let total = Double(count)
    func deviations(_ sum: Double, _ squares: Double) -> Double {
      let mean = sum / total
      let error = (max(0, squares / total - mean * mean) / total).squareRoot()
      return error > 0 ? (mean - 1) / error : 0
    }
    return Diagnostics(
      effectiveRows: squares > 0 ? sum * sum / squares : 0, largestWeight: largest,
      largestShare: sum > 0 ? largest / sum : 0, meanWeight: sum / total,
      meanWeightDeviations: deviations(sum, squares),
      overlap: zip(Self.edges, bins).map {
        Diagnostics.Overlap(from: $0, rows: $1.rows, share: sum > 0 ? $1.sum / sum : 0)
      },
      calibration: names.indices.map { action in
        Diagnostics.Calibration(
          action: names[action], rows: rows[action], ratio: inverses[action].sum / total,
          deviations: deviations(inverses[action].sum, inverses[action].squares),
          policyShare: shares[action] / total)
      },
      neverLogged: names.indices.reduce(0) { $0 + (rows[$1] == 0 ? shares[$1] / total : 0) })
  }
}

extension Diagnostics {
  /// What a reader of estimates should know, a sentence each; none where there is nothing to say.
  func warnings(rows: Int) -> [String] {
    func number(_ value: Double) -> String { String(format: "%.3g", value) }
    var warnings: [String] = []
    if neverLogged > 1e-9 {
      warnings.append(
        "The policy takes actions that the log never has, with probability \(number(neverLogged)): "
          + "weighted estimates leave out what they would earn.")
    }
    if effectiveRows < 100 || effectiveRows < 0.01 * Double(rows) {
      warnings.append(
        "The weights are worth \(number(effectiveRows)) rows of equal weight out of \(rows): weighted estimates and "
          + "their normal intervals are not to be trusted.")
    }
    if largestShare > 0.1 {
      warnings.append(
        "One row has \(number(100 * largestShare)) % of all weight (weight \(number(largestWeight))): the estimate "
          + "hangs on it.")
    }
    if abs(meanWeightDeviations) > 4 || meanWeight == 0 {
      warnings.append(
        "The mean weight is \(number(meanWeight)), \(number(abs(meanWeightDeviations))) standard errors from 1: "
          + "propensities are wrong, or the log lacks actions where the policy takes them.")
    }
    // Of a few rows the standard error says nothing.
    let worst = calibration.filter { $0.rows >= 30 }.max { abs($0.deviations) < abs($1.deviations) }
    // With more actions, larger deviations come by chance.
    let limit = StandardNormal.quantile(1 - 0.0005 / Double(max(1, calibration.count)))
    if let worst, abs(worst.deviations) > limit {
      warnings.append(
        "Action '\(worst.action)' was logged \(number(worst.ratio)) times as often as its propensities say "
          + "(\(number(abs(worst.deviations))) standard errors): "
          + (worst.ratio < 1
            ? "propensities are wrong, or there are contexts in which the log never takes it."
            : "propensities seem wrong."))
    }
    return warnings
  }
}

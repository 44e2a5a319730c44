import BanditNumerics

/// Whether several Markov chains have come to the same distribution, by one number that each draw gives.
///
/// Source: Gelman et al. 2013, Bayesian Data Analysis, §11.4 and §11.5.
public struct ChainDiagnostics: Hashable, Sendable {
  /// The potential scale reduction of the chains' halves: 1 where all have one distribution; 1.01 is usually asked for.
  public let rHat: Double
  /// As many independent draws would tell as much of the mean.
  public let effectiveDraws: Double

  /// Compares chains of the same length, at least four draws each.
  public init(_ chains: [[Double]]) {
    precondition(
      !chains.isEmpty && chains.allSatisfy { $0.count == chains[0].count && $0.count >= 4 }, "equal chains")
    let half = chains[0].count / 2
    let halves = chains.flatMap { [Array($0.prefix(half)), Array($0.suffix(half))] }
    let means = halves.map { Spread($0)?.mean ?? .nan }
    let count = Double(half)
    let within =
      zip(halves, means).reduce(0) { $0 + Self.autocovariance($1.0, $1.1, 0) * count / (count - 1) }
      / Double(halves.count)
    let deviation = Spread(means)?.deviation ?? 0
    let variance = (count - 1) / count * within + deviation * deviation
    rHat = within > 0 ? (variance / within).squareRoot() : deviation > 0 ? .infinity : 1
    effectiveDraws = Self.effectiveDraws(halves, means, within: within, variance: variance)
  }

  /// Geyer's initial monotone sequence: pairs of neighbouring autocorrelations, as long as their sums stay positive.
  private static func effectiveDraws(
    _ chains: [[Double]], _ means: [Double], within: Double, variance: Double
  ) -> Double {
    let count = chains[0].count
    let total = Double(chains.count * count)
    guard variance > 0 else { return total }
    func correlation(_ lag: Int) -> Double {
      let covariance =
        zip(chains, means).reduce(0) { $0 + autocovariance($1.0, $1.1, lag) } / Double(chains.count)
      return 1 - (within - covariance) / variance
    }
    var sum = 0.0
    var last = Double.infinity
    for lag in stride(from: 0, to: count - 1, by: 2) {
      let pair = min(last, correlation(lag) + correlation(lag + 1))
      if pair <= 0 { break }
      sum += pair
      last = pair
    }
    return min(total, total / max(2 * sum - 1, 1e-3))
  }

  private static func autocovariance(_ values: [Double], _ mean: Double, _ lag: Int) -> Double {
    var sum = 0.0
    for index in lag..<values.count { sum += (values[index] - mean) * (values[index - lag] - mean) }
    return sum / Double(values.count)
  }
}

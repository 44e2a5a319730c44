/// Ranks of several methods over several tasks: Friedman's test, and the least difference of mean ranks that counts.
///
/// Sources: Friedman (1937), The use of ranks; Demšar (2006), Statistical comparisons of classifiers over multiple data
/// sets, sections 3.2.2 and 3.2.3.
///
/// *Deviations*: the p value is counted over permutations of the ranks within tasks, in place of an approximation by
/// chi-square or F, which tasks as few as these do not carry.
public struct FriedmanTest: Hashable, Sendable {
  /// The rank of each method on each task, a row a task: 1 for the least value, the mean of their ranks for equal ones.
  public let ranks: [[Double]]
  /// The mean rank of each method.
  public let meanRanks: [Double]
  /// The probability of mean ranks at least as far apart where all methods are equals; 1 for a single task.
  public let pValue: Double
  /// Nemenyi's critical difference: mean ranks farther apart than this differ, at 5 % for all pairs together.
  public let criticalDifference: Double

  /// How many permutations are drawn, always the same ones.
  private static let draws = 10_000

  /// Ranks methods.
  ///
  /// - Parameter values: a row a task, a value a method, all rows of the same length of 2 or more; less is better.
  public init(_ values: [[Double]]) {
    let methods = values.first?.count ?? 0
    precondition(methods > 1 && values.allSatisfy { $0.count == methods }, "a value for each of the methods")
    ranks = values.map(Self.ranks)
    meanRanks = Self.sums(ranks).map { $0 / Double(values.count) }
    pValue = Self.pValue(ranks)
    criticalDifference =
      StudentizedRange.quantile(0.95, count: methods)
      * (Double(methods * (methods + 1)) / Double(12 * values.count)).squareRoot()
  }

  private static func ranks(_ values: [Double]) -> [Double] {
    values.map { value in
      let below = values.count { $0 < value }
      let equal = values.count { $0 == value }
      return Double(below) + Double(equal + 1) / 2
    }
  }

  private static func sums(_ ranks: [[Double]]) -> [Double] {
    (ranks.first ?? []).indices.map { method in ranks.reduce(0) { $0 + $1[method] } }
  }

  /// Friedman's statistic grows with the sum of squares of the rank sums, which is therefore enough.
  private static func pValue(_ ranks: [[Double]]) -> Double {
    func spread(_ ranks: [[Double]]) -> Double { sums(ranks).reduce(0) { $0 + $1 * $1 } }
    // What rounding can do to sums that are equal.
    let seen = spread(ranks) * (1 - 1e-12)
    var stream = RandomStream(seed: 0).child("ranks")
    var shuffled = ranks
    var extreme = 1
    for _ in 0..<draws {
      for task in shuffled.indices {
        for place in (1..<shuffled[task].count).reversed() {
          shuffled[task].swapAt(place, stream.integer(below: place + 1))
        }
      }
      if spread(shuffled) >= seen { extreme += 1 }
    }
    return Double(extreme) / Double(draws + 1)
  }
}

import BanditNumerics

/// How much more expected regret one group of runs has than another, seed by seed.
///
/// Runs under one seed meet the same contexts and the same luck; how much that helps is what `correlation` says.
public struct PairedDifference: Codable, Hashable, Sendable {
  /// What the seeds say.
  public enum Verdict: String, Codable, Hashable, Sendable {
    /// Less regret than the other group.
    case better
    /// More regret than the other group.
    case worse
    /// One of the tests leaves it open.
    case notToldApart = "not told apart"
    /// Fewer than five common seeds.
    case tooFewSeeds = "too few seeds"
    /// The groups had different numbers of free steps, and no verdict was asked for across that.
    case freePlayDiffers = "free play differs"
  }

  /// The group.
  public let group: String
  /// The group it is compared with.
  public let reference: String
  /// The seeds that both have.
  public let seeds: [UInt64]
  /// Seeds under which the group has less regret than the other.
  public let lessSeeds: Int
  /// Seeds under which it has more.
  public let moreSeeds: Int
  /// The correlation of the two groups' regrets over these seeds; nil for fewer than three, and where one does not vary.
  public let correlation: Double?
  /// The mean of the group's regret less the other's; nil without a common seed.
  public let mean: Double?
  /// Where the mean's 95 % interval by Student's t begins; nil for fewer than two seeds, like `upper`.
  public let lower: Double?
  /// Where it ends.
  public let upper: Double?
  /// Where the mean's 95 % bootstrap interval (BCa) begins; nil for fewer than ten seeds, like `bcaUpper`.
  public let bcaLower: Double?
  /// Where it ends.
  public let bcaUpper: Double?
  /// The p value of the t test; nil where there is no verdict, like the other p values.
  public let pValue: Double?
  /// The p value after Holm's correction for all differences of the table.
  public internal(set) var adjustedPValue: Double?
  /// The p value of the sign-flip test.
  public let signFlipPValue: Double?
  /// That value after Holm's correction.
  public internal(set) var adjustedSignFlipPValue: Double?
  /// What follows; see `judged`.
  public internal(set) var verdict: Verdict

  enum CodingKeys: String, CodingKey {
    case group, reference, seeds, correlation, mean, lower, upper, verdict
    case lessSeeds = "less_seeds"
    case moreSeeds = "more_seeds"
    case bcaLower = "bca_lower"
    case bcaUpper = "bca_upper"
    case pValue = "p"
    case adjustedPValue = "adjusted_p"
    case signFlipPValue = "sign_flip_p"
    case adjustedSignFlipPValue = "adjusted_sign_flip_p"
  }

  /// Fewer common seeds than these get no verdict.
  package static let leastSeeds = 5
  /// From here on the bootstrap's interval stands beside Student's.
  package static let leastBootstrapSeeds = 10
  private static let level = 0.05

  /// A difference that no other stands beside yet.
  ///
  /// - Parameters:
  ///   - pairs: the regrets of both groups under each common seed.
  ///   - isFair: whether the groups may get a verdict.
  ///   - resamples: of the bootstrap.
  init(
    _ group: String, against reference: String, pairs: [(seed: UInt64, value: Double, other: Double)],
    isFair: Bool = true, resamples: Int = 10_000
  ) {
    self.group = group
    self.reference = reference
    seeds = pairs.map(\.seed)
    let values = pairs.map { $0.value - $0.other }
    lessSeeds = values.count { $0 < 0 }
    moreSeeds = values.count { $0 > 0 }
    correlation = Correlation.pearson(pairs.map(\.value), pairs.map(\.other))
    mean = Spread(values)?.mean
    let student = values.count > 1 ? StudentT.interval(of: values) : nil
    lower = student.map { $0.mean - $0.halfWidth }
    upper = student.map { $0.mean + $0.halfWidth }
    let bca =
      values.count < Self.leastBootstrapSeeds
      ? nil
      : BootstrapInterval.ofMean(
        values, resamples: resamples, stream: RandomStream(seed: 0).child("bootstrap"))
    bcaLower = bca?.lowerBound
    bcaUpper = bca?.upperBound
    let isTested = isFair && values.count >= Self.leastSeeds
    pValue = isTested ? StudentT.pValue(of: values) : nil
    signFlipPValue = isTested ? SignFlipTest.pValue(of: values) : nil
    verdict = !isFair ? .freePlayDiffers : values.count < Self.leastSeeds ? .tooFewSeeds : .notToldApart
  }

  /// The differences of one table with corrected p values and verdicts.
  ///
  /// Better and worse are those of which both corrected p values are below 0.05. With few seeds, or many differences,
  /// the sign-flip test cannot come below it; there it agrees where all differences have one sign, the most it can
  /// say.
  static func judged(_ differences: [PairedDifference]) -> [PairedDifference] {
    var judged = differences
    let tested = differences.indices.filter { differences[$0].pValue != nil }
    let student = Holm.adjusted(tested.compactMap { differences[$0].pValue })
    let signFlip = Holm.adjusted(tested.compactMap { differences[$0].signFlipPValue })
    for (place, index) in tested.enumerated() {
      let difference = differences[index]
      let isOneSign = max(difference.lessSeeds, difference.moreSeeds) == difference.seeds.count
      judged[index].adjustedPValue = student[place]
      judged[index].adjustedSignFlipPValue = signFlip[place]
      if student[place] < level && (signFlip[place] < level || isOneSign) {
        judged[index].verdict = (difference.mean ?? 0) < 0 ? .better : .worse
      }
    }
    return judged
  }
}

import BanditNumerics

/// How much more expected regret one group of runs has than another, seed by seed.
///
/// Runs under one seed meet the same contexts and the same luck, so their differences vary less than the runs do.
public struct PairedDifference: Codable, Hashable, Sendable {
  /// What the seeds say.
  public enum Verdict: String, Codable, Hashable, Sendable {
    /// Less regret than the other group.
    case better
    /// More regret than the other group.
    case worse
    /// An interval holds 0, or there are too few seeds for one.
    case notToldApart = "not told apart"
    /// The groups had different numbers of free steps, and no verdict was asked for across that.
    case freePlayDiffers = "free play differs"
  }

  /// The group.
  public let group: String
  /// The group it is compared with.
  public let reference: String
  /// The seeds that both have.
  public let seeds: [UInt64]
  /// The mean of the group's regret less the other's; nil without a common seed.
  public let mean: Double?
  /// Where the 95 % bootstrap interval of the mean begins; nil for fewer than two seeds, like `upper`.
  public let lower: Double?
  /// Where it ends.
  public let upper: Double?
  /// Better or worse where the bootstrap interval and Student's agree that the mean is not 0.
  ///
  /// The bootstrap's alone would be too bold: with three seeds it leaves 0 out whenever all differences have one sign.
  public let verdict: Verdict

  init(
    _ group: String, against reference: String, differences: [(seed: UInt64, value: Double)],
    isFair: Bool = true
  ) {
    self.group = group
    self.reference = reference
    seeds = differences.map(\.seed)
    let values = differences.map(\.value)
    mean = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    guard values.count > 1 else {
      (lower, upper, verdict) = (nil, nil, isFair ? .notToldApart : .freePlayDiffers)
      return
    }
    let bootstrap = Self.interval(values)
    let student = StudentT.interval(of: values)
    (lower, upper) = (bootstrap.lowerBound, bootstrap.upperBound)
    if !isFair {
      verdict = .freePlayDiffers
    } else if bootstrap.upperBound < 0 && student.mean + student.halfWidth < 0 {
      verdict = .better
    } else if bootstrap.lowerBound > 0 && student.mean - student.halfWidth > 0 {
      verdict = .worse
    } else {
      verdict = .notToldApart
    }
  }

  /// The 95 % bootstrap interval of a mean, the same for the same values.
  package static func interval(_ values: [Double], resamples: Int = 10_000) -> ClosedRange<Double> {
    BootstrapInterval.ofMean(
      values, resamples: resamples, stream: RandomStream(seed: 0).child("bootstrap"))
  }
}

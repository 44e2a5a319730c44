import Foundation

/// How well samples of a predictive distribution foretell targets, in nats a point.
///
/// Both are means over the points of log-likelihoods under y ~ N(prediction, σ²). The report's equation 20 defines
/// `lppd`, but the numbers in its tables were computed as `gibbsLogLikelihood`, which is never greater (Jensen).
///
/// Both come from finitely many samples. Where predictions are far wider than σ, a point's mean likelihood is that of
/// the one or two samples nearest to it, and `lppd` is too low and differs from one set of samples to the next by far
/// more than any error computed from a single set says: `thinPoints` counts such points.
public struct PredictiveScore: Hashable, Sendable {
  /// The log pointwise predictive density: log of the mean over samples of the likelihood.
  ///
  /// Source: Gelman et al. 2013, §7.2; the report, equation 20.
  public let lppd: Double
  /// Its standard error by the samples, from leaving out one of up to twenty groups of them at a time (the
  /// jackknife); nil for one sample.
  public let lppdError: Double?
  /// The share of points of which fewer than `leastSamples` samples carry the likelihood: (Σ w)²/Σ w² over a point's
  /// likelihoods w.
  public let thinPoints: Double
  /// The mean over samples of the log-likelihood.
  public let gibbsLogLikelihood: Double
  /// Its standard error by the samples; nil for one sample.
  public let gibbsError: Double?

  /// The samples that a point's likelihood should rest on at least.
  public static let leastSamples = 10.0
  private static let mostGroups = 20

  /// Scores samples, a target a point.
  public init(_ samples: PredictiveSamples, targets: [Double], sigma: Double) {
    precondition(targets.count == samples.points && samples.samples > 0, "a target a point, and a sample")
    let constant = -0.5 * log(2 * .pi) - log(sigma)
    let count = samples.samples
    let points = Double(samples.points)
    let groups = min(Self.mostGroups, count)
    var lppd = 0.0
    var thin = 0
    var without = [Double](repeating: 0, count: groups)
    var meansBySample = [Double](repeating: 0, count: count)
    var logLikelihoods = [Double](repeating: 0, count: count)
    for point in 0..<samples.points {
      for sample in 0..<count {
        let error = (Double(samples.values[sample * samples.points + point]) - targets[point]) / sigma
        logLikelihoods[sample] = constant - 0.5 * error * error
        meansBySample[sample] += logLikelihoods[sample] / points
      }
      let sums = LogSums(logLikelihoods, groups: groups)
      lppd += (sums.all - log(Double(count))) / points
      if sums.effectiveCount < Self.leastSamples { thin += 1 }
      guard count > 1 else { continue }
      for group in 0..<groups {
        without[group] += (sums.without(group) - log(Double(count - sums.counts[group]))) / points
      }
    }
    self.lppd = lppd
    thinPoints = Double(thin) / points
    gibbsLogLikelihood = meansBySample.reduce(0, +) / Double(count)
    if count > 1 {
      lppdError = (Double(groups - 1) / Double(groups) * Self.squares(without)).squareRoot()
      gibbsError = (Self.squares(meansBySample) / Double(count - 1) / Double(count)).squareRoot()
    } else {
      (lppdError, gibbsError) = (nil, nil)
    }
  }

  /// The sum of squared distances from the mean.
  private static func squares(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
}

/// Logarithms of sums of numbers that are given by their logarithms: of all, and of all but a group.
private struct LogSums {
  /// Of all.
  let all: Double
  /// (Σ w)²/Σ w² over the numbers w.
  let effectiveCount: Double
  /// Numbers of each group: every so many belong together.
  let counts: [Int]
  private let groups: [Double]

  init(_ logarithms: [Double], groups count: Int) {
    var greatest = [Double](repeating: -.infinity, count: count)
    var counts = [Int](repeating: 0, count: count)
    for (index, value) in logarithms.enumerated() {
      greatest[index % count] = max(greatest[index % count], value)
      counts[index % count] += 1
    }
    let top = greatest.max() ?? 0
    var sums = [Double](repeating: 0, count: count)
    var squares = 0.0
    var sum = 0.0
    for (index, value) in logarithms.enumerated() {
      sums[index % count] += exp(value - greatest[index % count])
      let weight = exp(value - top)
      sum += weight
      squares += weight * weight
    }
    self.counts = counts
    groups = zip(greatest, sums).map { $0 + log($1) }
    effectiveCount = sum * sum / squares
    all = top + log(sum)
  }

  /// Of all numbers but those of a group.
  func without(_ group: Int) -> Double {
    var top = -Double.infinity
    for index in groups.indices where index != group { top = max(top, groups[index]) }
    var sum = 0.0
    for index in groups.indices where index != group { sum += exp(groups[index] - top) }
    return top + log(sum)
  }
}

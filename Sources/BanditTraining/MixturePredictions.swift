public import BanditCore
public import BanditLearning
import Foundation

/// Predictions of numbers at the same points by several networks: each a distribution, together their mixture.
///
/// Source: Lakshminarayanan, Pritzel & Blundell 2017, §2.4.
public struct MixturePredictions: Sendable {
  /// How members' variances become the mixture's.
  public enum Combination: String, SettingChoice {
    /// By the moments of a mixture.
    case moments
    /// As the practical's program: a Laplace member of scale b counts as 2 b where its variance is 2 b².
    case paper
  }

  /// The family of the members' distributions.
  public let likelihood: Likelihood
  /// The members' means.
  public private(set) var means: PredictiveSamples
  /// The members' variances.
  public private(set) var variances: PredictiveSamples

  /// Creates an empty table.
  public init(_ likelihood: Likelihood, points: Int) {
    self.likelihood = likelihood
    means = PredictiveSamples(points: points)
    variances = means
  }

  /// How many members there are.
  public var members: Int { means.samples }

  /// Adds a member's predictions of all points.
  public mutating func append(
    _ model: inout any SupervisedModel, _ examples: Examples, batch: inout Minibatch
  ) {
    var moments = [Float](repeating: 0, count: 2 * examples.count)
    var done = 0
    moments.withUnsafeMutableBufferPointer { moments in
      guard let base = moments.baseAddress else { return }
      model.forEachBlock(examples, draws: 1, batch: &batch) { outputs, rows in
        likelihood.moments(
          outputs, rows: rows, means: base + done, variances: base + examples.count + done)
        done += rows
      }
    }
    append(means: moments.prefix(examples.count), variances: moments.suffix(examples.count))
  }

  /// Adds a member's means and variances.
  public mutating func append(means: some Collection<Float>, variances: some Collection<Float>) {
    self.means.append(means)
    self.variances.append(variances)
  }

  /// The first members alone.
  public func first(_ count: Int) -> MixturePredictions {
    var result = self
    result.means = means.first(count)
    result.variances = variances.first(count)
    return result
  }

  /// A member alone.
  public func member(_ index: Int) -> MixturePredictions {
    var result = MixturePredictions(likelihood, points: means.points)
    result.append(
      means: means.sample(index).map { Float($0) }, variances: variances.sample(index).map { Float($0) })
    return result
  }

  /// The mean and the variance of the mixture at each point.
  public func moments(_ combination: Combination = .moments) -> [MixtureMoments] {
    precondition(members > 0, "a mixture has members")
    let count = Double(members)
    return means.means.enumerated().map { point, mean in
      var data = 0.0
      var knowledge = 0.0
      for member in 0..<members {
        let index = member * means.points + point
        data += own(Double(variances.values[index]), combination) / count
        let distance = Double(means.values[index]) - mean
        knowledge += distance * distance / count
      }
      return MixtureMoments(mean: mean, data: data, knowledge: knowledge)
    }
  }

  /// Minus the mean over points of the logarithm of the mixture's density, in nats.
  public func negativeLogLikelihood(_ targets: [Float]) -> Double {
    precondition(targets.count == means.points && members > 0, "a target a point, and a member")
    var total = 0.0
    var logs = [Double](repeating: 0, count: members)
    for (point, target) in targets.enumerated() {
      for member in 0..<members {
        let index = member * means.points + point
        logs[member] = logDensity(
          Double(target) - Double(means.values[index]), variance: Double(variances.values[index]))
      }
      let greatest = logs.max() ?? 0
      total -= greatest + log(logs.reduce(0) { $0 + exp($1 - greatest) } / Double(members))
    }
    return total / Double(targets.count)
  }

  private var isLaplace: Bool {
    switch likelihood {
    case .laplace, .laplaceMeanScale, .absoluteError: true
    default: false
    }
  }

  private func logDensity(_ error: Double, variance: Double) -> Double {
    guard isLaplace else { return -0.5 * (log(2 * .pi * variance) + error * error / variance) }
    let scale = (variance / 2).squareRoot()
    return -log(2 * scale) - abs(error) / scale
  }

  /// A member's variance as it enters a combination.
  private func own(_ variance: Double, _ combination: Combination) -> Double {
    isLaplace && combination == .paper ? (2 * variance).squareRoot() : variance
  }
}

/// The mean of a prediction and the two parts of its variance.
public struct MixtureMoments: Hashable, Sendable {
  /// The mean of the members' means.
  public let mean: Double
  /// The mean of the members' variances: noise in the data.
  public let data: Double
  /// The variance of the members' means: what they disagree about.
  public let knowledge: Double
  /// The whole variance: mean(v + m²) − m̄².
  public var variance: Double { data + knowledge }
  /// The standard deviation.
  public var deviation: Double { variance.squareRoot() }
}

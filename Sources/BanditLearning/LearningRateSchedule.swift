import Foundation

/// How the learning rate changes with the steps, as a factor of its first value.
///
/// Every shape can be preceded by a warm-up, in which the factor rises linearly from 1/(warm-up + 1).
///
/// *Deviations*: cosine has no restarts (Loshchilov & Hutter 2017 add them); after the last step the factor stays.
public struct LearningRateSchedule: Codable, Hashable, Sendable {
  /// The curve.
  public enum Shape: String, CaseIterable, Codable, Hashable, Sendable {
    /// 1 for ever.
    case constant
    /// `factor` once more after every `every` steps.
    case step
    /// The same decay, spread evenly: factor^(step/every).
    case exponential
    /// Half a cosine from 1 to 0 over `total` steps.
    case cosine
    /// A line from 1 to 0 over `total` steps.
    case linear
  }

  /// The curve.
  public var shape: Shape
  /// Steps between decays, for `step` and `exponential`.
  public var every: Int
  /// The decay, for `step` and `exponential`.
  public var factor: Double
  /// The length, for `cosine` and `linear`.
  public var total: Int
  /// Steps of warm-up.
  public var warmup: Int

  /// Creates a schedule; lengths are at least one step.
  public init(_ shape: Shape, every: Int = 1, factor: Double = 1, total: Int = 1, warmup: Int = 0) {
    precondition(every > 0 && total > 0 && warmup >= 0, "a schedule's lengths are positive")
    self.shape = shape
    self.every = every
    self.factor = factor
    self.total = total
    self.warmup = warmup
  }

  /// The factor at a step, counted from 0.
  public func factor(at step: Int) -> Double {
    let rise = step < warmup ? Double(step + 1) / Double(warmup + 1) : 1
    let progress = min(1, Double(step) / Double(total))
    switch shape {
    case .constant: return rise
    case .step: return rise * pow(factor, Double(step / every))
    case .exponential: return rise * pow(factor, Double(step) / Double(every))
    case .cosine: return rise * 0.5 * (1 + cos(.pi * progress))
    case .linear: return rise * (1 - progress)
    }
  }
}

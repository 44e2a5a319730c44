import Foundation

/// How the learning rate changes with the steps, as a factor of its first value.
///
/// Every shape can be preceded by a warm-up, in which the factor rises linearly from 1/(warm-up + 1). The shape begins,
/// at a factor of 1, with the step after it; `cosine` and `linear` end at `total` all the same, and run over the
/// steps that the warm-up leaves.
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
    /// Half a cosine from 1 to 0, which it reaches at step `total`.
    case cosine
    /// A line from 1 to 0, which it reaches at step `total`.
    case linear
  }

  /// The curve.
  public var shape: Shape
  /// Steps between decays, for `step` and `exponential`.
  public var every: Int
  /// The decay, for `step` and `exponential`.
  public var factor: Double
  /// The length with the warm-up, for `cosine` and `linear`.
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
    if step < warmup { return Double(step + 1) / Double(warmup + 1) }
    let step = step - warmup
    let progress = min(1, Double(step) / Double(max(1, total - warmup)))
    switch shape {
    case .constant: return 1
    case .step: return pow(factor, Double(step / every))
    case .exponential: return pow(factor, Double(step) / Double(every))
    case .cosine: return 0.5 * (1 + cos(.pi * progress))
    case .linear: return 1 - progress
    }
  }
}

public import BanditCore

/// How an agent that acts by random draws estimates the propensities of its decisions.
public struct PropensitySettings: SettingGroup {
  /// Further draws for each decision; 0 for no estimate.
  public var propensityDraws = 0

  /// More would be a slip of the hand.
  private static let mostDraws = 1_000_000

  /// No estimate.
  public init() {}

  /// A line on each setting, by key.
  public static let help = [
    "propensityDraws": "further draws that a decision's propensity is estimated from; 0 for no estimate"
  ]

  /// The same settings, checked; throws a `ConfigurationError` for one out of range.
  public func validated() throws(ConfigurationError) -> PropensitySettings {
    try ConfigurationError.require(
      (0...Self.mostDraws).contains(propensityDraws), key: "propensityDraws", given: propensityDraws,
      allowed: "0 (no estimate) to \(Self.mostDraws)")
    return self
  }

  /// The share of draws that agree with a decision for `action`, its own among them; nil without further draws.
  ///
  /// - `values`: draws the actions' values anew, from a stream that the decisions do not use, so that they are
  ///   the same with and without an estimate.
  public func estimate(of action: Int, drawing values: () throws -> [Double]) rethrows -> Double? {
    guard propensityDraws > 0 else { return nil }
    var agreeing = 1.0
    for _ in 0..<propensityDraws { agreeing += greedyShare(try values(), of: action) }
    return agreeing / Double(propensityDraws + 1)
  }
}

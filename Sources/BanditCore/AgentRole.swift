/// What part an agent takes in comparisons.
public enum AgentRole: String, Codable, Hashable, Sendable {
  /// It learns, and is compared with others.
  case contender
  /// It learns nothing: contenders are compared with it only on request, and it may well stay with one action.
  case baseline
  /// It is told the truth: the end of the scale, never a rival.
  case calibration
}

/// A policy that learns nothing, as a line beside an agent's regret.
public struct ReferenceLine: Codable, Hashable, Sendable {
  /// What the policy is, such as `epsilon=0.05 alone`.
  public var name: String
  /// Its expected regret as a share of a uniformly random policy's, 0 or more.
  public var shareOfUniform: Double

  enum CodingKeys: String, CodingKey {
    case name
    case shareOfUniform = "share_of_uniform"
  }

  /// Creates a line.
  public init(name: String, shareOfUniform: Double) {
    self.name = name
    self.shareOfUniform = shareOfUniform
  }
}

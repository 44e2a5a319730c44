public import BanditNumerics

/// Replay: a learning policy is offered logged steps in turn, and plays those at which it takes the logged action; the
/// others are passed over.
///
/// On a log of uniformly random actions its history is that of online play, and the mean reward of the matched steps
/// is its value over as many steps.
///
/// Where propensities differ, a match is kept with the chance of the smallest one divided by its own, after which all
/// actions are kept equally often.
///
/// Source: Li, Chu, Langford & Wang 2011, Unbiased Offline Evaluation of Contextual-bandit-based News Article
/// Recommendation Algorithms, algorithm 2.
public struct ReplayMatching: Codable, Sendable {
  /// The smallest propensity of the log.
  public let smallestPropensity: Double
  /// Steps offered so far.
  public private(set) var offered = 0
  /// Steps matched and kept so far.
  public private(set) var matched = 0
  private var keeping: RandomStream

  /// Creates a matching; `smallestPropensity` is above 0.
  public init(smallestPropensity: Double, stream: RandomStream) {
    precondition(smallestPropensity > 0, "a propensity is above 0")
    self.smallestPropensity = smallestPropensity
    keeping = stream
  }

  /// Whether a step is played by a policy that takes `action` there.
  public mutating func isPlayed(_ action: Int, logged: Int, propensity: Double) -> Bool {
    offered += 1
    guard action == logged else { return false }
    // Uniform logs draw nothing.
    let isKept = propensity <= smallestPropensity || keeping.bernoulli(smallestPropensity / propensity)
    if isKept { matched += 1 }
    return isKept
  }
}

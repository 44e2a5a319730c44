import BanditCore
import BanditNumerics

/// Rewards that are linear in a normal context, with noise that grows with the action's number.
///
/// What `linear` and `sparse-linear` play.
struct LinearTask: Sendable {
  let spec: TaskSpec
  private(set) var scores: LinearScores
  /// Draws contexts and luck.
  var stream: RandomStream
  private let noise: Double
  private var luck = 0.0

  /// Settings that all linear tasks have.
  struct Size {
    var features: Int
    var actions: Int
    var noise: Double
  }

  init(_ size: Size, nonZero: Int? = nil, stream: RandomStream) throws(ConfigurationError) {
    try ConfigurationError.require(
      (1...10_000).contains(size.features), key: "features", given: size.features, allowed: "1 to 10000")
    try ConfigurationError.require(
      (2...256).contains(size.actions), key: "actions", given: size.actions, allowed: "2 to 256")
    try ConfigurationError.require(
      (0...1_000).contains(size.noise), key: "noise", given: size.noise, allowed: "0 to 1000")
    if let nonZero {
      try ConfigurationError.require(
        (1...size.features).contains(nonZero), key: "nonZero", given: nonZero,
        allowed: "1 to features (\(size.features))")
    }
    spec = .arms(size.actions, features: size.features)
    scores = LinearScores(features: size.features, actions: size.actions, nonZero: nonZero, stream: stream)
    noise = size.noise
    self.stream = stream
  }

  /// Draws a context and the luck of the step, whatever will be done.
  mutating func observe(into observation: inout Observation) {
    observation.drawNormals(from: &stream)
    luck = stream.normal()
    scores.score(observation.features)
  }

  /// The rewards without noise.
  var audit: Audit { Audit(expectedRewards: scores.values) }

  /// Pays an action's reward with its noise.
  func step(_ action: Int) -> Outcome {
    precondition((0..<spec.actionCount).contains(action), "an action is one of the \(spec.actionCount) arms")
    return Outcome(
      reward: scores.values[action] + noise * Double(action + 1) * luck,
      counts: [audit.bestAction == action ? 1 : 0])
  }
}

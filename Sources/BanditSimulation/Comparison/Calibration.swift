import BanditCore
import BanditNumerics

/// What policies that learn nothing come to over the contexts of a run: cumulative expected regrets.
///
/// The contexts are played through again. They are taken not to depend on the actions, as in every bandit.
struct Calibration: Sendable {
  /// The names of the actions.
  let actionNames: [String]
  /// The steps, ascending.
  let steps: [Int]
  /// A uniformly random policy's, a step each.
  let uniform: [Double]
  /// Those of always the same action: an array of steps for each action.
  let constant: [[Double]]

  /// Plays the environment of a run through to the last of some steps.
  init(_ settings: RunSettings, at steps: [Int], registry: Registry) throws {
    var environment = try registry.environment(named: settings.environment)
      .make(settings.environmentSettings, stream: RandomStream(seed: settings.seed).child("environment"))
    let spec = environment.spec
    var observation = Observation(spec)
    var uniform = 0.0
    var constant = [Double](repeating: 0, count: spec.actionCount)
    var kept: (uniform: [Double], constant: [[Double]]) = ([], constant.map { _ in [] })
    let wanted = Set(steps)
    for step in 1...max(1, steps.max() ?? 1) {
      try environment.observe(into: &observation)
      let audit = try environment.step(0).audit
      let best = audit.bestExpectedReward
      uniform += best - audit.uniformExpectedReward
      for action in constant.indices { constant[action] += best - audit.expectedRewards[action] }
      guard wanted.contains(step) else { continue }
      kept.uniform.append(uniform)
      for action in constant.indices { kept.constant[action].append(constant[action]) }
    }
    actionNames = spec.actionNames
    self.steps = wanted.sorted()
    self.uniform = kept.uniform
    self.constant = kept.constant
  }

  /// A uniformly random policy's at one of the steps.
  func uniform(at step: Int) -> Double? { steps.firstIndex(of: step).map { uniform[$0] } }
}

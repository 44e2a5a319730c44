package import BanditCore
package import BanditNumerics

/// Plays a synthetic task; rewards are linear in the context, with uniform noise.
package struct SyntheticEnvironment: Environment, Checkpointable {
  package struct Configuration: ComponentConfiguration {
    package var task = SyntheticTask.dense

    package init() {}
  }

  package static let name = "synthetic"

  package let spec: TaskSpec
  private var stream: RandomStream
  private var steps = 0
  private var expectedRewards: [Double] = []
  private var available: [Bool]?
  private var luck = 0.0

  package init(configuration: Configuration, stream: RandomStream) {
    spec = configuration.task.spec
    self.stream = stream
  }

  package mutating func observe(into observation: inout Observation) {
    // The first row is empty, or all zero: the one most often forgotten.
    switch spec.encoding {
    case .dense:
      for index in observation.features.indices {
        observation.features[index] = steps == 0 ? 0 : Float(stream.uniform(from: -2, to: 2))
      }
    case .oneHot(let maximumActive):
      drawActive(steps % (maximumActive + 1), into: &observation.activeIndices)
    }
    drawActions(into: &observation)
    steps += 1
    luck = stream.uniform(from: -1, to: 1)
    expectedRewards = (0..<spec.actionCount).map { expectedReward(of: $0, in: observation) }
  }

  package func audit() -> Audit { Audit(expectedRewards: expectedRewards, available: available) }

  package mutating func step(_ action: Int) -> Outcome {
    Outcome(
      reward: expectedRewards[action] + luck,
      counts: spec.counters.map { _ in expectedRewards[action] == expectedRewards.max() ? 1 : 0 })
  }

  package struct State: Codable, Sendable {
    let stream: RandomStream
    let steps: Int
  }

  package var state: State { State(stream: stream, steps: steps) }

  package mutating func restore(_ state: State) { (stream, steps) = (state.stream, state.steps) }

  /// Stops a copy from meeting the contexts of the original.
  mutating func divert() { stream = stream.child("diverted") }

  /// Draws features of actions, and takes one to three actions away, where the task has such.
  private mutating func drawActions(into observation: inout Observation) {
    for index in (observation.actionFeatures ?? []).indices {
      observation.actionFeatures?[index] = Float(stream.uniform(from: -2, to: 2))
    }
    if spec.limitsActions {
      let kept = stream.integer(below: spec.actionCount)
      observation.availableActions = (0..<spec.actionCount).map {
        $0 == kept || ($0 + steps) % spec.actionCount < steps % 3
      }
    }
    available = observation.availableActions
  }

  /// Draws `count` columns without replacement, in ascending order (Knuth's selection sampling).
  private mutating func drawActive(_ count: Int, into indices: inout [Int32]) {
    indices.removeAll(keepingCapacity: true)
    for column in 0..<spec.featureCount where indices.count < count {
      if stream.integer(below: spec.featureCount - column) < count - indices.count {
        indices.append(Int32(column))
      }
    }
  }

  private func expectedReward(of action: Int, in observation: Observation) -> Double {
    func weight(_ column: Int) -> Double { Double((column + action) % 3 - 1) }
    let own = spec.actionFeatureCount.map { count in
      (0..<count).reduce(0.0) { $0 + Double(observation.actionFeatures?[action * count + $1] ?? 0) }
    }
    let dense =
      (own ?? 0)
      + observation.features.enumerated().reduce(0) {
        $0 + weight($1.offset) * Double($1.element)
      }
    return observation.activeIndices.reduce(dense) { $0 + weight(Int($1)) }
  }
}

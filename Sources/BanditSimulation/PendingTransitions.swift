import BanditCore
import BanditNumerics

/// Steps whose rewards have not arrived yet, in the order of the steps.
struct PendingTransitions: Sendable {
  private struct Pending: Sendable {
    let transition: Transition
    let arrival: Int
  }

  private var steps: [Pending] = []
  /// The earliest arrival; nil where nothing is waited for.
  private var next: Int?

  /// Keeps a step.
  ///
  /// - Parameter arrives: the number of steps played before the one at whose end the reward is there.
  mutating func add(_ transition: Transition, arrives: Int) {
    steps.append(Pending(transition: transition, arrival: arrives))
    next = min(next ?? arrives, arrives)
  }

  /// Takes out what has arrived, in the order of arrivals, then of steps.
  mutating func take(until now: Int) -> [Transition] {
    guard let next, next <= now else { return [] }
    // Sorting is stable; no step comes late, but some may come together.
    let arrived = steps.filter { $0.arrival <= now }.sorted { $0.arrival < $1.arrival }
    steps.removeAll { $0.arrival <= now }
    self.next = steps.map(\.arrival).min()
    return arrived.map(\.transition)
  }

  /// Throws unless these steps, which come from a file, can be those of a task.
  func check(_ spec: TaskSpec) throws(StateError) {
    for pending in steps {
      let (observation, decision) = (pending.transition.observation, pending.transition.decision)
      var fits = (0..<spec.actionCount).contains(decision.action) && pending.transition.reward.isFinite
      switch spec.encoding {
      case .dense:
        fits = fits && observation.features.count == spec.featureCount && observation.activeIndices.isEmpty
      case .oneHot(let active):
        let indices = observation.activeIndices
        fits =
          fits && indices.count <= active && indices.allSatisfy((0..<Int32(spec.featureCount)).contains)
          && zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 } && observation.features.isEmpty
      }
      try StateError.require(
        fits && observation.encoding == spec.encoding, "pending", "are no steps of this task")
      try StateError.require(count: pending.arrival, "pending.arrival")
    }
  }
}

extension PendingTransitions: Codable {
  /// All steps, array by array.
  private struct Stored: Codable {
    /// The most active columns of a one-hot observation; nil for dense ones.
    var maximumActive: Int?
    @StoredArray var features: [Float] = []
    @StoredArray var featureCounts: [Int32] = []
    @StoredArray var indices: [Int32] = []
    @StoredArray var indexCounts: [Int32] = []
    @StoredArray var actions: [Int32] = []
    /// 0 for an action without one.
    @StoredArray var propensities: [Double] = []
    @StoredArray var rewards: [Double] = []
    @StoredArray var arrivals: [UInt64] = []
  }

  /// Writes the steps as a few arrays.
  func encode(to encoder: any Encoder) throws {
    var stored = Stored()
    for pending in steps {
      let observation = pending.transition.observation
      if case .oneHot(let active) = observation.encoding { stored.maximumActive = active }
      stored.features += observation.features
      stored.featureCounts.append(Int32(observation.features.count))
      stored.indices += observation.activeIndices
      stored.indexCounts.append(Int32(observation.activeIndices.count))
      stored.actions.append(Int32(pending.transition.decision.action))
      stored.propensities.append(pending.transition.decision.propensity ?? 0)
      stored.rewards.append(pending.transition.reward)
      stored.arrivals.append(UInt64(pending.arrival))
    }
    try stored.encode(to: encoder)
  }

  /// Reads the steps; `check` tells whether they are those of a task.
  init(from decoder: any Decoder) throws {
    let stored = try Stored(from: decoder)
    let count = stored.actions.count
    func total(_ counts: [Int32]) -> Int? {
      counts.count == count && counts.allSatisfy { $0 >= 0 } ? counts.reduce(0) { $0 + Int($1) } : nil
    }
    guard total(stored.featureCounts) == stored.features.count,
      total(stored.indexCounts) == stored.indices.count, stored.propensities.count == count,
      stored.rewards.count == count, stored.arrivals.count == count,
      stored.arrivals.allSatisfy({ $0 <= UInt64(Int.max) })
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "arrays of different lengths"))
    }
    var (feature, index) = (0, 0)
    for step in 0..<count {
      let features = stored.features[feature..<(feature + Int(stored.featureCounts[step]))]
      let indices = stored.indices[index..<(index + Int(stored.indexCounts[step]))]
      (feature, index) = (features.endIndex, indices.endIndex)
      let propensity = stored.propensities[step]
      add(
        Transition(
          observation: Observation(
            encoding: stored.maximumActive.map { .oneHot(maximumActive: $0) } ?? .dense,
            features: Array(features), activeIndices: Array(indices)),
          decision: Decision(
            action: Int(stored.actions[step]), propensity: propensity > 0 ? propensity : nil),
          reward: stored.rewards[step]),
        arrives: Int(stored.arrivals[step]))
    }
  }
}

import BanditCore

/// What is asked for and what is there instead.
typealias Fault = (expected: String, found: String)

extension TaskSpec {
  /// Names that settings or the log cannot take.
  var nameFaults: [Fault] {
    let names = counters.map(\.name)
    return [
      actionNames.firstRepeated.map { ("different names of actions", "'\($0)' twice") },
      names.firstRepeated.map { ("different names of counters", "'\($0)' twice") },
      names.first { $0.wholeMatch(of: /[a-z][a-z0-9_]*/) == nil }.map {
        ("counters in lower case with underscores", "'\($0)'")
      },
      names.first { Self.ownColumns.contains($0) }.map {
        ("counters that are no columns of every log", "'\($0)'")
      },
    ]
    .compactMap { $0 }
  }
}

extension Observation {
  /// How this differs from what the specification promises.
  func fault(under spec: TaskSpec) -> Fault? {
    guard encoding == spec.encoding else {
      return ("an observation in \(spec.encoding)", "one in \(encoding)")
    }
    let rows = spec.actionFeatureCount.map { $0 * spec.actionCount }
    if actionFeatures?.count != rows || !(actionFeatures ?? []).allSatisfy(\.isFinite) {
      return ("\(rows ?? 0) finite features of actions", "\(actionFeatures ?? [])")
    }
    let available = spec.limitsActions ? spec.actionCount : nil
    if availableActions?.count != available || !(availableActions?.contains(true) ?? true) {
      return ("\(available ?? 0) actions that are there or not, one at least", "\(availableActions ?? [])")
    }
    switch spec.encoding {
    case .dense:
      if features.count != spec.featureCount { return ("\(spec.featureCount) features", "\(features.count)") }
      if !activeIndices.isEmpty { return ("no active columns", "\(activeIndices)") }
      if !features.allSatisfy(\.isFinite) { return ("finite features", "\(features)") }
    case .oneHot(let maximumActive):
      if !features.isEmpty { return ("no features", "\(features)") }
      if activeIndices.count > maximumActive {
        return ("at most \(maximumActive) active columns", "\(activeIndices.count)")
      }
      let columns = 0..<Int32(spec.featureCount)
      if let column = activeIndices.first(where: { !columns.contains($0) }) {
        return ("active columns in \(columns)", "\(column)")
      }
      if !zip(activeIndices, activeIndices.dropFirst()).allSatisfy({ $0 < $1 }) {
        return ("ascending columns, each once", "\(activeIndices)")
      }
    }
    return nil
  }
}

extension EnvironmentPlay.Record {
  /// How the outcome and the truth differ from what the specification promises.
  var fault: Fault? {
    if let delay, delay < 0 { return ("a delay of 0 or more steps", "\(delay)") }
    if !outcome.reward.isFinite { return ("a finite reward", "\(outcome.reward)") }
    if audit.expectedRewards.count != spec.actionCount {
      return ("\(spec.actionCount) expected rewards", "\(audit.expectedRewards.count)")
    }
    if outcome.counts.count != spec.counters.count {
      return ("\(spec.counters.count) counts", "\(outcome.counts.count)")
    }
    if !(audit.expectedRewards + outcome.counts).allSatisfy(\.isFinite) {
      return ("finite expected rewards and counts", "\(audit.expectedRewards), \(outcome.counts)")
    }
    return nil
  }
}

extension [String] {
  fileprivate var firstRepeated: String? {
    var seen: Set<String> = []
    return first { !seen.insert($0).inserted }
  }
}

public import BanditCore
import BanditNumerics

/// Runs of one task that differ in nothing but the seed.
public struct RunGroup: Sendable {
  /// The agent, and what sets it apart from the other groups of its task.
  public let name: String
  /// In the order of their seeds.
  public let runs: [RecordedRun]

  /// What part the agent takes.
  public let role: AgentRole
  /// Lines beside the agent's regret.
  let referenceLines: [ReferenceLine]

  /// Steps of random play that the agents were shown and no regret counts.
  public var prefillSteps: Int { runs[0].prefillSteps }

  /// The mean expected regret that these steps would have had; nil where a run does not say.
  public var prefillExpectedRegret: Double? {
    if prefillSteps == 0 { return 0 }
    let values = runs.compactMap { $0.summary?.prefillExpectedRegret }
    return values.count == runs.count ? Spread(values)?.mean : nil
  }

  /// A quantity over the steps that all runs of the group have played: the mean, and the ends of its 95 % interval
  /// over the seeds, which are not there for a single run; nil where no run has the quantity.
  ///
  /// An interval of expected regret does not go below 0.
  public func mean(of column: String) -> (steps: [Double], mean: [Double], lower: [Double], upper: [Double])?
  {
    let curves = runs.compactMap { run in
      run[column].map { values in
        Dictionary(uniqueKeysWithValues: zip(run.steps, values).filter { !$0.1.isNaN })
      }
    }
    guard curves.count == runs.count else { return nil }
    let steps = runs[0].steps.filter { step in curves.allSatisfy { $0[step] != nil } }
    let intervals = steps.map { step in StudentT.interval(of: curves.compactMap { $0[step] }) }
    let least = column == RecordedRun.expectedRegret ? 0 : -Double.infinity
    return (
      steps.map(Double.init), intervals.map(\.mean), intervals.map { max(least, $0.mean - $0.halfWidth) },
      intervals.map { $0.mean + $0.halfWidth }
    )
  }

  /// The group against another at a step that all runs were read at; the difference stands alone yet.
  func difference(from other: RunGroup, at step: Int, acrossFreePlay: Bool) -> PairedDifference {
    PairedDifference(
      name, against: other.name, pairs: pairs(with: other, at: step),
      isFair: acrossFreePlay || prefillSteps == other.prefillSteps)
  }

  /// How much more expected regret the group has than another, at the steps that all common seeds were read at.
  public func difference(from other: RunGroup) -> DifferenceCurve {
    let others = Set(other.runs.map(\.settings.seed))
    let common = runs.filter { others.contains($0.settings.seed) }
    var curve = DifferenceCurve(seeds: common.map(\.settings.seed))
    for step in common.first?.steps ?? [] {
      let pairs = pairs(with: other, at: step)
      if pairs.count == common.count { curve.append(pairs.map { $0.value - $0.other }, at: step) }
    }
    return curve
  }

  /// The expected regrets of each common seed here and in another group, in the order of the seeds.
  package func pairs(with other: RunGroup, at step: Int) -> [(seed: UInt64, value: Double, other: Double)] {
    runs.compactMap { run in
      guard let twin = other.runs.first(where: { $0.settings.seed == run.settings.seed }),
        let mine = run.value(RecordedRun.expectedRegret, at: step),
        let theirs = twin.value(RecordedRun.expectedRegret, at: step)
      else { return nil }
      return (run.settings.seed, mine, theirs)
    }
  }
}

/// Differences of regrets over the steps, seed by seed.
public struct DifferenceCurve: Sendable {
  /// The seeds that both groups have.
  public let seeds: [UInt64]
  /// The steps.
  public private(set) var steps: [Double] = []
  /// The mean over the seeds at each step.
  public private(set) var mean: [Double] = []
  /// Where its 95 % interval by Student's t begins; infinite for a single seed.
  public private(set) var lower: [Double] = []
  /// Where it ends.
  public private(set) var upper: [Double] = []
  /// The differences of each seed.
  public private(set) var singles: [[Double]]

  fileprivate init(seeds: [UInt64]) {
    self.seeds = seeds
    singles = seeds.map { _ in [] }
  }

  fileprivate mutating func append(_ values: [Double], at step: Int) {
    let interval = StudentT.interval(of: values)
    steps.append(Double(step))
    mean.append(interval.mean)
    lower.append(interval.mean - interval.halfWidth)
    upper.append(interval.mean + interval.halfWidth)
    for (index, value) in values.enumerated() { singles[index].append(value) }
  }
}

public import BanditCore
import BanditNumerics

/// Runs that differ in nothing but the seed.
public struct RunGroup: Sendable {
  /// The agent, and what sets it apart from the other groups.
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

  /// Puts runs together, in the order of each group's first.
  ///
  /// A setting that a run of an earlier version lacks has its default; one that was spelled differently is understood.
  ///
  /// - Parameter registry: has the agents and environments, for defaults and for what earlier versions did not write.
  /// - Throws: `ConfigurationError` where two runs are the same.
  public static func groups(
    of runs: [RecordedRun], registry: Registry
  ) throws(ConfigurationError) -> [RunGroup] {
    var order: [RunSettings] = []
    var members: [RunSettings: [RecordedRun]] = [:]
    for run in runs {
      var run = run
      run.settings = try completed(run.settings, registry)
      var key = run.settings
      key.seed = 0
      if members[key] == nil { order.append(key) }
      if let twin = members[key]?.first(where: { $0.settings.seed == run.settings.seed }) {
        throw ConfigurationError(
          key: "run", given: run.path, allowed: "each run once; \(twin.path) has the same settings and seed")
      }
      members[key, default: []].append(run)
    }
    return try order.map { key throws(ConfigurationError) in
      let runs = (members[key] ?? []).sorted { $0.settings.seed < $1.settings.seed }
      let agent = registry.agents.first { $0.name == key.agent }
      return RunGroup(
        name: try name(of: key, among: order, registry), runs: runs,
        role: runs[0].about?.role ?? agent?.role ?? .contender,
        referenceLines: runs[0].about?.referenceLines ?? agent?.referenceLines(of: key) ?? [])
    }
  }

  /// The agent's name with the settings in which its groups differ; a lone group has those that are not the defaults.
  private static func name(
    of settings: RunSettings, among all: [RunSettings], _ registry: Registry
  ) throws(ConfigurationError) -> String {
    let peers = all.filter { $0.agent == settings.agent && $0.environment == settings.environment }
    let agent = try registry.agents.first { $0.name == settings.agent }
      .map { type throws(ConfigurationError) in try completed([:], of: type) }
    let environment = try registry.environments.first { $0.name == settings.environment }
      .map { type throws(ConfigurationError) in try completed([:], of: type) }
    var words = [settings.agent]
    words += differences(settings, \.agentSettings, peers: peers, defaults: agent)
    words += differences(settings, \.environmentSettings, peers: peers, defaults: environment)
    if Set(peers.map(\.steps)).count > 1 { words.append("steps=\(settings.steps)") }
    if Set(all.map(\.environment)).count > 1 { words.append("environment=\(settings.environment)") }
    return words.joined(separator: " ")
  }

  /// Settings as this version has them, with the defaults of those that are missing.
  private static func completed(
    _ settings: RunSettings, _ registry: Registry
  ) throws(ConfigurationError) -> RunSettings {
    var result = settings
    if let agent = registry.agents.first(where: { $0.name == settings.agent }) {
      result.agentSettings = try completed(settings.agentSettings, of: agent)
    }
    if let environment = registry.environments.first(where: { $0.name == settings.environment }) {
      result.environmentSettings = try completed(settings.environmentSettings, of: environment)
    }
    return result
  }

  private static func completed<C: Component>(
    _ values: [String: SettingValue], of component: C.Type
  ) throws(ConfigurationError) -> [String: SettingValue] {
    var result = values
    for setting in try Settings.list(C.Configuration()) {
      // A value that is not taken any more is left as it was recorded.
      let value = values[setting.key].map { (try? setting.reading($0)) ?? $0 } ?? setting.value
      result[setting.key] = value.asRecorded
    }
    return result
  }

  private static func differences(
    _ settings: RunSettings, _ values: KeyPath<RunSettings, [String: SettingValue]>, peers: [RunSettings],
    defaults: [String: SettingValue]?
  ) -> [String] {
    let others = peers.count > 1 ? peers.map { $0[keyPath: values] } : defaults.map { [$0] } ?? []
    return settings[keyPath: values].sorted { $0.key < $1.key }.compactMap { key, value in
      others.contains { $0[key].map { !$0.isSame(as: value) } ?? true } ? "\(key)=\(value)" : nil
    }
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

  /// How much more expected regret the group has than another at each step that both were read at: the mean over common
  /// seeds, and the ends of its 95 % interval by Student's t, which are not there for a single seed.
  public func difference(
    from other: RunGroup
  ) -> (steps: [Double], mean: [Double], lower: [Double], upper: [Double]) {
    let points = runs[0].steps.compactMap { step -> (step: Double, mean: Double, halfWidth: Double)? in
      let values = pairs(with: other, at: step).map { $0.value - $0.other }
      guard !values.isEmpty else { return nil }
      let interval = StudentT.interval(of: values)
      return (Double(step), interval.mean, interval.halfWidth)
    }
    return (
      points.map(\.step), points.map(\.mean), points.map { $0.mean - $0.halfWidth },
      points.map { $0.mean + $0.halfWidth }
    )
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

extension SettingValue {
  /// The value as a manifest gives it back: JSON has no difference between 1 and 1.0.
  fileprivate var asRecorded: SettingValue {
    switch self {
    case .number(let value): Int(exactly: value).map { .integer($0) } ?? self
    case .list(let values): .list(values.map(\.asRecorded))
    default: self
    }
  }
}

extension Agent {
  /// The lines beside a run of an earlier version, whose manifest does not have them.
  fileprivate static func referenceLines(of settings: RunSettings) -> [ReferenceLine] {
    (try? Settings.applying(settings.agentSettings, to: Configuration())).map { referenceLines($0) } ?? []
  }
}

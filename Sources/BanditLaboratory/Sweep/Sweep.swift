package import BanditCore
package import BanditSimulation

/// All runs of a sweep, and what sets each apart.
package struct Sweep: Sendable {
  /// An agent with its settings in an environment with its settings, under every seed.
  package struct Setting: Sendable {
    /// The settings, with the first seed.
    package let run: RunSettings
    /// The folder's name of its runs, without the seed.
    package let folder: String
    /// The agent, and what sets it apart from the others of the sweep.
    package internal(set) var name = ""
    /// The environment, and what sets it apart from the others of the sweep.
    package internal(set) var task = ""
    /// The values of those settings in which agents or environments of the sweep differ, by key.
    package internal(set) var axes: [String: SettingValue] = [:]
  }

  /// A run.
  package struct Run: Sendable {
    /// The index of its setting.
    package let setting: Int
    /// What decides its numbers.
    package let settings: RunSettings
    /// The name of its folder.
    package let name: String
  }

  /// In the order of the file: environments, then agents.
  package let settings: [Setting]
  /// The runs of the first seed, then of the second, and so on.
  package let runs: [Run]
  /// Steps of each run.
  package let steps: Int
  /// The factor of successive halving; nil where every run is played to its end.
  package let halving: Int?

  /// The most runs of one sweep.
  private static let mostRuns = 1_000_000

  /// Puts every agent with all its values into every environment with all its values.
  ///
  /// A setting for all agents is set where an agent has it; runs that come out the same are one.
  ///
  /// - Throws: `ConfigurationError` for names that do not exist, settings that no agent or environment of the sweep has,
  ///   values of another kind, exclusions that leave nothing out, and too many runs.
  package init(_ file: SweepFile, registry: Registry) throws {
    try Self.requireUse(of: file, registry)
    let environments = try file.environments.flatMap { entry in
      try Self.variants(
        entry, common: file.environmentAxes, keys: Self.keys(of: registry.environment(named: entry.name)))
    }
    let agents = try file.agents.flatMap { entry in
      try Self.variants(entry, common: file.agentAxes, keys: Self.keys(of: registry.agent(named: entry.name)))
    }
    try Self.requireRoom(environments.count, agents.count, file.seeds.count)
    var settings: [Setting] = []
    var known: Set<RunSettings> = []
    for environment in environments {
      for agent in agents {
        var request = RunRequest()
        (request.agent, request.preset, request.agentSettings) = (agent.name, agent.preset, agent.values)
        (request.environment, request.environmentSettings) = (environment.name, environment.values)
        (request.steps, request.seed) = (file.steps, file.seeds.first)
        let run = try request.resolved(in: registry)
        guard known.insert(run).inserted else { continue }
        settings.append(Setting(run: run, folder: RunDirectory.nameOfSettings(run, registry: registry)))
      }
    }
    settings = try Self.named(settings, registry)
    var isUsed = file.exclusions.map { _ in false }
    var runs: [Run] = []
    for seed in file.seeds {
      for (index, setting) in settings.enumerated() {
        var own = setting.run
        own.seed = seed
        let matching = file.exclusions.indices.filter { file.exclusions[$0].matches(own) }
        for exclusion in matching { isUsed[exclusion] = true }
        if matching.isEmpty {
          runs.append(Run(setting: index, settings: own, name: "\(setting.folder)-seed\(seed)"))
        }
      }
    }
    if let unused = isUsed.firstIndex(of: false) {
      throw ConfigurationError(
        key: file.exclusions[unused].place, given: "what no run has",
        allowed: "what some runs of the sweep have")
    }
    guard !runs.isEmpty else {
      throw ConfigurationError(key: "exclude", given: "all runs", allowed: "exclusions that leave some")
    }
    self.settings = settings
    self.runs = runs
    steps = file.steps
    halving = file.halving
  }
}

extension Sweep {
  /// An entry with a value for each of its axes.
  private struct Variant {
    let name: String
    let preset: String?
    var values: [String: SettingValue] = [:]
  }

  private static func keys<C: Component>(of component: C.Type) throws -> [String] {
    try Settings.list(C.Configuration()).map(\.key)
  }

  /// Throws for keys that no component has which they are for.
  private static func requireUse(of file: SweepFile, _ registry: Registry) throws {
    func require(
      _ axes: [String: SweepAxis], _ entries: [SweepFile.Entry], _ keys: (String) throws -> [String]
    ) throws {
      for entry in entries {
        let own = try keys(entry.name)
        for (key, axis) in entry.axes.sorted(by: { $0.key < $1.key }) where !own.contains(key) {
          throw ConfigurationError.unknown(axis.place, key, among: own)
        }
      }
      let all = try entries.flatMap { try keys($0.name) }.distinct
      for (key, axis) in axes.sorted(by: { $0.key < $1.key }) where !all.contains(key) {
        throw ConfigurationError.unknown(axis.place, key, among: all)
      }
    }
    try require(file.agentAxes, file.agents) { try self.keys(of: registry.agent(named: $0)) }
    try require(file.environmentAxes, file.environments) {
      try self.keys(of: registry.environment(named: $0))
    }
  }

  private static func variants(
    _ entry: SweepFile.Entry, common: [String: SweepAxis], keys: [String]
  ) throws -> [Variant] {
    let axes = common.filter { keys.contains($0.key) }.merging(entry.axes) { _, own in own }
    var variants = [Variant(name: entry.name, preset: entry.preset)]
    for (key, axis) in axes.sorted(by: { $0.key < $1.key }) {
      try requireRoom(variants.count, axis.values.count)
      variants = variants.flatMap { variant in
        axis.values.map { value in
          var copy = variant
          copy.values[key] = value
          return copy
        }
      }
    }
    return variants
  }

  private static func requireRoom(_ factors: Int...) throws {
    let (product, isTooLarge) = factors.reduce((1, false)) { result, factor in
      let (value, overflow) = result.0.multipliedReportingOverflow(by: factor)
      return (value, result.1 || overflow)
    }
    guard !isTooLarge, product <= mostRuns else {
      throw ConfigurationError(
        key: "sweep", given: factors.map(String.init).joined(separator: " × ") + " runs",
        allowed: "up to \(mostRuns); make several sweeps of it")
    }
  }

  /// The settings with the words that set them apart.
  private static func named(_ settings: [Setting], _ registry: Registry) throws -> [Setting] {
    /// The values of each key by component; a key with several is one in which they differ.
    func spread(_ name: (RunSettings) -> String, _ values: (RunSettings) -> [String: SettingValue])
      -> [String: Set<String>]
    {
      var seen: [String: [String: SettingValue]] = [:]
      var differing: [String: Set<String>] = [:]
      for setting in settings {
        let own = values(setting.run)
        guard let first = seen[name(setting.run)] else {
          seen[name(setting.run)] = own
          continue
        }
        for (key, value) in own where first[key] != value {
          differing[name(setting.run), default: []].insert(key)
        }
      }
      return differing
    }
    let agents = spread({ $0.agent }, { $0.agentSettings })
    let environments = spread({ $0.environment }, { $0.environmentSettings })
    return settings.map { setting in
      var setting = setting
      let run = setting.run
      let own = run.agentSettings.filter { agents[run.agent]?.contains($0.key) ?? false }
      let around = run.environmentSettings.filter {
        environments[run.environment]?.contains($0.key) ?? false
      }
      func words(_ values: [String: SettingValue]) -> String {
        values.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      }
      setting.name = run.agent + words(own)
      setting.task = run.environment + words(around)
      // A key of both is the agent's; the environment's is in the task's name.
      setting.axes = own.merging(around) { own, _ in own }
      return setting
    }
  }
}

public import BanditCore

/// Groups of runs of one environment with the same settings and data, which alone can be compared.
public struct RunTask: Sendable {
  /// The environment, with what sets it apart from the other tasks.
  public let name: String
  /// The environment.
  public let environment: String
  /// The groups, in the order of each one's first run.
  public let groups: [RunGroup]

  /// Creates a task of groups that are known to be of it.
  package init(name: String, environment: String, groups: [RunGroup]) {
    (self.name, self.environment, self.groups) = (name, environment, groups)
  }

  /// The last step that all runs have played.
  public var lastStep: Int { groups.flatMap(\.runs).map(\.lastStep).min() ?? 0 }

  /// A run with the settings and the seed of another, which alone is taken.
  public struct Twin: Sendable {
    /// The folder of the one left out.
    public let path: String
    /// The folder of the other.
    public let other: String
  }

  /// Puts runs together, in the order of each task's and each group's first.
  ///
  /// A setting that a run of an earlier version lacks has its default; one that was spelled differently is understood.
  ///
  /// - `registry`: has the agents and environments, for defaults and for what earlier versions did not write.
  /// - Returns: the tasks, and the runs left out as another has their settings and their seed.
  public static func tasks(
    of runs: [RecordedRun], registry: Registry
  ) throws(ConfigurationError) -> (tasks: [RunTask], twins: [Twin]) {
    var order: [Member] = []
    var members: [Member: [RecordedRun]] = [:]
    var twins: [Twin] = []
    let completed = try runs.map { run throws(ConfigurationError) in
      var run = run
      run.settings = try run.settings.completed(in: registry)
      return run
    }
    for run in completed {
      let member = Member(run, among: completed)
      if let twin = members[member]?.first(where: { $0.settings.seed == run.settings.seed }) {
        twins.append(Twin(path: run.path, other: twin.path))
        continue
      }
      if members[member] == nil { order.append(member) }
      members[member, default: []].append(run)
    }
    let keys = order.map(\.task).distinct
    let tasks = try keys.map { key throws(ConfigurationError) in
      let own = order.filter { $0.task == key }
      let groups = try own.map { member throws(ConfigurationError) in
        try RunGroup(members[member] ?? [], of: member.settings, among: own.map(\.settings), registry)
      }
      return RunTask(
        name: try key.name(among: keys, registry), environment: key.environment, groups: groups)
    }
    return (tasks, twins)
  }

  /// What the runs of a group have in common: all settings but the seed, and the data.
  private struct Member: Hashable {
    let settings: RunSettings
    let task: Key

    init(_ run: RecordedRun, among all: [RecordedRun]) {
      var settings = run.settings
      settings.seed = 0
      self.settings = settings
      task = Key(run, among: all)
    }
  }

  /// What runs have in common that can be compared.
  private struct Key: Hashable {
    let environment: String
    let settings: [String: SettingValue]
    let data: [String: String]

    /// A run that does not know its data has that of the others with its settings, where these all have the same.
    init(_ run: RecordedRun, among all: [RecordedRun]) {
      environment = run.settings.environment
      settings = run.settings.environmentSettings
      let known = all.filter {
        !$0.data.isEmpty && $0.settings.environment == run.settings.environment
          && $0.settings.environmentSettings == run.settings.environmentSettings
      }
      let isUnknown = run.data.isEmpty && Set(known.map(\.data)).count == 1
      data = isUnknown ? known[0].data : run.data
    }

    /// The environment with the settings in which its tasks differ, and its data where that alone does; a lone one has
    /// the settings that are not the defaults.
    func name(among all: [Key], _ registry: Registry) throws(ConfigurationError) -> String {
      let peers = all.filter { $0.environment == environment }
      let defaults = try registry.environments.first { $0.name == environment }
        .map { type throws(ConfigurationError) in try type.completed([:]) }
      var words = [environment] + settings.differences(peers: peers.map(\.settings), defaults: defaults)
      if peers.contains(where: { $0.settings == settings && $0.data != data }) {
        let files = data.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.prefix(8))" }
        words.append(files.isEmpty ? "data=unknown" : "data=\(files.joined(separator: ","))")
      }
      return words.joined(separator: " ")
    }
  }
}

extension RunGroup {
  /// Creates a group of runs that are known to differ in nothing but the seed.
  package init(name: String, runs: [RecordedRun], agent: (any Agent.Type)?) {
    self.init(
      name: name, runs: runs.sorted { $0.settings.seed < $1.settings.seed },
      role: runs[0].about?.role ?? agent?.role ?? .contender,
      referenceLines: runs[0].about?.referenceLines ?? agent?.referenceLines(of: runs[0].settings) ?? [])
  }

  fileprivate init(
    _ runs: [RecordedRun], of settings: RunSettings, among all: [RunSettings], _ registry: Registry
  ) throws(ConfigurationError) {
    let agent = registry.agents.first { $0.name == settings.agent }
    self.init(name: try Self.name(of: settings, among: all, agent), runs: runs, agent: agent)
  }

  /// Of more differences a name is longer than a line.
  private static let mostWords = 4

  /// The settings beside those of the preset, or of none, that leaves the fewest.
  private static func shortest(
    _ settings: [String: SettingValue], _ agent: any Agent.Type, defaults: [String: SettingValue]?
  ) throws(ConfigurationError) -> [String] {
    var names = settings.differences(peers: [], defaults: defaults)
    for preset in agent.presets {
      let values = try preset.settings.map { word throws(ConfigurationError) in try Settings.assignment(word)
      }
      let whole = try agent.completed(Dictionary(values, uniquingKeysWith: { $1 }))
      let words = ["preset=\(preset.name)"] + settings.differences(peers: [], defaults: whole)
      if words.count < names.count { names = words }
    }
    return names
  }

  /// The agent's name with the settings in which its groups differ; a lone group has those that are not the defaults.
  ///
  /// Where these are many it is the preset and what differs from it.
  private static func name(
    of settings: RunSettings, among all: [RunSettings], _ agent: (any Agent.Type)?
  ) throws(ConfigurationError) -> String {
    let peers = all.filter { $0.agent == settings.agent }
    let defaults = try agent.map { type throws(ConfigurationError) in try type.completed([:]) }
    var words = [settings.agent]
    let different = settings.agentSettings.differences(peers: peers.map(\.agentSettings), defaults: defaults)
    words +=
      try agent.flatMap { type throws(ConfigurationError) in
        different.count > mostWords ? try shortest(settings.agentSettings, type, defaults: defaults) : nil
      } ?? different
    if Set(peers.map(\.steps)).count > 1 { words.append("steps=\(settings.steps)") }
    return words.joined(separator: " ")
  }
}

extension Agent {
  /// The lines beside a run of an earlier version, whose manifest does not have them.
  fileprivate static func referenceLines(of settings: RunSettings) -> [ReferenceLine] {
    (try? Settings.applying(settings.agentSettings, to: Configuration())).map { referenceLines($0) } ?? []
  }
}

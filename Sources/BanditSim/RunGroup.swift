import BanditCore
import BanditExperiments
import BanditNumerics

/// Runs that differ in nothing but the seed.
struct RunGroup {
  /// The agent, and what sets it apart from the other groups.
  let name: String
  /// In the order of their seeds.
  let runs: [RecordedRun]

  /// Puts runs together, in the order of each group's first.
  ///
  /// - Throws: `ConfigurationError` where two runs are the same.
  static func groups(of runs: [RecordedRun]) throws(ConfigurationError) -> [RunGroup] {
    var order: [RunSettings] = []
    var members: [RunSettings: [RecordedRun]] = [:]
    for run in runs {
      var key = run.settings
      key.seed = 0
      if members[key] == nil { order.append(key) }
      if let twin = members[key]?.first(where: { $0.settings.seed == run.settings.seed }) {
        throw ConfigurationError(
          key: "run", given: run.path, allowed: "each run once; \(twin.path) has the same settings and seed")
      }
      members[key, default: []].append(run)
    }
    return order.map { key in
      RunGroup(
        name: name(of: key, among: order),
        runs: (members[key] ?? []).sorted { $0.settings.seed < $1.settings.seed })
    }
  }

  /// The agent's name with the settings in which the groups differ.
  private static func name(of settings: RunSettings, among all: [RunSettings]) -> String {
    var words = [settings.agent]
    func add(_ key: String, _ values: [SettingValue?], own: SettingValue?) {
      if let own, Set(values).count > 1 { words.append("\(key)=\(own)") }
    }
    let peers = all.filter { $0.agent == settings.agent && $0.environment == settings.environment }
    for key in settings.settings.keys.sorted() {
      add(key, peers.map { $0.settings[key] }, own: settings.settings[key])
    }
    for key in settings.environmentSettings.keys.sorted() {
      add(key, peers.map { $0.environmentSettings[key] }, own: settings.environmentSettings[key])
    }
    add("steps", peers.map { .integer($0.steps) }, own: .integer(settings.steps))
    add("environment", all.map { .text($0.environment) }, own: .text(settings.environment))
    return words.joined(separator: " ")
  }

  /// A quantity over the steps that all runs of the group have played: the mean, and the ends of its 95 % interval
  /// over the seeds, which are not there for a single run; nil where no run has the quantity.
  func mean(of column: String) -> (steps: [Double], mean: [Double], lower: [Double], upper: [Double])? {
    let curves = runs.compactMap { run in
      run[column].map { values in Dictionary(uniqueKeysWithValues: zip(run.steps, values)) }
    }
    guard curves.count == runs.count else { return nil }
    let steps = runs[0].steps.filter { step in curves.allSatisfy { $0[step] != nil } }
    let intervals = steps.map { step in StudentT.interval(of: curves.compactMap { $0[step] }) }
    return (
      steps.map(Double.init), intervals.map(\.mean), intervals.map { $0.mean - $0.halfWidth },
      intervals.map { $0.mean + $0.halfWidth }
    )
  }
}

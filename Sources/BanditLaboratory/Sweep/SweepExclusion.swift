import BanditCore
package import BanditSimulation

/// Runs of a sweep that are left out: those that agree with every word of it.
package struct SweepExclusion: Sendable {
  /// Where it is in the file, for errors.
  package let place: String
  private let agents: [SettingValue]?
  private let environments: [SettingValue]?
  private let seeds: [SettingValue]?
  private let agentSettings: [String: [SettingValue]]
  private let environmentSettings: [String: [SettingValue]]

  private static let keys = ["agent", "environment", "seed", "set", "env-set"]

  /// Reads an exclusion; each of its words is a value, or a list of values of which one is enough.
  init(_ value: SettingValue, at place: String) throws(ConfigurationError) {
    let fields = try SweepFields(value, at: place, keys: Self.keys)
    guard !fields.keys.isEmpty else {
      throw ConfigurationError(key: place, given: "", allowed: Self.keys.joined(separator: ", "))
    }
    self.place = place
    agents = fields["agent"].map(Self.values)
    environments = fields["environment"].map(Self.values)
    seeds = fields["seed"].map(Self.values)
    agentSettings = try Self.settings(fields, "set")
    environmentSettings = try Self.settings(fields, "env-set")
  }

  /// Whether it leaves a run out.
  package func matches(_ run: RunSettings) -> Bool {
    func isOne(of values: [SettingValue]?, _ own: SettingValue) -> Bool {
      values?.contains { $0.isSame(as: own) } ?? true
    }
    func agree(_ wanted: [String: [SettingValue]], _ own: [String: SettingValue]) -> Bool {
      wanted.allSatisfy { key, values in own[key].map { isOne(of: values, $0) } ?? false }
    }
    return isOne(of: agents, .text(run.agent)) && isOne(of: environments, .text(run.environment))
      && isOne(of: seeds, .text(String(run.seed))) && agree(agentSettings, run.agentSettings)
      && agree(environmentSettings, run.environmentSettings)
  }

  private static func values(_ value: SettingValue) -> [SettingValue] {
    if case .list(let values) = value { values } else { [value] }
  }

  private static func settings(
    _ fields: SweepFields, _ key: String
  ) throws(ConfigurationError) -> [String: [SettingValue]] {
    guard let value = fields[key] else { return [:] }
    let own = try SweepFields(value, at: fields.place(key), keys: nil)
    return Dictionary(
      uniqueKeysWithValues: own.keys.compactMap { name in own[name].map { (name, values($0)) } })
  }
}

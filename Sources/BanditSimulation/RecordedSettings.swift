import BanditCore

extension RunSettings {
  /// The settings as this version has them, with the defaults of those that a manifest of an earlier version lacks: the
  /// default of a setting that is added is what was done before.
  func completed(in registry: Registry) throws(ConfigurationError) -> RunSettings {
    var result = self
    if let type = registry.agents.first(where: { $0.name == agent }) {
      result.agentSettings = try type.completed(agentSettings)
    }
    if let type = registry.environments.first(where: { $0.name == environment }) {
      result.environmentSettings = try type.completed(environmentSettings)
    }
    return result
  }
}

extension Component {
  /// Recorded settings as this version has them, with the defaults of those that are missing.
  static func completed(
    _ values: [String: SettingValue]
  ) throws(ConfigurationError) -> [String: SettingValue] {
    var result = values
    for setting in try Settings.list(Configuration()) {
      // A value that is not taken any more is left as it was recorded.
      let value = values[setting.key].map { (try? setting.reading($0)) ?? $0 } ?? setting.value
      result[setting.key] = value.asRecorded
    }
    return result
  }
}

extension [String: SettingValue] {
  /// The settings, as words, in which these differ from one of several; from the defaults where they are alone.
  func differences(peers: [[String: SettingValue]], defaults: [String: SettingValue]?) -> [String] {
    let others = peers.count > 1 ? peers : defaults.map { [$0] } ?? []
    return sorted { $0.key < $1.key }.compactMap { key, value in
      others.contains { $0[key].map { !$0.isSame(as: value) } ?? true } ? "\(key)=\(value)" : nil
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

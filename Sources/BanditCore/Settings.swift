import Foundation

/// A group of fields inside a `ComponentConfiguration`; its fields are keys on the same level as the others.
public protocol SettingGroup: Codable, Hashable, Sendable {}

/// Reads and changes configurations by key.
///
/// Keys are the names of a configuration's fields, found by reflection; fields of a `SettingGroup` are on the same
/// level.
public enum Settings {
  /// The settings of a configuration, in the order of its fields.
  ///
  /// - Throws: `ConfigurationError` for a field of a type that settings do not have, and for a name that two fields
  ///   share.
  public static func list(_ configuration: any ComponentConfiguration) throws(ConfigurationError) -> [Setting]
  {
    var settings: [Setting] = []
    try add(fieldsOf: configuration, below: [], to: &settings)
    return settings
  }

  /// The values of a configuration by key, as `manifest.json` has them.
  ///
  /// - Throws: what `list` throws.
  public static func values(
    _ configuration: any ComponentConfiguration
  ) throws(ConfigurationError) -> [String: SettingValue] {
    Dictionary(uniqueKeysWithValues: try list(configuration).map { ($0.key, $0.value) })
  }

  /// A configuration with some values replaced; of two values of a key the later wins.
  ///
  /// Text is read as the command line spells the setting, so that `.text("1,2")` is a list where one is asked for.
  ///
  /// - Throws: `ConfigurationError` for a key that does not exist or a value of the wrong kind.
  public static func applying<C: ComponentConfiguration>(
    _ values: [(key: String, value: SettingValue)], to configuration: C
  ) throws -> C {
    let settings = try list(configuration)
    let encoder = JSONEncoder()
    var tree = try JSONDecoder().decode(SettingValue.self, from: encoder.encode(configuration))
    for (key, value) in values {
      guard let setting = settings.first(where: { $0.key == key }) else {
        throw ConfigurationError.unknown("setting", key, among: settings.map(\.key))
      }
      tree = try tree.replacing(setting.path[...], with: try setting.reading(value))
    }
    return try JSONDecoder().decode(C.self, from: encoder.encode(tree))
  }

  /// A configuration with some values replaced, as a manifest has them.
  ///
  /// - Throws: `ConfigurationError` for a key that does not exist or a value of the wrong kind.
  public static func applying<C: ComponentConfiguration>(
    _ values: [String: SettingValue], to configuration: C
  ) throws -> C {
    // In a fixed order, so that the same mistake is reported first each time.
    try applying(values.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }, to: configuration)
  }

  /// Splits `key=value`; the value is text, to be read by the setting's kind.
  ///
  /// - Throws: `ConfigurationError` where there is no `=` or no key.
  public static func assignment(_ text: String) throws(ConfigurationError) -> (
    key: String, value: SettingValue
  ) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ConfigurationError(key: "setting", given: text, allowed: "key=value")
    }
    return (String(parts[0]), .text(String(parts[1])))
  }

  private static func add(
    fieldsOf group: Any, below path: [String], to settings: inout [Setting]
  ) throws(ConfigurationError) {
    for child in Mirror(reflecting: group).children {
      guard let name = child.label else { continue }
      let here = path + [name]
      if child.value is any SettingGroup {
        try add(fieldsOf: child.value, below: here, to: &settings)
        continue
      }
      guard let kind = Setting.Kind(type(of: child.value)), let value = SettingValue(field: child.value)
      else {
        throw ConfigurationError(
          key: name, given: "a field of type \(type(of: child.value))",
          allowed:
            "Bool, Int, Double, String, a SettingChoice, lists of these, lists of such lists, a SettingGroup")
      }
      if settings.contains(where: { $0.key == name }) {
        throw ConfigurationError(
          key: name, given: "a second field of that name",
          allowed: "a name for each field, those of groups too")
      }
      settings.append(Setting(key: name, kind: kind, value: value, path: here))
    }
  }
}

extension SettingValue {
  /// This tree with the value at `path` replaced.
  ///
  /// - Throws: `ConfigurationError` where a configuration's coding keys are not its fields' names.
  fileprivate func replacing(
    _ path: ArraySlice<String>, with value: SettingValue
  ) throws(ConfigurationError) -> SettingValue {
    guard let first = path.first else { return value }
    guard case .group(var fields) = self, let field = fields[first] else {
      throw ConfigurationError(
        key: first, given: value.description,
        allowed: "nothing: it is encoded under another name than its field's")
    }
    fields[first] = try field.replacing(path.dropFirst(), with: value)
    return .group(fields)
  }
}

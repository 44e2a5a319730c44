import Foundation

/// A group of fields inside a `ComponentConfiguration`; its fields are keys on the same level as the others.
public protocol SettingGroup: Codable, Hashable, Sendable {}

/// One setting of a component, for help texts and for checking assignments.
public struct Setting: Sendable {
  /// What a setting takes.
  public enum Kind: Hashable, Sendable {
    /// `true` or `false`.
    case boolean
    /// A whole number.
    case integer
    /// A finite number.
    case number
    /// Text.
    case text
    /// One of the listed words.
    case choice([String])
    /// Whole numbers with commas between them.
    case integers
  }

  /// The key that `--set` takes.
  public let key: String
  /// What it takes.
  public let kind: Kind
  /// The value in the configuration that was read.
  public let value: SettingValue
  /// Where the field is in the encoded configuration.
  package let path: [String]
}

/// Reads and changes configurations by key.
///
/// Keys are the names of a configuration's fields, found by reflection; fields of a `SettingGroup` are on the same
/// level.
public enum Settings {
  /// The settings of a configuration, in the order of its fields.
  public static func list(_ configuration: any ComponentConfiguration) -> [Setting] {
    fields(of: configuration, below: [])
  }

  /// The values of a configuration by key, as `manifest.json` has them.
  public static func values(_ configuration: any ComponentConfiguration) -> [String: SettingValue] {
    Dictionary(uniqueKeysWithValues: list(configuration).map { ($0.key, $0.value) })
  }

  /// A configuration with some values replaced.
  ///
  /// - Throws: `ConfigurationError` for a key that does not exist or a value of the wrong kind.
  public static func applying<C: ComponentConfiguration>(
    _ values: [(key: String, value: String)], to configuration: C
  ) throws -> C {
    let settings = list(configuration)
    let encoder = JSONEncoder()
    var tree = try JSONDecoder().decode(SettingValue.self, from: encoder.encode(configuration))
    for (key, text) in values {
      guard let setting = settings.first(where: { $0.key == key }) else {
        throw ConfigurationError.unknown("setting", key, among: settings.map(\.key))
      }
      tree = try tree.replacing(setting.path[...], with: try parse(text, for: setting))
    }
    return try JSONDecoder().decode(C.self, from: encoder.encode(tree))
  }

  /// Splits `key=value`.
  ///
  /// - Throws: `ConfigurationError` where there is no `=` or no key.
  public static func assignment(_ text: String) throws(ConfigurationError) -> (key: String, value: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ConfigurationError(key: "setting", given: text, allowed: "key=value")
    }
    return (String(parts[0]), String(parts[1]))
  }

  private static func fields(of value: Any, below path: [String]) -> [Setting] {
    Mirror(reflecting: value).children.flatMap { child -> [Setting] in
      guard let name = child.label else { return [] }
      let here = path + [name]
      if child.value is any SettingGroup { return fields(of: child.value, below: here) }
      guard let (kind, value) = kindAndValue(child.value) else {
        preconditionFailure(
          "setting '\(name)' has the type \(type(of: child.value)), which --set cannot take")
      }
      return [Setting(key: name, kind: kind, value: value, path: here)]
    }
  }

  private static func kindAndValue(_ value: Any) -> (Setting.Kind, SettingValue)? {
    switch value {
    case let value as Bool: (.boolean, .boolean(value))
    case let value as Int: (.integer, .integer(value))
    case let value as Double: (.number, .number(value))
    case let value as String: (.text, .text(value))
    case let value as [Int]: (.integers, .list(value.map { .integer($0) }))
    case let value as any SettingChoice: (.choice(choices(of: value)), .text(value.rawValue))
    default: nil
    }
  }

  private static func choices<T: SettingChoice>(of value: T) -> [String] { T.allCases.map(\.rawValue) }

  private static func parse(_ text: String, for setting: Setting) throws(ConfigurationError) -> SettingValue {
    switch setting.kind {
    case .boolean: if let value = Bool(text) { return .boolean(value) }
    case .integer: if let value = Int(text) { return .integer(value) }
    case .number: if let value = Double(text), value.isFinite { return .number(value) }
    case .text: return .text(text)
    case .choice(let names): if names.contains(text) { return .text(text) }
    case .integers:
      let parts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
      let values = parts.compactMap { Int($0) }
      if values.count == parts.count { return .list(values.map { .integer($0) }) }
    }
    var suggestion: String?
    if case .choice(let names) = setting.kind {
      suggestion = ConfigurationError.nearest(to: text, among: names)
    }
    throw ConfigurationError(
      key: setting.key, given: text, allowed: setting.kind.description, suggestion: suggestion)
  }
}

extension Setting.Kind: CustomStringConvertible {
  /// What is allowed, as a phrase.
  public var description: String {
    switch self {
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .text: "text"
    case .choice(let names): names.joined(separator: ", ")
    case .integers: "whole numbers with commas between them"
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

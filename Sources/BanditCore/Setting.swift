/// One setting of a component, for help texts and for checking assignments.
public struct Setting: Sendable {
  /// What a setting takes.
  public indirect enum Kind: Hashable, Sendable {
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
    /// A list, or a list of lists.
    case list(of: Kind)
  }

  /// The key that `--set` takes.
  public let key: String
  /// What it takes.
  public let kind: Kind
  /// The value in the configuration that was read.
  public let value: SettingValue
  /// Where the field is in the encoded configuration.
  package let path: [String]

  /// The value that is meant by one from the command line, a file or an earlier version.
  ///
  /// - Throws: `ConfigurationError` for a value of another kind.
  public func reading(_ given: SettingValue) throws(ConfigurationError) -> SettingValue {
    if let value = kind.reading(given) { return value }
    throw ConfigurationError(
      key: key, given: given.description, allowed: kind.description, suggestion: kind.suggestion(for: given))
  }
}

extension Setting.Kind {
  /// The kind of a field of that type; nil for a type that no setting has.
  init?(_ type: Any.Type) {
    switch type {
    case is Bool.Type: self = .boolean
    case is Int.Type: self = .integer
    case is Double.Type: self = .number
    case is String.Type: self = .text
    case let type as any SettingChoice.Type: self = .choice(Self.names(type))
    case let type as any ListField.Type:
      guard let element = Setting.Kind(type.elementType), element.depth < 2 else { return nil }
      self = .list(of: element)
    default: return nil
    }
  }

  private static func names<T: SettingChoice>(_ type: T.Type) -> [String] { type.allCases.map(\.rawValue) }

  /// How deeply lists are nested; `--set` has separators for two levels.
  private var depth: Int {
    if case .list(let element) = self { element.depth + 1 } else { 0 }
  }

  /// The given value as one of this kind; nil where it is none.
  ///
  /// Text is read as the command line spells the kind; elements of lists are exact.
  fileprivate func reading(_ given: SettingValue) -> SettingValue? {
    switch (self, given) {
    case (_, .group): return nil
    case (.list(let element), .list(let values)):
      let read = values.compactMap { element.reading($0) }
      return read.count == values.count ? .list(read) : nil
    case (.list(let element), _):
      return reading(.list(given.description.listParts(nested: element.depth > 0)))
    case (_, .list): return nil
    default: return parsing(given.description)
    }
  }

  /// The nearest allowed word to the first word that is not allowed.
  fileprivate func suggestion(for given: SettingValue) -> String? {
    switch (self, given) {
    case (.choice(let names), _) where !names.contains(given.description):
      ConfigurationError.nearest(to: given.description, among: names)
    case (.list(let element), .list(let values)):
      values.lazy.compactMap { element.suggestion(for: $0) }.first
    case (.list(let element), .text(let text)):
      suggestion(for: .list(text.listParts(nested: element.depth > 0)))
    default: nil
    }
  }

  private func parsing(_ text: String) -> SettingValue? {
    switch self {
    case .boolean: Bool(text).map { .boolean($0) }
    case .integer: Int(text).map { .integer($0) }
    case .number: Double(text).flatMap { $0.isFinite ? .number($0) : nil }
    case .text: .text(text)
    case .choice(let names): names.contains(text) ? .text(text) : nil
    case .list: nil
    }
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
    case .list(.list(let element)): "\(element.several), and / between rows"
    case .list(let element): element.several
    }
  }

  private var several: String {
    switch self {
    case .integer: "whole numbers with commas between them"
    case .number: "numbers with commas between them"
    case .text: "texts with commas between them"
    case .boolean, .choice, .list: "words with commas between them, out of \(description)"
    }
  }
}

/// An array type, whatever its elements are.
private protocol ListField {
  static var elementType: Any.Type { get }
}

extension Array: ListField {
  fileprivate static var elementType: Any.Type { Element.self }
}

/// A setting's value as JSON has it.
public enum SettingValue: Hashable, Sendable, Codable, CustomStringConvertible {
  /// `true` or `false`.
  case boolean(Bool)
  /// A whole number.
  case integer(Int)
  /// Any other finite number.
  case number(Double)
  /// Text.
  case text(String)
  /// A list.
  case list([SettingValue])
  /// A group of fields.
  case group([String: SettingValue])

  /// Reads a value of any of the kinds.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([SettingValue].self) {
      self = .list(value)
    } else {
      self = .group(try container.decode([String: SettingValue].self))
    }
  }

  /// Writes the value alone.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .group(let value): try container.encode(value)
    }
  }

  /// The spelling that `--set` takes.
  public var description: String {
    switch self {
    case .boolean(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .text(let value): value
    case .list(let values):
      values.map(\.description).joined(separator: values.contains(where: \.isList) ? "/" : ",")
    case .group(let fields):
      fields.keys.sorted().map { "\($0)=\(fields[$0]?.description ?? "")" }.joined(separator: " ")
    }
  }
}

extension SettingValue {
  /// The value of a configuration's field; nil where no setting has such a value.
  init?(field: Any) {
    switch field {
    case let value as Bool: self = .boolean(value)
    case let value as Int: self = .integer(value)
    case let value as Double: self = .number(value)
    case let value as String: self = .text(value)
    case let value as any SettingChoice: self = .text(value.rawValue)
    case let values as [Any]:
      let read = values.compactMap { SettingValue(field: $0) }
      guard read.count == values.count else { return nil }
      self = .list(read)
    default: return nil
    }
  }

  private var isList: Bool { if case .list = self { true } else { false } }

  /// Whether two values are one: JSON has no difference between 1 and 1.0, and earlier versions wrote lists as text.
  package func isSame(as other: SettingValue) -> Bool {
    switch (self, other) {
    case (.list(let values), .list(let others)):
      values.count == others.count && zip(values, others).allSatisfy { $0.isSame(as: $1) }
    case (.list(let values), .text(let text)), (.text(let text), .list(let values)):
      SettingValue.list(values).isSame(as: .list(text.listParts(nested: values.contains(where: \.isList))))
    default:
      self == other || Double(description).map { $0 == Double(other.description) } ?? false
    }
  }
}

extension String {
  /// The parts of a list as `--set` spells it: rows with `/` between them where lists are nested, else commas.
  func listParts(nested: Bool) -> [SettingValue] {
    isEmpty
      ? []
      : split(separator: nested ? "/" : ",", omittingEmptySubsequences: false).map { .text(String($0)) }
  }
}

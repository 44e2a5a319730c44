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
    case .list(let values): values.map(\.description).joined(separator: ",")
    case .group(let fields):
      fields.keys.sorted().map { "\($0)=\(fields[$0]?.description ?? "")" }.joined(separator: " ")
    }
  }
}

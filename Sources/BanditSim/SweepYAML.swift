import BanditCore
import BanditSimulation
import Foundation
import Yams

/// A sweep's file in YAML, as the JSON that means the same.
enum SweepYAML {
  /// The most values of a file: aliases of aliases would have a small one stand for billions.
  private static let most = 100_000

  /// Whether a file's name says that it is YAML.
  static func isYAML(_ file: String) -> Bool { file.hasSuffix(".yaml") || file.hasSuffix(".yml") }

  /// The JSON of a YAML text; unquoted words are numbers, `true` or `false` where they look so, as in YAML 1.2.
  ///
  /// - Throws: `ConfigurationError` for what is no YAML, or has values that JSON lacks.
  static func json(of bytes: [UInt8], file: String) throws -> [UInt8] {
    let allowed = "YAML with the keys of a sweep.json"
    do {
      guard let node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else {
        throw ConfigurationError(key: file, given: "an empty text", allowed: allowed)
      }
      var room = most
      return Array(try RunDirectory.json(value(of: node, file: file, room: &room)))
    } catch let error as YamlError {
      let words = "\(error)".split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      throw ConfigurationError(key: file, given: words.joined(separator: " "), allowed: allowed)
    }
  }

  private static func value(of node: Node, file: String, room: inout Int) throws -> SettingValue {
    room -= 1
    guard room > 0 else {
      throw ConfigurationError(key: file, given: "more than \(most) values", allowed: "fewer values")
    }
    switch node {
    case .scalar(let scalar): return value(of: scalar)
    case .sequence(let nodes): return .list(try nodes.map { try value(of: $0, file: file, room: &room) })
    case .mapping(let fields):
      var group: [String: SettingValue] = [:]
      for (key, node) in fields {
        guard let name = key.scalar?.string else {
          throw ConfigurationError(key: file, given: "a key that is no text", allowed: "texts as keys")
        }
        group[name] = try value(of: node, file: file, room: &room)
      }
      return .group(group)
    case .alias: throw ConfigurationError(key: file, given: "an alias", allowed: "values as they are")
    }
  }

  private static func value(of scalar: Node.Scalar) -> SettingValue {
    let text = scalar.string
    guard scalar.style == .plain || scalar.style == .any else { return .text(text) }
    if let value = Bool(text) { return .boolean(value) }
    if let value = Int(text) { return .integer(value) }
    if let value = Double(text), value.isFinite { return .number(value) }
    return .text(text)
  }
}

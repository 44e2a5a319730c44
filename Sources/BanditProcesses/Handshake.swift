import BanditCore
import Foundation

/// The first words of both sides, in JSON.
enum Handshake {
  static let name = "bandit-sim-child"
  static let version = 1
  /// The most bytes of a child's greeting.
  static let limit = 1 << 20

  /// What an agent's child is told.
  struct AgentTask: Encodable {
    let `protocol` = Handshake.name
    let version = Handshake.version
    let role = "agent"
    let features: Int
    let encoding: String
    let maximumActive: Int?
    let actions: [String]
    let featureNames: [String]?
    let seed: UInt64
    let settings: [String: SettingValue]

    enum CodingKeys: String, CodingKey {
      case `protocol`, version, role, features, encoding, actions, seed, settings
      case maximumActive = "maximum_active"
      case featureNames = "feature_names"
    }

    init(_ spec: TaskSpec, seed: UInt64, settings: [String: SettingValue]) {
      features = spec.featureCount
      actions = spec.actionNames
      featureNames = spec.featureNames
      switch spec.encoding {
      case .dense: (encoding, maximumActive) = ("dense", nil)
      case .oneHot(let active): (encoding, maximumActive) = ("one-hot", active)
      }
      (self.seed, self.settings) = (seed, settings)
    }
  }

  /// What a child says of itself; only protocol and version are needed of an agent.
  struct Greeting: Decodable {
    let `protocol`: String?
    let version: Int?
    /// Why the child refuses; everything else is then left out.
    let error: String?
    let name: String?
    let state: Bool?
    let prefill: Int?
    let measurements: [String]?
  }

  /// Sends a greeting and reads the child's.
  static func greet<G: Decodable>(_ process: ChildProcess, with task: some Encodable, as type: G.Type) throws
    -> G
  {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let words = try encoder.encode(task)
    let answer = try process.greet(Array(words), limit: limit)
    func refuse(_ reason: String) -> ChildError { process.failure("\(reason), while greeting") }
    guard let greeting = try? JSONDecoder().decode(Greeting.self, from: Data(answer)) else {
      throw refuse("greeted with what is no JSON object of the protocol '\(name)'")
    }
    if let error = greeting.error {
      throw ConfigurationError(key: "exec", given: process.program, allowed: error)
    }
    guard greeting.protocol == name else {
      throw refuse(
        "speaks \(greeting.protocol.map { "the protocol '\($0)'" } ?? "no protocol that it names"), not '\(name)'"
      )
    }
    guard greeting.version == version else {
      let found = greeting.version.map { "version \($0)" } ?? "no version that it names"
      throw refuse("speaks \(found) of the protocol; this program speaks \(version)")
    }
    do { return try JSONDecoder().decode(G.self, from: Data(answer)) } catch {
      throw refuse(
        "left out or misspelt a field of its greeting: \((error as? DecodingError)?.field ?? "unknown")")
    }
  }

  /// Settings that a user gave, `key=value` each, as a child is told them: numbers and truths as such, else text.
  static func settings(_ assignments: [String]) throws(ConfigurationError) -> [String: SettingValue] {
    var settings: [String: SettingValue] = [:]
    for assignment in assignments {
      let (key, value) = try Settings.assignment(assignment)
      settings[key] = plain(value.description)
    }
    return settings
  }

  private static func plain(_ text: String) -> SettingValue {
    if let value = Bool(text) { return .boolean(value) }
    if let value = Int(text) { return .integer(value) }
    if let value = Double(text), value.isFinite { return .number(value) }
    return .text(text)
  }
}

extension DecodingError {
  /// The field at fault.
  fileprivate var field: String {
    switch self {
    case .keyNotFound(let key, _): key.stringValue
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      context.codingPath.map(\.stringValue).joined(separator: ".")
    @unknown default: "unknown"
    }
  }
}

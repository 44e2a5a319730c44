public import BanditCore
import BanditFiles
import Foundation

/// Everything that decides a run's numbers: what `manifest.json` holds under `run` and `--config` reads.
public struct RunSettings: Codable, Hashable, Sendable {
  /// The agent's name.
  public var agent: String
  /// The environment's name.
  public var environment: String
  /// Steps to play.
  public var steps: Int
  /// The seed of every random stream.
  public var seed: UInt64
  /// The agent's settings, all of them.
  public var agentSettings: [String: SettingValue]
  /// The environment's settings, all of them.
  public var environmentSettings: [String: SettingValue]

  enum CodingKeys: String, CodingKey {
    case agent, environment, steps, seed
    case agentSettings = "settings"
    case environmentSettings = "environment_settings"
  }
}

extension RunSettings {
  /// How these settings differ from those a run was started with, a phrase each; the number of steps may differ.
  func differences(from begun: RunSettings) -> [String] {
    func differences(_ path: KeyPath<RunSettings, [String: SettingValue]>, _ option: String) -> [String] {
      let (old, new) = (begun[keyPath: path], self[keyPath: path])
      return Set(old.keys).union(new.keys).sorted().compactMap { key in
        let (before, now) = (old[key], new[key])
        if let before, let now, before.isSame(as: now) { return nil }
        return "\(option) \(key)=\(before?.description ?? "nothing"), now \(now?.description ?? "nothing")"
      }
    }
    let names = [
      ("--agent", begun.agent, agent), ("--environment", begun.environment, environment),
      ("--seed", String(begun.seed), String(seed)),
    ]
    return names.compactMap { $1 == $2 ? nil : "\($0) \($1), now \($2)" }
      + differences(\.agentSettings, "--set") + differences(\.environmentSettings, "--env-set")
  }
}

/// What a user gave of a run's settings, before defaults, presets and files are put together.
public struct RunRequest: Codable, Sendable {
  /// The agent's name.
  public var agent: String?
  /// The environment's name; `mushroom` unless given.
  public var environment: String?
  /// Steps to play; 50,000 unless given.
  public var steps: Int?
  /// The seed; 0 unless given.
  public var seed: UInt64?
  /// A preset of the agent.
  public var preset: String?
  /// Settings of the agent.
  public var agentSettings: [String: SettingValue]?
  /// Settings of the environment.
  public var environmentSettings: [String: SettingValue]?
  /// The SHA-256 of the files that the environment of a manifest's run read, by name.
  public private(set) var data: [String: String] = [:]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case agent, environment, steps, seed, preset
    case agentSettings = "settings"
    case environmentSettings = "environment_settings"
  }

  /// The part of a `manifest.json` that decides the numbers.
  private struct Manifest: Decodable {
    let run: RunRequest
    let data: [String: String]?
  }

  /// Creates an empty request.
  public init() {}

  /// Reads a request from JSON: a request itself, or a run's `manifest.json`.
  ///
  /// - Throws: `ConfigurationError` for bytes that are not such an object, and for unknown keys.
  public init(json bytes: some Sequence<UInt8>, file: String) throws {
    let data = Data(bytes)
    do {
      try checkDepth(ofJSON: data, file: file)
    } catch {
      throw ConfigurationError(
        key: file, given: "what \(error.reason)", allowed: "a JSON object as in the manifest.json of a run")
    }
    do {
      guard case .group(let object) = try JSONDecoder().decode(SettingValue.self, from: data) else {
        let isList = data.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "[")
        throw ConfigurationError(
          key: file, given: isList ? "a list" : "a single value",
          allowed: "a JSON object as in the manifest.json of a run")
      }
      let known = CodingKeys.allCases.map(\.rawValue)
      func check(_ keys: some Sequence<String>) throws(ConfigurationError) {
        for key in keys.sorted() where !known.contains(key) {
          throw .unknown("\(file): key", key, among: known)
        }
      }
      // The bytes are read again, because a seed beyond Int.max would lose digits as a SettingValue.
      if case .group(let run)? = object["run"] {
        try check(run.keys)
        let manifest = try JSONDecoder().decode(Manifest.self, from: data)
        self = manifest.run
        self.data = manifest.data ?? [:]
      } else {
        try check(object.keys)
        self = try JSONDecoder().decode(RunRequest.self, from: data)
      }
    } catch let error as DecodingError {
      throw ConfigurationError(
        key: file, given: error.sentence, allowed: "a JSON object as in the manifest.json of a run")
    }
  }

  /// This request with the given parts of another in place of its own; settings are merged key by key.
  public func overridden(by other: RunRequest) -> RunRequest {
    var result = self
    result.agent = other.agent ?? agent
    result.environment = other.environment ?? environment
    result.steps = other.steps ?? steps
    result.seed = other.seed ?? seed
    result.preset = other.preset ?? preset
    result.agentSettings =
      (agentSettings ?? [:]).merging(other.agentSettings ?? [:]) { _, new in new }
    result.environmentSettings =
      (environmentSettings ?? [:]).merging(other.environmentSettings ?? [:]) { _, new in new }
    return result
  }

  /// The full settings: defaults, then the preset, then what is given here.
  ///
  /// - Throws: `ConfigurationError` for names and keys that do not exist and values out of range.
  public func resolved(in registry: Registry) throws -> RunSettings {
    guard let agentName = agent else {
      throw ConfigurationError(
        key: "agent", given: "", allowed: registry.agents.map { $0.name }.joined(separator: ", "))
    }
    let (agent, given) = try registry.agent(agentName, given: agentSettings ?? [:])
    let (environment, environmentGiven) = try registry.environment(
      environment ?? "mushroom", given: environmentSettings ?? [:])
    let steps = steps ?? 50_000
    try ConfigurationError.require(steps > 0, key: "steps", given: steps, allowed: "1 or more")
    let preset = try preset.map { try agent.presets.named($0, of: agentName) }
    return RunSettings(
      agent: agent.name, environment: environment.name, steps: steps, seed: seed ?? 0,
      agentSettings: try values(of: agent, preset: preset?.settings ?? [], given: given),
      environmentSettings: try values(
        of: environment, preset: preset?.environmentSettings ?? [], given: environmentGiven))
  }

  private func values<C: Component>(
    of component: C.Type, preset: [String], given: [String: SettingValue]
  ) throws -> [String: SettingValue] {
    let started = try Settings.applying(
      preset.map { try Settings.assignment($0) }, to: C.Configuration())
    return try Settings.values(Settings.applying(given, to: started))
  }
}

extension DecodingError {
  /// What is wrong, without the decoder's internals.
  package var sentence: String {
    switch self {
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      return "text that is no JSON, or is cut short"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
      .dataCorrupted(let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
    @unknown default: return "unreadable"
    }
  }
}

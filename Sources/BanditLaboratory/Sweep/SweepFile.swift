package import BanditCore
import BanditFiles
import BanditSimulation
import Foundation

/// `sweep.json`: what a sweep is to play, as its author wrote it.
package struct SweepFile: Sendable {
  /// An agent or an environment with settings of its own.
  package struct Entry: Sendable {
    /// The component's name.
    package let name: String
    /// A preset of an agent.
    package let preset: String?
    /// Values of settings that are this entry's alone, by key.
    package let axes: [String: SweepAxis]
  }

  /// The agents.
  package let agents: [Entry]
  /// The environments.
  package let environments: [Entry]
  /// Values of settings of every agent that has them, by key.
  package let agentAxes: [String: SweepAxis]
  /// Values of settings of every environment that has them, by key.
  package let environmentAxes: [String: SweepAxis]
  /// The seeds that everything is played under.
  package let seeds: [UInt64]
  /// Steps of every run.
  package let steps: Int
  /// Combinations that are left out.
  package let exclusions: [SweepExclusion]
  /// The factor of successive halving; nil where every run is played to its end.
  package internal(set) var halving: Int?

  /// The most seeds of one sweep.
  private static let mostSeeds = 10_000
  private static let keys = [
    "agents", "environments", "set", "env-set", "seeds", "steps", "exclude", "halve",
  ]

  /// Reads a sweep from JSON.
  ///
  /// - Parameter file: what errors call the file.
  /// - Throws: `ConfigurationError` with the key, for text that is no JSON, unknown keys and values of another kind.
  package init(json bytes: [UInt8], file: String) throws(ConfigurationError) {
    let allowed = "a JSON object with the keys \(Self.keys.joined(separator: ", "))"
    let tree: SettingValue
    do {
      try checkDepth(ofJSON: bytes, file: file)
      tree = try JSONDecoder().decode(SettingValue.self, from: Data(bytes))
    } catch let error as DataFileError {
      throw ConfigurationError(key: file, given: "what \(error.reason)", allowed: allowed)
    } catch {
      let reason = (error as? DecodingError)?.sentence ?? "\(error)"
      throw ConfigurationError(key: file, given: reason, allowed: allowed)
    }
    try self.init(tree, file: file)
  }

  private init(_ tree: SettingValue, file: String) throws(ConfigurationError) {
    let fields = try SweepFields(tree, at: file, keys: Self.keys)
    agents = try Self.entries(fields, "agents", name: "agent", hasPreset: true)
    environments =
      fields.has("environments")
      ? try Self.entries(fields, "environments", name: "environment", hasPreset: false)
      : [Entry(name: "mushroom", preset: nil, axes: [:])]
    agentAxes = try SweepAxis.all(fields, "set")
    environmentAxes = try SweepAxis.all(fields, "env-set")
    seeds = try Self.seeds(fields)
    steps = try fields.integer("steps", from: 1) ?? 50_000
    exclusions = try fields.list("exclude").map { item throws(ConfigurationError) in
      try SweepExclusion(item.value, at: item.place)
    }
    halving = try fields.integer("halve", from: 2, to: 100)
  }

  private static func entries(
    _ fields: SweepFields, _ key: String, name: String, hasPreset: Bool
  ) throws(ConfigurationError) -> [Entry] {
    let items = try fields.list(key)
    guard !items.isEmpty else {
      throw ConfigurationError(key: fields.place(key), given: "", allowed: "a list of at least one \(name)")
    }
    return try items.map { item throws(ConfigurationError) in
      if case .text(let text) = item.value { return Entry(name: text, preset: nil, axes: [:]) }
      let own = try SweepFields(
        item.value, at: item.place, keys: [name, "set"] + (hasPreset ? ["preset"] : []),
        allowed: "the name of an \(name), or an object with its name, its settings and the like")
      guard let given = try own.text(name) else {
        throw ConfigurationError(key: own.place(name), given: "", allowed: "the name of an \(name)")
      }
      return Entry(
        name: given, preset: hasPreset ? try own.text("preset") : nil, axes: try SweepAxis.all(own, "set"))
    }
  }

  /// How many seeds from 0, a list of them, or `{"from": 10, "count": 5}`.
  private static func seeds(_ fields: SweepFields) throws(ConfigurationError) -> [UInt64] {
    let allowed =
      "how many, a list of seeds, or an object with 'from' and 'count'; up to \(mostSeeds) of them"
    var (first, count) = (0, 1)
    switch fields["seeds"] {
    case nil: break
    case .list(let values):
      let seeds = values.compactMap { value -> UInt64? in
        if case .integer(let seed) = value, seed >= 0 { UInt64(seed) } else { nil }
      }
      guard seeds.count == values.count, (1...mostSeeds).contains(seeds.count),
        Set(seeds).count == seeds.count
      else {
        throw ConfigurationError(
          key: fields.place("seeds"), given: SettingValue.list(values).description,
          allowed: "different whole numbers from 0; up to \(mostSeeds) of them")
      }
      return seeds
    case .group(let group):
      let own = try SweepFields(.group(group), at: fields.place("seeds"), keys: ["from", "count"])
      first = try own.integer("from", from: 0, to: Int.max - mostSeeds) ?? 0
      count = try own.integer("count", from: 1, to: mostSeeds) ?? 1
    case .integer(let given) where (1...mostSeeds).contains(given): count = given
    case let other?:
      throw ConfigurationError(key: fields.place("seeds"), given: other.description, allowed: allowed)
    }
    return (0..<count).map { UInt64(first + $0) }
  }
}

/// Something with a permanent name and settings: an agent or an environment.
///
/// A name never changes its meaning, because published numbers depend on it: a behaviour change gets a new name
/// (`bbb-v2`).
///
/// Laws (`BanditTesting` checks them with those of agents and environments):
/// 1. Names of components and presets are lower-case words with hyphens; a component's presets differ in theirs.
/// 2. Every setting can be set by its key, alone, and read back; a configuration survives its way through a
///    manifest.
/// 3. Every preset can be applied, and the component takes what comes of it.
/// 4. Where help is given, there is a line on every setting and on nothing else (checked on demand).
public protocol Component: Sendable {
  /// The settings; every field is a key of `--set` (or `--env-set`), every default one that works.
  associatedtype Configuration: ComponentConfiguration = NoSettings

  /// The permanent name, in lower case with hyphens.
  static var name: String { get }

  /// What `bandit-sim describe` prints beside the settings.
  static var description: ComponentDescription { get }

  /// Named sets of settings, for `--preset`.
  static var presets: [Preset] { get }
}

extension Component {
  /// An empty description.
  public static var description: ComponentDescription { ComponentDescription(summary: "") }

  /// No presets.
  public static var presets: [Preset] { [] }
}

/// A component that is told when its run is over: after the last step, and after a stop.
public protocol ConcludedComponent: Component {
  /// Ends what the component holds; it is not used any more.
  func conclude() throws
}

/// A component that is a program of the user's: `--agent NAME:PROGRAM` names both, and the settings given are the
/// program's.
public protocol ProgramComponent: Component {
  /// The component's settings for a program and what a user set of the program's own.
  static func settings(program: String, given: [String: SettingValue]) -> [String: SettingValue]
}

extension Registry {
  /// An agent's name, and its settings where the name has a program behind a colon.
  package func agent(
    _ name: String, given: [String: SettingValue]
  ) throws(ConfigurationError) -> (any Agent.Type, [String: SettingValue]) {
    for case let type as any (Agent & ProgramComponent).Type in agents {
      if let program = name.program(of: type.name) {
        return (type, type.settings(program: program, given: given))
      }
    }
    return (try agent(named: name), given)
  }

  /// An environment's name, and its settings where the name has a program behind a colon.
  package func environment(
    _ name: String, given: [String: SettingValue]
  ) throws(ConfigurationError) -> (any Environment.Type, [String: SettingValue]) {
    for case let type as any (Environment & ProgramComponent).Type in environments {
      if let program = name.program(of: type.name) {
        return (type, type.settings(program: program, given: given))
      }
    }
    return (try environment(named: name), given)
  }
}

extension String {
  /// What stands behind a component's name and a colon.
  fileprivate func program(of name: String) -> String? {
    hasPrefix(name + ":") ? String(dropFirst(name.count + 1)) : nil
  }
}

/// The settings of a component: a flat `Codable` structure whose fields have defaults.
///
/// Fields are `Bool`, `Int`, `Double`, `String`, enumerations that conform to `SettingChoice`, arrays of these, and
/// arrays of such arrays where a matrix is meant; a field of another type is a `ConfigurationError`, and breaks the law
/// of settings. Fields that several components share are a `SettingGroup`.
public protocol ComponentConfiguration: Codable, Hashable, Sendable {
  /// The defaults.
  init()
}

/// The configuration of a component without settings.
public struct NoSettings: ComponentConfiguration {
  /// The only value.
  public init() {}
}

/// A setting with a fixed list of values, spelled as its raw values.
public protocol SettingChoice: CaseIterable, Codable, Hashable, Sendable, RawRepresentable
where RawValue == String {}

/// What a component is, for people.
public struct ComponentDescription: Sendable {
  /// One sentence.
  public var summary: String
  /// The source: authors, year, title and where in it.
  public var paper: String?
  /// How the code differs from its source, and why.
  public var deviations: String?
  /// A line on each setting, by key.
  public var settings: [String: String]

  /// Creates a description.
  public init(
    summary: String, paper: String? = nil, deviations: String? = nil, settings: [String: String] = [:]
  ) {
    self.summary = summary
    self.paper = paper
    self.deviations = deviations
    self.settings = settings
  }
}

/// A named set of settings of a component, and of the environment it is meant for.
public struct Preset: Sendable {
  /// The name that `--preset` takes.
  public let name: String
  /// One sentence.
  public let summary: String
  /// Assignments as `--set` takes them.
  public let settings: [String]
  /// Assignments as `--env-set` takes them.
  public let environmentSettings: [String]

  /// Creates a preset.
  public init(name: String, summary: String, settings: [String] = [], environmentSettings: [String] = []) {
    self.name = name
    self.summary = summary
    self.settings = settings
    self.environmentSettings = environmentSettings
  }
}

extension [Preset] {
  /// The preset of that name.
  public func named(_ name: String, of component: String) throws(ConfigurationError) -> Preset {
    guard let preset = first(where: { $0.name == name }) else {
      throw .unknown("preset of \(component)", name, among: map(\.name))
    }
    return preset
  }
}

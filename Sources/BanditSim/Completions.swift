import ArgumentParser
import BanditCore
import BanditLaboratory

/// What shells offer for names and settings: those that the running program knows, plug-ins' too.
enum Completions {
  static let agents = names { $0.registry.agents.map { $0.name } }
  static let environments = names { $0.registry.environments.map { $0.name } }
  static let experiments = names { $0.experiments.map { $0.name } }
  static let observers = names { $0.observers.map { $0.name } }
  /// All that has settings.
  static let components = names { catalogue in
    catalogue.registry.agents.map { $0.name } + catalogue.registry.environments.map { $0.name }
      + catalogue.experiments.map { $0.name }
  }

  /// The presets of the agent in the words.
  static let presets = CompletionKind.custom { words, _, _ in
    agent(in: words).map { $0.presets.map(\.name) } ?? []
  }

  /// The settings of the agent in the words, each with the sign that its value follows.
  static let agentSettings = CompletionKind.custom { words, _, _ in
    agent(in: words).map { keys(of: $0) } ?? []
  }

  /// The settings of the environment in the words.
  static let environmentSettings = CompletionKind.custom { words, _, _ in
    let name = value(of: "--environment", in: words) ?? "mushroom"
    return Catalogue.current.registry.environments.first { $0.name == name }.map { keys(of: $0) } ?? []
  }

  /// The settings of the experiment in the words.
  static let experimentSettings = CompletionKind.custom { words, _, _ in
    Catalogue.current.experiments.first { words.contains($0.name) }.map { keys(of: $0) } ?? []
  }

  private static func names(_ names: @escaping @Sendable (Catalogue) -> [String]) -> CompletionKind {
    .custom { _, _, _ in names(.current) }
  }

  private static func agent(in words: [String]) -> (any Agent.Type)? {
    let name = value(of: "--agent", in: words)
    return Catalogue.current.registry.agents.first { $0.name == name }
  }

  /// The word after an option, the last time that it stands.
  private static func value(of option: String, in words: [String]) -> String? {
    words.lastIndex(of: option).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
  }

  private static func keys<C: Component>(of component: C.Type) -> [String] {
    ((try? Settings.list(C.Configuration())) ?? []).map { "\($0.key)=" }
  }
}

import BanditCore
import BanditLaboratory
import BanditSimulation
import Foundation

/// A bandit of the Showdown: an environment with settings, and how many steps it is played for.
struct ShowdownTask: Hashable, Sendable {
  /// What tables and folders call it.
  let name: String
  /// The environment.
  let environment: String
  /// Its settings.
  var settings: [String: SettingValue] = [:]
  /// The steps of the original or, of files, one pass.
  let steps: Int

  /// The Showdown's, in the order of its paper; the wheel at each of its published δ.
  static let all: [ShowdownTask] =
    [
      ShowdownTask(name: "mushroom", environment: "mushroom", steps: 50_000),
      onePass("statlog", steps: 43_500), onePass("covertype", steps: 150_000),
      onePass("financial", steps: 3_713), onePass("jester", steps: 19_181), onePass("adult", steps: 45_222),
      onePass("census", steps: 150_000),
    ]
    + ["0.5", "0.7", "0.9", "0.95", "0.99"].map { delta in
      ShowdownTask(
        name: "wheel-\(delta)", environment: "wheel", settings: ["delta": .text(delta)], steps: 80_000)
    } + [
      ShowdownTask(name: "linear", environment: "linear", steps: 10_000),
      ShowdownTask(name: "sparse-linear", environment: "sparse-linear", steps: 10_000),
    ]

  /// A file whose rows are shown once each, as the original does.
  private static func onePass(_ name: String, steps: Int) -> ShowdownTask {
    ShowdownTask(
      name: name, environment: name, settings: ["sampling": .text("permutation")], steps: steps)
  }

  /// The tasks of the given words, each a task of the Showdown or any environment by its name.
  static func named(_ words: [String], _ registry: Registry) throws(ConfigurationError) -> [ShowdownTask] {
    try words.map { word throws(ConfigurationError) in
      if let task = all.first(where: { $0.name == word }) { return task }
      guard registry.environments.contains(where: { $0.name == word }) else {
        throw .unknown("environments", word, among: all.map(\.name) + registry.environments.map { $0.name })
      }
      return ShowdownTask(name: word, environment: word, steps: 10_000)
    }
  }
}

/// An agent of the Showdown in the settings that are recommended.
struct ShowdownAgent: Hashable, Sendable {
  /// What all others are compared with.
  static let reference = "epsilon-greedy"
  /// The preset to take of every agent that has it.
  static let preset = "standard"

  /// The agent.
  let name: String
  /// Whether it has `preset`.
  let hasPreset: Bool
  /// Whether it trains a network, which takes its time.
  let isDeep: Bool
  /// Settings on top of the preset.
  var settings: [String: SettingValue] { name == Self.reference ? ["epsilon": .number(0.01)] : [:] }

  /// The agents of the given names; every contender where there is none given.
  ///
  /// The reference is always among them.
  static func named(_ names: [String], _ registry: Registry) throws(ConfigurationError) -> [ShowdownAgent] {
    // A program of the user's has no settings to be played in.
    let contenders = registry.agents.filter { $0.role == .contender && !($0 is any ProgramComponent.Type) }
      .map { $0.name }
    let wanted = names.isEmpty ? contenders : names
    return try ([reference] + wanted).distinct.map { name throws(ConfigurationError) in
      guard registry.agents.contains(where: { $0.name == name }) else {
        throw .unknown("agents", name, among: registry.agents.map { $0.name })
      }
      return try ShowdownAgent(registry.agent(named: name))
    }
  }

  private init(_ agent: any Agent.Type) throws(ConfigurationError) {
    func keys<A: Agent>(_ agent: A.Type) throws(ConfigurationError) -> [String] {
      try Settings.list(A.Configuration()).map(\.key)
    }
    name = agent.name
    hasPreset = agent.presets.contains { $0.name == Self.preset }
    isDeep = try keys(agent).contains("hiddenLayers")
  }

  /// A run of the agent.
  func run(
    _ task: ShowdownTask, steps: Int, seed: UInt64, _ registry: Registry
  ) throws -> RunSettings {
    var request = RunRequest()
    request.agent = name
    request.environment = task.environment
    request.steps = steps
    request.seed = seed
    request.preset = hasPreset ? Self.preset : nil
    request.agentSettings = settings
    request.environmentSettings = task.settings
    return try request.resolved(in: registry)
  }
}

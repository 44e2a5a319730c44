import ArgumentParser
import BanditCore
import BanditExperiments

/// `bandit-sim describe`.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Shows an agent's, environment's or experiment's settings, source, deviations and presets.")

  @Argument(help: "The name of an agent, environment or experiment.")
  var name: String

  func run() throws {
    try reportingUsage {
      let registry = Registry.current
      if let agent = registry.agents.first(where: { $0.name == name }) {
        try Console.result(text(agent, option: "--set"))
      } else if let environment = registry.environments.first(where: { $0.name == name }) {
        try Console.result(text(environment, option: "--env-set"))
      } else if let experiment = BuiltInExperiments.all.first(where: { $0.name == name }) {
        let quick = experiment.quick.map { "--set \($0)" }.joined(separator: " ")
        try Console.result(text(experiment, option: "--set") + "\n\n" + Format.wrapped("--scale quick: \(quick)"))
      } else {
        let names =
          registry.agents.map { $0.name } + registry.environments.map { $0.name }
          + BuiltInExperiments.all.map { $0.name }
        throw ConfigurationError.unknown("name", name, among: names)
      }
    }
  }

  private func text<C: Component>(_ component: C.Type, option: String) -> String {
    let description = component.description
    var sections = [[component.name, description.summary].filter { !$0.isEmpty }.joined(separator: ": ")]
    if let paper = description.paper { sections.append(Format.wrapped("Source: \(paper)")) }
    if let deviations = description.deviations {
      sections.append(Format.wrapped("Deviations: \(deviations)"))
    }
    let settings = Settings.list(C.Configuration())
    if settings.isEmpty {
      sections.append("No settings.")
    } else {
      let rows = settings.map { setting in
        [
          setting.key, setting.value.description, setting.kind.description,
          description.settings[setting.key] ?? "",
        ]
      }
      sections.append(
        "Settings (\(option) key=value):\n" + Format.leftTable([["key", "default", "allowed", ""]] + rows))
    }
    if !component.presets.isEmpty {
      let rows = component.presets.map { preset in
        let words =
          preset.settings.map { "--set \($0)" } + preset.environmentSettings.map { "--env-set \($0)" }
        return [preset.name, preset.summary, words.joined(separator: " ")]
      }
      sections.append("Presets (--preset name):\n" + Format.leftTable(rows))
    }
    return sections.joined(separator: "\n\n")
  }
}

import ArgumentParser
import BanditCore
import BanditLaboratory

/// `bandit-sim describe`.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Shows an agent's, environment's or experiment's settings, source, deviations and presets.")

  @Argument(help: "The name of an agent, environment or experiment.", completion: Completions.components)
  var name: String

  func run() throws {
    try reportingUsage {
      let registry = Catalogue.current.registry
      let experiments = Catalogue.current.experiments
      let texts =
        try registry.agents.filter { $0.name == name }.map { try text($0, option: "--set") }
        + registry.environments.filter { $0.name == name }.map { try text($0, option: "--env-set") }
        + experiments.filter { $0.name == name }.map { try text(of: $0) }
      if texts.isEmpty {
        let names =
          registry.agents.map { $0.name } + registry.environments.map { $0.name }
          + experiments.map { $0.name }
        throw ConfigurationError.unknown("name", name, among: names)
      }
      // The mushrooms are an environment and an experiment.
      try Console.result(texts.joined(separator: "\n\n\n"))
    }
  }

  private func text<E: Experiment>(of experiment: E.Type) throws -> String {
    let quick = E.quick.map { "--set \($0)" }.joined(separator: " ")
    var sections = [
      try text(experiment, option: "--set", kind: "Experiment "), Format.wrapped("--scale quick is \(quick)"),
    ]
    if !E.figures.isEmpty { sections.append(Format.wrapped("Figures: \(E.figures.joined(separator: ", "))")) }
    if let duration = E.duration {
      sections.append(
        Format.wrapped(
          "Takes \(Format.about(duration.full)) of one core under one seed, "
            + "\(Format.about(duration.quick)) with --scale quick."))
    }
    return sections.joined(separator: "\n\n")
  }

  private func text<C: Component>(_ component: C.Type, option: String, kind: String = "") throws -> String {
    let description = component.description
    let title = [component.name, description.summary].filter { !$0.isEmpty }.joined(separator: ": ")
    var sections = [Format.fitted(kind + title)]
    if let paper = description.paper { sections.append(Format.wrapped("Source: \(paper)")) }
    if let deviations = description.deviations {
      sections.append(Format.wrapped("Deviations: \(deviations)"))
    }
    let settings = try Settings.list(C.Configuration())
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

import ArgumentParser
import BanditCore
import BanditLaboratory
import BanditSimulation

/// `bandit-sim sweep commands`.
struct SweepCommandsCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "commands", abstract: "Prints a command a line for every run of a sweep that is not done.",
      discussion: """
        For GNU parallel and other engines. Each command resumes its run where it was stopped, and one that is done \
        plays nothing; 'sweep status' and 'sweep table' see them all.

        Example:
          \(Program.name) sweep commands results | parallel -j 8
        """)
  }

  @Argument(help: "The folder of a sweep.")
  var folder: String

  func run() throws {
    try reportingUsage {
      let opened = try OpenedSweep(in: folder)
      for run in try opened.stage().runs {
        guard opened.folder.summary(of: run.name, steps: run.settings.steps) == nil else { continue }
        try Console.result(Self.command(run.settings, into: opened.folder.folder(of: run.name)))
      }
    }
  }

  private static func command(_ run: RunSettings, into folder: String) throws -> String {
    let registry = Catalogue.current.registry
    let words =
      [
        Program.name, "run", "--agent", run.agent, "--environment", run.environment, "--steps",
        "\(run.steps)",
      ]
      + ["--seed", "\(run.seed)"]
      + (try changed(run.agentSettings, registry.agent(named: run.agent)).flatMap { ["--set", $0] })
      + (try changed(run.environmentSettings, registry.environment(named: run.environment))
        .flatMap { ["--env-set", $0] })
      + ["--threads", "1", "--quiet", "--resume", "--out", folder]
    return words.map(\.shellWord).joined(separator: " ")
  }

  /// The settings that are not the defaults.
  private static func changed<C: Component>(
    _ values: [String: SettingValue], _ component: C.Type
  ) throws -> [String] {
    let defaults = try Settings.values(C.Configuration())
    return values.sorted { $0.key < $1.key }.filter { defaults[$0.key] != $0.value }.map {
      "\($0.key)=\($0.value)"
    }
  }
}

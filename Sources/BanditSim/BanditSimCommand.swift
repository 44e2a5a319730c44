import ArgumentParser
import BanditCore
import BanditData
import BanditFigures
import BanditSimulation

/// The program's name and version, for help, manifests and `--version`.
enum Program {
  /// What the running program is called, for help texts alone.
  @TaskLocal static var name = "bandit-sim"

  static let version = "0.1.0"
  static let nameAndVersion = "bandit-sim \(version)"
}

/// `bandit-sim`.
struct BanditSimCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Program.name,
      abstract: "Simulates contextual bandits with deep Bayesian agents.",
      discussion: """
        The main job: \(Program.name) --agent bbb --steps 50000 plays the UCI mushroom bandit and leaves \
        runs/mushroom-bbb-seed0/regret.csv.gz.
        """,
      version: Program.version,
      subcommands: [
        RunCommand.self, ListCommand.self, DescribeCommand.self, CompareCommand.self, FigureCommand.self,
        ExportCommand.self, ExperimentCommand.self, DataCommand.self,
      ],
      defaultSubcommand: RunCommand.self)
  }
}

extension ExitCode {
  /// Another process has the folder: `EX_TEMPFAIL` of `sysexits.h`, by which schedulers know that it may be tried again.
  static let folderInUse = ExitCode(75)
}

/// Runs a command's body; what a user can mend in the words given becomes a usage error (exit code 64).
func reportingUsage(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as ConfigurationError {
    throw ValidationError(error.description)
  } catch let error as UnknownDataSet {
    throw ValidationError(error.description)
  } catch let error as FolderInUseError {
    Console.note("Error: \(error)\n")
    throw ExitCode.folderInUse
  } catch let error as FigureError {
    if case .unknownFormat = error { throw ValidationError(error.description) }
    throw error
  }
}

import ArgumentParser
import BanditCore
import BanditData
import BanditFigures
import BanditFiles
import BanditSimulation
import Foundation

/// The program's name and version, for help, manifests and `--version`.
enum Program {
  /// What the running program is called, for help texts alone.
  @TaskLocal static var name = "bandit-sim"

  static let version = "1.0.0"
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
        ReportCommand.self, EvaluateCommand.self, ExportCommand.self, ExperimentCommand.self,
        SweepCommand.self, DataCommand.self, CheckAgentCommand.self,
      ],
      defaultSubcommand: RunCommand.self)
  }
}

extension ExitCode {
  /// Another process has the folder: `EX_TEMPFAIL` of `sysexits.h`, by which schedulers know that it may be tried again.
  static let folderInUse = ExitCode(75)
}

extension BanditSimCommand {
  /// Runs the words that the process was started with, and ends it with the exit code that tells what came of it.
  static func runProgram() -> Never {
    var parsed: (any ParsableCommand)?
    do {
      var command = try parseAsRoot()
      parsed = command
      try command.run()
      Foundation.exit(EXIT_SUCCESS)
    } catch {
      let code = exitCode(for: error)
      let text = text(of: error, from: parsed)
      if code.isSuccess {
        do { try Console.result(text) } catch {
          Console.note("Error: \(error)\n")
          Foundation.exit(EXIT_FAILURE)
        }
      } else if !text.isEmpty {
        Console.note(text + "\n")
      }
      Foundation.exit(code.rawValue)
    }
  }

  /// What a user reads of an error: of one in the words given, with the usage of the command that they are for.
  private static func text(of error: any Error, from command: (any ParsableCommand)?) -> String {
    guard let command, !exitCode(for: error).isSuccess else { return fullMessage(for: error) }
    guard let error = error as? ValidationError else {
      return error is ExitCode ? fullMessage(for: error) : "Error: \(error.sentence)"
    }
    let usage = usageString(for: type(of: command))
    let name = usage.split(separator: " ").prefix { !$0.hasPrefix("<") && !$0.hasPrefix("[") }
      .joined(separator: " ")
    return "Error: \(error.message)\nUsage: \(usage)\n  See '\(name) --help' for more information."
  }
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

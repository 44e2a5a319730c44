import ArgumentParser
import BanditAgents
public import BanditCore
import BanditEnvironments
import Foundation

/// The whole command line, with agents and environments of one's own beside the built-in ones.
///
/// `Examples/CustomAgent` is a package that does this.
///
/// ```swift
/// @main struct MyLab: SimulationApp { static let agents: [any Agent.Type] = [RoundRobin.self] }
/// ```
public protocol SimulationApp {
  /// Agents to add.
  static var agents: [any Agent.Type] { get }
  /// Environments to add.
  static var environments: [any Environment.Type] { get }
}

extension SimulationApp {
  /// No agents.
  public static var agents: [any Agent.Type] { [] }
  /// No environments.
  public static var environments: [any Environment.Type] { [] }

  /// Runs the command line with the words that the process was started with.
  public static func main() {
    Console.openClosedStreams()
    // A reader of stdout or stderr that goes away is a failed write, never the end of a run.
    signal(SIGPIPE, SIG_IGN)
    do {
      let registry = try Registry(agents: BuiltInAgents.all, environments: BuiltInEnvironments.all)
        .adding(agents: agents, environments: environments)
      Program.$name.withValue(executableName) {
        Registry.$current.withValue(registry) { BanditSimCommand.main() }
      }
    } catch {
      Console.note("Error: \(error)\n")
      exit(1)
    }
  }
}

/// What the running program was started as.
private var executableName: String {
  CommandLine.arguments.first.map { URL(filePath: $0).lastPathComponent } ?? Program.name
}

/// The program as it comes.
public struct BanditSimApp: SimulationApp {}

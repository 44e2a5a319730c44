import ArgumentParser
public import BanditCore
public import BanditData
public import BanditLaboratory
public import BanditSimulation
import BanditNumerics
import Foundation

/// The whole command line, with agents, environments and more of one's own beside the built-in ones.
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
  /// Experiments to add.
  static var experiments: [any Experiment.Type] { get }
  /// Data sets to add.
  static var dataSets: [DataSet] { get }
  /// Observers of runs to add, for `--observe`.
  static var observers: [any RequestedObserver.Type] { get }
}

extension SimulationApp {
  /// No agents.
  public static var agents: [any Agent.Type] { [] }
  /// No environments.
  public static var environments: [any Environment.Type] { [] }
  /// No experiments.
  public static var experiments: [any Experiment.Type] { [] }
  /// No data sets.
  public static var dataSets: [DataSet] { [] }
  /// No observers.
  public static var observers: [any RequestedObserver.Type] { [] }

  /// Runs the command line with the words that the process was started with.
  public static func main() {
    Console.openClosedStreams()
    Console.checkPrintedWords()
    // A reader of stdout or stderr that goes away is a failed write, never the end of a run.
    signal(SIGPIPE, SIG_IGN)
    do {
      try requireKnownKernels()
      let catalogue = try Catalogue.builtIn.adding(
        Catalogue(
          registry: Registry(agents: agents, environments: environments), experiments: experiments,
          dataSets: dataSets, observers: observers))
      Program.$name.withValue(executableName) {
        Catalogue.$current.withValue(catalogue) { BanditSimCommand.runProgram() }
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

/// The program with nothing added.
public struct BanditSimApp: SimulationApp {}

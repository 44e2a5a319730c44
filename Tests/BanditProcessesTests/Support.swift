import BanditAgents
import BanditCore
import BanditEnvironments
import BanditNumerics
import BanditProcesses
import BanditSimulation
import Foundation
import Testing
import TestSupport

/// The top of the repository.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

let registry = Registry(
  agents: BuiltInAgents.all + [ChildAgent.self],
  environments: BuiltInEnvironments.all + [ChildEnvironment.self])

/// The agent in C of the examples, built once.
let roundRobin: String = get {
  let path = FileManager.default.temporaryDirectory.appending(path: "bandit-child-\(UUID().uuidString)").path
  let result = try run(["cc", "-O2", "-o", path, repository + "/Examples/Children/round_robin.c"])
  try #require(result.status == 0, "\(result.errors)")
  return path
}

private func get(_ body: () throws -> String) -> String {
  do { return try body() } catch { return "no program: \(error)" }
}

/// A child in Python that uses the package of this repository, as it is in the sources.
func python(_ file: String, in folder: String = repository + "/Examples/Children") -> String {
  "env PYTHONPATH=\(repository)/Python/src python3 \(folder)/\(file)"
}

/// A Python program of the given lines that serves the agent `Mine`.
func agentProgram(_ lines: String, in folder: String) throws -> String {
  try write("import bandit_sim\n" + lines + "\nbandit_sim.serve(Mine)\n", to: folder + "/mine.py")
  return python("mine.py", in: folder)
}

/// A run's settings with a child as its agent.
func settings(
  _ program: String, _ given: [String: SettingValue] = [:], environment: String = "linear",
  environmentSettings: [String: SettingValue] = [:], steps: Int = 200, seed: UInt64 = 3
) throws -> RunSettings {
  var request = RunRequest()
  request.agent = "exec:" + program
  request.environment = environment
  request.environmentSettings = environmentSettings
  request.agentSettings = given
  request.steps = steps
  request.seed = seed
  return try request.resolved(in: registry)
}

/// The actions and rewards of a run.
func played(_ settings: RunSettings) throws -> [String] {
  var simulation = try Simulation(settings, registry: registry)
  var rows: [String] = []
  _ = try simulation.run { rows.append("\($0.action) \($0.reward)") }
  return rows
}

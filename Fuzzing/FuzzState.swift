import BanditAgents
import BanditCore
import BanditEnvironments
import BanditFiles
import BanditSimulation
import Foundation

/// The state of an agent and its environment, as a checkpoint holds it, but for the checksum.
extension FuzzTarget {
  static func state(of agent: String) -> FuzzTarget {
    FuzzTarget(name: agent) { bytes in
      var simulation = try simulation(of: agent)
      try simulation.restore(from: Checkpoint(Safetensors(bytes: bytes, file: "fuzz"), path: "fuzz"))
      // What was accepted must also play.
      for _ in 0..<3 where !simulation.isFinished { try simulation.step() }
      _ = RunSummary(simulation, interrupted: false, checkpoints: .zero, elapsed: .zero)
    } seed: {
      var simulation = try simulation(of: agent)
      for _ in 0..<8 { try simulation.step() }
      var checkpoint = Checkpoint(for: "fuzz")
      try simulation.save(to: &checkpoint)
      return checkpoint.contents.bytes
    }
  }

  private static func simulation(of agent: String) throws -> Simulation {
    var request = RunRequest()
    (request.agent, request.steps, request.seed) = (agent, 1_000, 1)
    let small = ["hiddenLayers=2", "minibatches=1", "batchSize=4", "prefill=3", "bufferSize=6", "members=2"]
    let type = try registry.agent(named: agent)
    request.agentSettings = Dictionary(
      uniqueKeysWithValues: try small.map { try Settings.assignment($0) }.filter { takes($0, type) })
    return try Simulation(request.resolved(in: registry), registry: registry)
  }

  private static func takes<A: Agent>(_ assignment: (key: String, value: SettingValue), _ type: A.Type)
    -> Bool
  {
    (try? Settings.applying([assignment], to: A.Configuration())) != nil
  }

  /// What the program has built in.
  static let registry = Registry(agents: BuiltInAgents.all, environments: BuiltInEnvironments.all)
}

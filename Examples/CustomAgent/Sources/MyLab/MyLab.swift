import BanditSim

/// The whole command line of `bandit-sim`, with an agent and an environment more.
@main struct MyLab: SimulationApp {
  static let agents: [any Agent.Type] = [RoundRobin.self]
  static let environments: [any Environment.Type] = [ThreeArms.self]
}

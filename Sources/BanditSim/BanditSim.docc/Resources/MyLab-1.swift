import BanditSim

/// The whole command line of `bandit-sim`, with one more agent.
@main struct MyLab: SimulationApp {
  static let agents: [any Agent.Type] = [RoundRobin.self]
}

import BanditSim

/// The whole command line of `bandit-sim`, with an agent more.
@main struct DeepLab: SimulationApp {
  static let agents: [any Agent.Type] = [TopTwo.self]
}

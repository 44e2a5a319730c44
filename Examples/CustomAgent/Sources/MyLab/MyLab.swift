import BanditSim

/// The whole command line of `bandit-sim`, with one more of each kind.
@main struct MyLab: SimulationApp {
  static let agents: [any Agent.Type] = [RoundRobin.self]
  static let environments: [any Environment.Type] = [ThreeArms.self, Canteen.self]
  static let observers: [any RequestedObserver.Type] = [Milestones.self]
  static let experiments: [any Experiment.Type] = [Turns.self]
  static let dataSets = [Directions.dataSet]
}

import BanditSim

/// Takes the first action, whatever happens.
struct RoundRobin: Agent {
  static let name = "round-robin"

  init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {}

  func selectAction(for observation: Observation) -> Decision { Decision(action: 0) }

  mutating func update(_ transition: Transition) {}
}

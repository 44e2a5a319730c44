import BanditSim

/// Takes the actions in turn, and stays with one while it pays.
struct RoundRobin: Agent {
  static let name = "round-robin"

  let actionCount: Int
  var action = 0

  init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {
    actionCount = spec.actionCount
  }

  func selectAction(for observation: Observation) -> Decision { Decision(action: action) }

  mutating func update(_ transition: Transition) {
    if transition.reward < 1 { action = (action + 1) % actionCount }
  }
}

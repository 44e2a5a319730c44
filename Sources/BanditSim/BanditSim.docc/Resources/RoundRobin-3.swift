import BanditSim

/// Takes the actions in turn, and stays with one while it pays enough.
struct RoundRobin: Agent, Checkpointable, Codable {
  struct Configuration: ComponentConfiguration { var enough = 1.0 }

  static let name = "round-robin"
  static let description = ComponentDescription(
    summary: "Takes the actions in turn, and stays with one while it pays enough.",
    settings: ["enough": "smallest reward to stay for"])

  let enough: Double
  let actionCount: Int
  var action = 0

  init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) {
    enough = configuration.enough
    actionCount = spec.actionCount
  }

  func selectAction(for observation: Observation) -> Decision { Decision(action: action, propensity: 1) }

  mutating func update(_ transition: Transition) {
    if transition.reward < enough { action = (action + 1) % actionCount }
  }
}

/// The agents and environments that a program knows, handed down as a value.
public struct Registry: Sendable {
  /// The agents, in the order they are listed.
  public let agents: [any Agent.Type]
  /// The environments, in the order they are listed.
  public let environments: [any Environment.Type]

  /// Creates a registry.
  public init(agents: [any Agent.Type] = [], environments: [any Environment.Type] = []) {
    self.agents = agents
    self.environments = environments
  }

  /// This registry with more agents and environments.
  ///
  /// - Throws: `ConfigurationError` where a name is taken, because results under a name must stay comparable.
  public func adding(
    agents: [any Agent.Type], environments: [any Environment.Type]
  ) throws(ConfigurationError) -> Registry {
    let joined = Registry(agents: self.agents + agents, environments: self.environments + environments)
    try ConfigurationError.requireDifferent("agent", joined.agents.map { $0.name })
    try ConfigurationError.requireDifferent("environment", joined.environments.map { $0.name })
    return joined
  }

  /// The agent of that name.
  public func agent(named name: String) throws(ConfigurationError) -> any Agent.Type {
    guard let agent = agents.first(where: { $0.name == name }) else {
      throw .unknown("agent", name, among: agents.map { $0.name })
    }
    return agent
  }

  /// The environment of that name.
  public func environment(named name: String) throws(ConfigurationError) -> any Environment.Type {
    guard let environment = environments.first(where: { $0.name == name }) else {
      throw .unknown("environment", name, among: environments.map { $0.name })
    }
    return environment
  }
}

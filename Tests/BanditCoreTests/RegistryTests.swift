import BanditCore
import Testing

@Suite("Registry")
struct RegistryTests {
  private let registry = Registry(agents: [FirstAction.self], environments: [Nothing.self])

  @Test("Components are found by name")
  func found() throws {
    #expect(try registry.agent(named: "first-action") == FirstAction.self)
    #expect(try registry.environment(named: "nothing") == Nothing.self)
  }

  @Test("An unknown name is refused with those there are and the nearest spelling")
  func unknown() {
    let agent = configurationError { _ = try registry.agent(named: "frist-action") }
    #expect(
      agent?.description
        == "agent: 'frist-action' is not allowed; did you mean 'first-action'? Allowed: first-action.")
    let environment = configurationError { _ = try registry.environment(named: "mushroom") }
    #expect(environment?.description == "environment: 'mushroom' is not allowed; allowed: nothing.")
    #expect(configurationError { _ = try Registry().agent(named: "a") }?.allowed == "none")
  }

  @Test("More components are added behind the others")
  func adding() throws {
    let joined = try Registry().adding(agents: [FirstAction.self], environments: [Nothing.self])
    #expect(joined.agents.map { $0.name } == ["first-action"])
    #expect(joined.environments.map { $0.name } == ["nothing"])
  }

  @Test("A name that is taken is refused, for agents and for environments")
  func duplicates() {
    let agent = configurationError { _ = try registry.adding(agents: [FirstAction.self], environments: []) }
    #expect(
      agent == ConfigurationError(key: "agent", given: "first-action", allowed: "a name that is not taken"))
    let environment = configurationError {
      _ = try registry.adding(agents: [], environments: [Nothing.self])
    }
    #expect(environment?.key == "environment")
  }
}

@Suite("Configuration errors")
struct ConfigurationErrorTests {
  @Test("The sentence has the key, what was given, what is allowed and the suggestion")
  func sentence() {
    let plain = ConfigurationError(key: "epsilon", given: "2", allowed: "from 0 to 1")
    #expect(plain.description == "epsilon: '2' is not allowed; allowed: from 0 to 1.")
    let missing = ConfigurationError(key: "agent", given: "", allowed: "bbb")
    #expect(missing.description == "agent is missing; allowed: bbb.")
    let hinted = ConfigurationError(key: "agent", given: "bb", allowed: "bbb", suggestion: "bbb")
    #expect(hinted.description == "agent: 'bb' is not allowed; did you mean 'bbb'? Allowed: bbb.")
  }

  @Test("A requirement throws only where it does not hold")
  func require() {
    #expect(
      configurationError { try ConfigurationError.require(true, key: "a", given: 1, allowed: "2") } == nil)
    #expect(
      configurationError { try ConfigurationError.require(false, key: "a", given: 1.5, allowed: "2") }
        == ConfigurationError(key: "a", given: "1.5", allowed: "2"))
  }

  @Test(
    "The suggestion is the nearest name, whatever its case, if it is near",
    arguments: [
      ("epsilon-gredy", "epsilon-greedy"), ("BBB", "bbb"), ("bb", "bbb"), ("uniformly", "uniform"),
      ("niform", "uniform"), ("fxied", "fixed"), ("quantum-annealing", nil), ("", nil),
    ] as [(String, String?)])
  func suggestion(given: String, nearest: String?) {
    let names = ["bbb", "epsilon-greedy", "uniform", "fixed"]
    #expect(ConfigurationError.unknown("agent", given, among: names).suggestion == nearest)
  }
}

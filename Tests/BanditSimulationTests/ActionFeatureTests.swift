import BanditAgents
import BanditCore
import BanditEnvironments
import BanditNumerics
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Features of actions, and actions that come and go")
struct ActionFeatureTests {
  /// Takes the first action, be it there or not.
  struct Stubborn: ActionFeatureAgent {
    static let name = "stubborn"

    init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {}

    mutating func selectAction(for observation: Observation) -> Decision { Decision(action: 0) }

    mutating func update(_ transition: Transition) {}
  }

  private static let able = [
    "bbb", "epsilon-greedy", "ensemble", "neural-linear", "linear-thompson", "linear-ucb",
  ]

  @Test("Agents that take features of films earn more than random ones", arguments: able)
  func learning(agent: String) throws {
    let isDeep = !agent.hasPrefix("linear")
    var words = isDeep ? ["hiddenLayers=16", "minibatches=4", "batchSize=32", "learningRate=0.003"] : []
    if isDeep { words += ["prefill=300", "schedule=constant"] }
    let run = try settings(agent, words, environment: "movies", steps: isDeep ? 700 : 1_000)
    let totals = try play(run).totals
    // An agent that learns nothing is at 100.
    #expect(try #require(totals.percentOfUniform) < 80)
  }

  @Test("Every other agent is refused with the names of those that can", arguments: ["fixed", "neural-ucb"])
  func refused(agent: String) throws {
    let run = try settings(agent, environment: "movies", steps: 10)
    let error = #expect(throws: ConfigurationError.self) { try Simulation(run, registry: registry) }
    #expect(error?.description.contains("linear-thompson, linear-ucb") == true)
  }

  @Test("An action that is not there ends the run")
  func missing() throws {
    let own = Registry(agents: [Stubborn.self], environments: BuiltInEnvironments.all)
    var request = RunRequest()
    (request.agent, request.environment, request.steps) = ("stubborn", "movies", 200)
    var simulation = try Simulation(request.resolved(in: own), registry: own)
    let error = #expect(throws: AgentError.self) { try simulation.run(record: { _ in }) }
    #expect(error?.description.contains("not available") == true)
  }

  @Test("What has no words for it refuses the task", arguments: ["delay", "drift"])
  func wrapped(wrapper: String) throws {
    var run = try settings("uniform", environment: wrapper, steps: 10)
    run.environmentSettings["of"] = .text("movies")
    #expect(throws: ConfigurationError.self) { try Simulation(run, registry: registry) }
    let movies = try settings("uniform", environment: "movies", steps: 10)
    try withTemporaryDirectory { folder in
      _ = #expect(throws: ConfigurationError.self) {
        try Run(
          Simulation(movies, registry: registry), program: "tests",
          observers: [InteractionLog<JSONInteractions>()]
        ).play(into: RunDirectory(creating: folder, overwrite: false), shouldStop: { false })
      }
    }
  }

  @Test("A run is resumed to the same bytes")
  func resumed() throws {
    try withTemporaryDirectory { folder in
      let run = try settings("linear-ucb", environment: "movies", steps: 600)
      try play(run, into: folder + "/whole")
      var steps = 0
      for isResumed in [false, true] {
        _ = try Run(
          Simulation(run, registry: registry), program: "tests",
          observers: [ProgressObserver { steps = $0.record.step }]
        ).play(
          into: RunDirectory(creating: folder + "/x", overwrite: false, resume: isResumed),
          shouldStop: { !isResumed && steps >= 250 })
      }
      #expect(
        try contents(of: folder + "/x/regret.csv.gz") == contents(of: folder + "/whole/regret.csv.gz"))
    }
  }
}

import BanditAgents
import BanditCore
import BanditEnvironments
import BanditNumerics
import Foundation
import TestSupport
import Testing

@testable import BanditSimulation

/// Takes the actions in turn and notes what it hears of them.
private struct Listener: Agent, Checkpointable, Codable {
  /// What was heard of, and when.
  struct Word: Codable, Hashable {
    /// Actions chosen before.
    let steps: Int
    let action: Int
    let reward: Double
    let context: [Float]
  }

  static let name = "listener"
  private let actionCount: Int
  private var steps = 0
  private(set) var words: [Word] = []

  init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) { actionCount = spec.actionCount }

  mutating func selectAction(for observation: Observation) -> Decision {
    defer { steps += 1 }
    return Decision(action: steps % actionCount, propensity: steps % 2 == 0 ? nil : 0.5)
  }

  mutating func update(_ transition: Transition) {
    words.append(
      Word(
        steps: steps, action: transition.decision.action, reward: transition.reward,
        context: transition.observation.features + transition.observation.activeIndices.map { Float($0) }
          + [Float(transition.decision.propensity ?? 0)]))
  }
}

@Suite("Runs with late rewards")
struct DelayedRunTests {
  private let registry = Registry(
    agents: BuiltInAgents.all + [Listener.self], environments: BuiltInEnvironments.all)

  private func settings(
    _ agent: String, _ kind: String, _ length: Int, of: String = "gaussian-arms", steps: Int,
    words: [String] = []
  ) throws -> RunSettings {
    var request = RunRequest()
    (request.agent, request.environment, request.steps) = (agent, "delay", steps)
    request.environmentSettings = [
      "of": .text(of), "kind": .text(kind), "steps": .integer(length),
      "ofSet": .list(
        of == "gaussian-arms" ? [.text("means=0,1,2,3,4,5,6,7,8,9"), .text("deviation=0")] : []),
    ]
    let pairs = try words.map { try Settings.assignment($0) }
    request.agentSettings = Dictionary(pairs.map { ($0.key, $0.value) }) { _, last in last }
    return try request.resolved(in: registry)
  }

  /// What is heard in a run of which nothing is saved.
  private func words(_ settings: RunSettings) throws -> [Listener.Word] {
    var simulation = try Simulation(settings, registry: registry)
    _ = try simulation.run(record: { _ in })
    return try #require(simulation.agent as? Listener).words
  }

  @Test("A reward is heard of as many steps later, those at the end never")
  func fixed() throws {
    let words = try words(settings("listener", "fixed", 3, steps: 25))
    #expect(words.map(\.steps) == Array(4...25))
    #expect(words.map(\.action) == (0..<22).map { $0 % 10 })
    #expect(words.allSatisfy { $0.reward == Double($0.action) })
    let prompt = try self.words(settings("listener", "fixed", 0, steps: 5))
    #expect(prompt.map(\.steps) == [1, 2, 3, 4, 5] && prompt.map(\.action) == [0, 1, 2, 3, 4])
  }

  @Test("A batch is heard of at its end, in its order")
  func batch() throws {
    let words = try words(settings("listener", "batch", 4, steps: 11))
    #expect(words.map(\.steps) == [4, 4, 4, 4, 8, 8, 8, 8])
    #expect(words.map(\.action) == [0, 1, 2, 3, 4, 5, 6, 7])
  }

  @Test("With random delays each step is heard of once at most, and most of them are")
  func geometric() throws {
    let words = try words(settings("listener", "geometric", 5, of: "linear", steps: 400))
    #expect(Set(words.map(\.context)).count == words.count)
    #expect((350..<400).contains(words.count))
    #expect(words.map(\.steps) == words.map(\.steps).sorted())
    #expect(words.map(\.action) != words.map(\.action).enumerated().map { $0.offset % 8 })
  }

  @Test(
    "A run that is saved and resumed after each step hears the same",
    arguments: ["gaussian-arms", "linear", "mushroom", "drift"], ["fixed", "geometric", "batch"])
  func resumed(of: String, kind: String) throws {
    let settings = try settings("listener", kind, 7, of: of, steps: 40)
    let expected = try words(settings)
    #expect(!expected.isEmpty)
    var simulation = try Simulation(settings, registry: registry)
    for _ in 0..<40 {
      var checkpoint = Checkpoint(for: "state")
      try simulation.save(to: &checkpoint)
      let read = try Checkpoint(checkpoint.contents, path: "state")
      simulation = try Simulation(settings, registry: registry)
      try simulation.restore(from: read)
      try simulation.step()
    }
    #expect(try #require(simulation.agent as? Listener).words == expected)
  }

  @Test("A stopped run leaves the log of one that was not", arguments: ["linear-thompson", "epsilon-greedy"])
  func stopped(agent: String) throws {
    try withTemporaryDirectory { folder in
      let words = agent == "epsilon-greedy" ? smallSettings : []
      let settings = try settings(agent, "geometric", 20, of: "linear", steps: 300, words: words)
      func play(_ name: String, until last: Int) throws {
        var step = 0
        let progress = ProgressObserver { step = $0.record.step }
        let directory = try RunDirectory(creating: "\(folder)/\(name)", overwrite: false, resume: true)
        let simulation = try Simulation(settings, registry: registry)
        _ = try Run(simulation, program: "tests", checkpoints: .every(7), observers: [progress]).play(
          into: directory, shouldStop: { step >= last })
      }
      try play("whole", until: .max)
      for last in [1, 60, 61, .max] { try play("parts", until: last) }
      #expect(
        try contents(of: "\(folder)/whole/regret.csv.gz") == contents(of: "\(folder)/parts/regret.csv.gz"))
    }
  }

  @Test("Steps of another task are refused")
  func foreign() throws {
    let mushroom = try settings("listener", "fixed", 9, of: "mushroom", steps: 20)
    var simulation = try Simulation(mushroom, registry: registry)
    for _ in 0..<5 { try simulation.step() }
    var checkpoint = Checkpoint(for: "state")
    try simulation.save(to: &checkpoint)
    let state = try checkpoint.state("progress")
    struct Progress: Decodable { let pending: PendingTransitions }
    let steps = try state.decoded(as: Progress.self).pending
    try steps.check(simulation.spec)
    #expect(throws: StateError.self) {
      try steps.check(TaskSpec(featureCount: 117, encoding: .dense, actionNames: ["a", "b"]))
    }
    #expect(throws: StateError.self) {
      try steps.check(
        TaskSpec(featureCount: 20, encoding: .oneHot(maximumActive: 20), actionNames: ["a", "b"]))
    }
  }
}

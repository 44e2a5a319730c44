import BanditAgents
import BanditCore
import BanditNumerics
import Testing

/// A task that a table could learn: context c pays 1 for action c mod 3 and 0 for the others.
struct TableTask {
  static let contexts = 6
  static let actions = 3
  static let spec = TaskSpec(
    featureCount: contexts, encoding: .oneHot(maximumActive: 1), actionNames: ["left", "middle", "right"])

  private var stream: RandomStream
  private(set) var context = 0

  init(seed: UInt64) { stream = RandomStream(seed: seed).child("task") }

  var bestAction: Int { context % Self.actions }

  mutating func observe() -> Observation {
    context = stream.integer(below: Self.contexts)
    return Self.observation(context)
  }

  func reward(_ action: Int) -> Double { action == bestAction ? 1 : 0 }

  mutating func randomTransition() -> Transition {
    let observation = observe()
    let action = stream.integer(below: Self.actions)
    return Transition(observation: observation, decision: Decision(action: action), reward: reward(action))
  }

  static func observation(_ context: Int) -> Observation {
    var observation = Observation(spec)
    observation.activeIndices = [Int32(context)]
    return observation
  }
}

/// Small networks and short rounds.
let smallSettings = [
  "hiddenLayers=16", "learningRate=0.01", "schedule=constant", "minibatches=8", "batchSize=16", "prefill=0",
]

/// An agent of the table task with assignments as `--set` takes them.
func make<A: Agent>(_ type: A.Type, _ words: [String] = [], seed: UInt64 = 1) throws -> A {
  let configuration = try Settings.applying(
    words.map { try Settings.assignment($0) }, to: A.Configuration())
  return try A(configuration: configuration, spec: TableTask.spec, stream: RandomStream(seed: seed))
}

/// The learning agents with a network, each with the settings of its own that small tasks ask for.
let ownSettings = [
  // The rewards have no noise, and the default likelihood is made for rewards of 5 and -35.
  "bbb": ["noiseSigma=0.1", "klWeight=uniform"],
  "boltzmann": ["temperature=0.05"],
  "bootstrap": ["members=5"],
  "dropout": ["dropoutRate=0.05"],
  "ensemble": [],
  "epsilon-greedy": ["epsilon=0.02"],
  "neural-linear": ["noiseScale=0.1", "refitEvery=5"],
  "neural-thompson": [],
  "neural-ucb": [],
  "prior-ensemble": ["members=5", "priorScale=0.5"],
]

let learnerNames = ownSettings.keys.sorted()

/// A small learning agent of the table task.
func learner(_ name: String, _ words: [String] = [], seed: UInt64 = 1) throws -> any Agent {
  func made<A: Agent>(_ type: A.Type) throws -> any Agent {
    try make(type, smallSettings + (ownSettings[name] ?? []) + words, seed: seed)
  }
  return try made(Registry(agents: BuiltInAgents.all).agent(named: name))
}

/// Plays steps of the table task and gives each step's decision and whether it was the best.
@discardableResult
func play(
  _ agent: inout some Agent, _ task: inout TableTask, steps: Int
) throws -> [(decision: Decision, isBest: Bool)] {
  var played: [(decision: Decision, isBest: Bool)] = []
  for _ in 0..<steps {
    let observation = task.observe()
    let decision = try agent.selectAction(for: observation)
    try agent.update(
      Transition(observation: observation, decision: decision, reward: task.reward(decision.action)))
    played.append((decision, decision.action == task.bestAction))
  }
  return played
}

/// The decisions of an agent that is asked the same again and again, and never told what came of them.
func decisions(_ agent: some Agent, context: Int, count: Int) throws -> [Decision] {
  var agent = agent
  return try (0..<count).map { _ in try agent.selectAction(for: TableTask.observation(context)) }
}

/// Expects an agent, in each context, to take every action as often as its propensity says, and these to sum to 1.
func expectPropensitiesAreFrequencies(_ agent: some Agent) throws {
  for context in 0..<TableTask.contexts {
    let decisions = try decisions(agent, context: context, count: 5_000)
    let chosen = Set(decisions)
    #expect(chosen.count == TableTask.actions)
    #expect(abs(chosen.reduce(0) { $0 + ($1.propensity ?? 0) } - 1) < 1e-12)
    for decision in chosen {
      // Four standard errors of a share of 1/2 in 5,000: 0.028.
      let share = Double(decisions.count { $0 == decision }) / 5_000
      #expect(abs(share - (decision.propensity ?? 0)) < 0.028)
    }
  }
}

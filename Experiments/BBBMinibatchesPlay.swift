import BanditAgentKit
import BanditCore
import BanditLaboratory
import BanditLearning
import BanditNumerics

/// What was seen of a run after some steps.
struct MinibatchProbe: Codable, Hashable, Sendable {
  let step: Int
  /// Cumulative expected regret.
  let regret: Double
  let falsePositives: Int
  let falseNegatives: Int
  /// The mean standard deviation of the predicted reward of eating, of mushrooms that were eaten before and of others;
  /// nil where the panel has none.
  let widthSeen: Double?
  let widthUnseen: Double?
  /// The mean of predicted less expected reward of eating.
  let errorEdible: Double?
  let errorPoisonous: Double?
  /// The share of draws whose best action is not that of the mean over draws.
  let exploring: Double
}

/// Thompson sampling on mushrooms by a posterior network, measured from time to time on a panel of mushrooms.
struct MinibatchPlay {
  /// A mushroom of the panel: its columns, and the expected reward of eating it.
  private struct Mushroom {
    let observation: Observation
    let truth: Double
  }

  private let configuration: BBBMinibatchesExperiment.Configuration
  private let stream: RandomStream
  private let eat: Int
  private var environment: any Environment
  private var learner: PosteriorLearner
  private var panel: [Mushroom] = []
  private var eaten: Set<[Int32]> = []
  private var ties: RandomStream
  private var regret = 0.0
  private var falsePositives = 0
  private var falseNegatives = 0

  init(
    _ variant: MinibatchVariant, _ configuration: BBBMinibatchesExperiment.Configuration, seed: UInt64,
    _ registry: Registry
  ) throws {
    self.configuration = configuration
    stream = RandomStream(seed: seed).child("minibatches")
    environment = try registry.makeEnvironment(
      named: "mushroom", settings: [:], stream: stream.child("environment"))
    guard let eat = environment.spec.actionNames.firstIndex(of: "eat") else {
      preconditionFailure("mushrooms can be eaten")
    }
    self.eat = eat
    learner = try PosteriorLearner(
      variant.settings, spec: environment.spec, stream: stream.child("agent"))
    ties = stream.child("ties")
    try drawPanel(from: other("panel", registry))
    try prefill(other("prefill", registry))
  }

  /// The same mushrooms in another order.
  private func other(_ name: String, _ registry: Registry) throws -> any Environment {
    try environment.practising(stream: stream.child(name)) {
      try registry.makeEnvironment(named: "mushroom", settings: [:], stream: $0)
    }
  }

  private mutating func drawPanel(from environment: any Environment) throws {
    var environment = environment
    var observation = Observation(environment.spec)
    for _ in 0..<configuration.panel {
      try environment.observe(into: &observation)
      panel.append(Mushroom(observation: observation, truth: try environment.audit().expectedRewards[eat]))
      _ = try environment.step(eat)
    }
  }

  private mutating func prefill(_ environment: any Environment) throws {
    var environment = environment
    var actions = stream.child("prefill actions")
    var observation = Observation(environment.spec)
    for _ in 0..<configuration.prefill {
      try environment.observe(into: &observation)
      let action = actions.integer(below: environment.spec.actionCount)
      if action == eat { eaten.insert(observation.activeIndices) }
      learner.prefill(try Self.transition(&environment, observation, action))
    }
  }

  private static func transition(
    _ environment: inout any Environment, _ observation: Observation, _ action: Int
  ) throws -> Transition {
    let reward = try environment.step(action).reward
    return Transition(observation: observation, decision: Decision(action: action), reward: reward)
  }

  /// Plays all steps, measuring after 1, 2, 5, 10, 20 and so on and after the last.
  mutating func probes(shouldStop: () -> Bool, report: (Double) -> Void) throws -> [MinibatchProbe] {
    var probes: [MinibatchProbe] = []
    var observation = Observation(environment.spec)
    for step in 1...configuration.steps {
      if shouldStop() { throw ExperimentInterrupted() }
      try environment.observe(into: &observation)
      learner.predictSample(observation)
      let action = greedyAction(learner.values, ties: &ties)
      count(action, try environment.audit().expectedRewards)
      if action == eat { eaten.insert(observation.activeIndices) }
      try learner.update(try Self.transition(&environment, observation, action))
      guard Self.isMark(step) || step == configuration.steps else { continue }
      probes.append(probe(step))
      report(Double(step) / Double(configuration.steps))
    }
    return probes
  }

  /// Whether a number is 1, 2 or 5 times a power of ten.
  static func isMark(_ step: Int) -> Bool {
    var step = step
    while step % 10 == 0 { step /= 10 }
    return [1, 2, 5].contains(step)
  }

  private mutating func count(_ action: Int, _ expected: [Double]) {
    let lost = (expected.max() ?? 0) - expected[action]
    regret += lost
    if lost > 0 && action == eat { falsePositives += 1 }
    if lost > 0 && action != eat { falseNegatives += 1 }
  }

  /// Measures on a copy of the learner, so that no later step moves by it.
  private func probe(_ step: Int) -> MinibatchProbe {
    var learner = learner
    learner.network.predictionNoise = NormalStream(stream.child("probe", step))
    var values = Array(repeating: [[Double]](), count: panel.count)
    for _ in 0..<configuration.draws {
      learner.drawWeights()
      for (index, mushroom) in panel.enumerated() {
        learner.encode(mushroom.observation)
        learner.predict()
        values[index].append(learner.values)
      }
    }
    let spreads = values.map { draws in Spread(draws.map { $0[eat] }) }
    func mean(_ chosen: (Int) -> Bool, _ value: (Int) -> Double?) -> Double? {
      Spread(panel.indices.filter(chosen).compactMap(value))?.mean
    }
    let isSeen = panel.map { eaten.contains($0.observation.activeIndices) }
    func error(_ index: Int) -> Double? { spreads[index].map { $0.mean - panel[index].truth } }
    return MinibatchProbe(
      step: step, regret: regret, falsePositives: falsePositives, falseNegatives: falseNegatives,
      widthSeen: mean({ isSeen[$0] }, { spreads[$0]?.deviation }),
      widthUnseen: mean({ !isSeen[$0] }, { spreads[$0]?.deviation }),
      errorEdible: mean({ panel[$0].truth > 0 }, error),
      errorPoisonous: mean({ panel[$0].truth < 0 }, error),
      exploring: Spread(values.map(Self.exploringShare))?.mean ?? 0)
  }

  /// The share of draws, a list of the actions' values each, whose best action is not that of their mean.
  static func exploringShare(_ draws: [[Double]]) -> Double {
    guard let first = draws.first, !first.isEmpty else { return 0 }
    func best(_ values: [Double]) -> Int { values.indices.max { values[$0] < values[$1] } ?? 0 }
    let sums = first.indices.map { action in draws.reduce(0) { $0 + $1[action] } }
    return Double(draws.count { best($0) != best(sums) }) / Double(draws.count)
  }
}

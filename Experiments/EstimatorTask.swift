import BanditCore
import BanditEvaluation
import BanditNumerics

/// An environment with two policies: one whose value is known, and one that logs.
struct EstimatorTask: Sendable {
  let name: String
  let seed: UInt64
  let configuration: EstimatorsExperiment.Configuration
  private let registry: Registry
  private let stream: RandomStream
  private let environment: any Environment
  private let target: MixedPolicy
  private let logging: LinearRewardModel
  private var value = 0.0
  /// Between which rewards lie that were met in practice.
  private let rewards: ClosedRange<Double>

  init(
    _ name: String, _ configuration: EstimatorsExperiment.Configuration, seed: UInt64, _ registry: Registry
  ) throws {
    (self.name, self.seed, self.configuration, self.registry) = (name, seed, configuration, registry)
    stream = RandomStream(seed: seed).child("estimators")
    environment = try registry.makeEnvironment(
      named: name, settings: [:], stream: stream.child("environment"))
    guard !environment.spec.isShaped else {
      throw ConfigurationError(
        key: "environments", given: name, allowed: "environments without features of actions")
    }
    let (first, own) = try Self.practise(environment, name, configuration, stream.child("target"), registry)
    let (second, other) = try Self.practise(
      environment, name, configuration, stream.child("logging"), registry)
    target = MixedPolicy(
      model: first, exploration: configuration.targetExploration, stream: stream.child("draws"))
    logging = second
    rewards =
      min(own.lowerBound, other.lowerBound)...max(own.upperBound, other.upperBound)
  }

  /// Another environment of the same task.
  private static func copy(
    _ environment: any Environment, _ name: String, _ stream: RandomStream, _ registry: Registry
  ) throws -> any Environment {
    try environment.practising(stream: stream) {
      try registry.makeEnvironment(named: name, settings: [:], stream: $0)
    }
  }

  /// A model of rewards from steps of random play, and the rewards' range.
  private static func practise(
    _ environment: any Environment, _ name: String, _ configuration: EstimatorsExperiment.Configuration,
    _ stream: RandomStream, _ registry: Registry
  ) throws -> (LinearRewardModel, ClosedRange<Double>) {
    var practice = try copy(environment, name, stream.child("environment"), registry)
    var actions = stream.child("actions")
    let spec = practice.spec
    var model = try LinearRewardModel(spec)
    var observation = Observation(spec)
    var range: ClosedRange<Double>?
    for _ in 0..<configuration.practice {
      try practice.observe(into: &observation)
      let action = actions.integer(below: spec.actionCount)
      let reward = try practice.step(action).reward
      model.learn(
        Transition(observation: observation, decision: Decision(action: action), reward: reward))
      range = min(range?.lowerBound ?? reward, reward)...max(range?.upperBound ?? reward, reward)
    }
    return (model, range ?? 0...0)
  }

  /// Averages the policy's expected reward over contexts of their own.
  mutating func findValue() throws {
    var environment = try Self.copy(environment, name, stream.child("value"), registry)
    var observation = Observation(environment.spec)
    var policy = target
    var sum = 0.0
    for _ in 0..<configuration.contexts {
      try environment.observe(into: &observation)
      let audit = try environment.audit()
      let shares = policy.shares(in: observation)
      sum += zip(shares, audit.expectedRewards).reduce(0) { $0 + $1.0 * $1.1 }
      _ = try environment.step(0)
    }
    value = sum / Double(configuration.contexts)
  }

  /// Plays a log and judges the policy by it.
  func scores(exploration: Double, log: Int) throws -> [EstimatorScore] {
    let stream = stream.child("exploration \(exploration)").child("log", log)
    var environment = try Self.copy(environment, name, stream.child("environment"), registry)
    let spec = environment.spec
    var policy = MixedPolicy(model: logging, exploration: exploration, stream: stream.child("actions"))
    var observation = Observation(spec)
    var rows: [LoggedInteraction] = []
    var widest = rewards
    for index in 0..<configuration.rows {
      try environment.observe(into: &observation)
      let decision = policy.decision(in: observation)
      let reward = try environment.step(decision.action).reward
      widest = min(widest.lowerBound, reward)...max(widest.upperBound, reward)
      rows.append(
        LoggedInteraction(
          index: index, observation: observation, action: decision.action, propensity: decision.propensity,
          reward: reward))
    }
    var plan = EvaluationPlan()
    plan.estimators = EstimatorsReport.estimators
    plan.seed = seed &+ UInt64(log)
    if widest.lowerBound < widest.upperBound { plan.rewards = widest }
    let evaluation = try Evaluation(of: InteractionList(rows, spec: spec), plan: plan) { target }
    return evaluation.estimates.map { estimate in
      EstimatorScore(
        environment: name, exploration: exploration, seed: seed, log: log, value: value, estimate: estimate)
    }
  }
}

/// One estimate beside the truth.
struct EstimatorScore: Sendable {
  let environment: String
  let exploration: Double
  let seed: UInt64
  let log: Int
  let value: Double
  let estimate: Estimate
}

/// The best predicted action, or a random one with some probability.
private struct MixedPolicy: LoggedPolicy, Sendable {
  var model: LinearRewardModel
  let exploration: Double
  var stream: RandomStream

  var learns: Bool { false }

  mutating func learn(_ interaction: LoggedInteraction) {}

  /// The probabilities of all actions.
  mutating func shares(in observation: Observation) -> [Double] {
    let predictions = model.predictions(for: observation)
    let best = predictions.indices.max { predictions[$0] < predictions[$1] } ?? 0
    let share = exploration / Double(predictions.count)
    return predictions.indices.map { $0 == best ? 1 - exploration + share : share }
  }

  mutating func decision(in observation: Observation) -> Decision {
    let shares = shares(in: observation)
    var left = stream.uniform()
    for (action, share) in shares.enumerated() {
      left -= share
      if left < 0 { return Decision(action: action, propensity: share) }
    }
    return Decision(action: 0, propensity: shares[0])
  }

  mutating func probabilities(at interaction: LoggedInteraction) -> [Double] {
    shares(in: interaction.observation)
  }

  mutating func action(at interaction: LoggedInteraction) -> Int {
    decision(in: interaction.observation).action
  }
}

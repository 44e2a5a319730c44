import BanditCore
import BanditNumerics

/// An environment under a fixed way of acting.
struct EnvironmentPlay<E: Environment>: Play {
  struct Record: Equatable, Sendable, CustomStringConvertible {
    let spec: TaskSpec
    let observation: Observation
    let action: Int
    let audit: Audit
    let outcome: Outcome
    /// Of an environment that delays rewards, how long this one's.
    let delay: Int?

    var description: String {
      "\(contextText), action \(action), reward \(outcome.reward), "
        + "expected rewards \(audit.expectedRewards), counts \(outcome.counts)"
        + (delay.map { ", delay \($0)" } ?? "")
    }

    var contextText: String {
      observation.encoding == .dense
        ? "context \(observation.features)" : "active columns \(observation.activeIndices)"
    }
  }

  /// How actions are chosen.
  enum Acting: Sendable {
    case always(Int)
    case random(RandomStream)
  }

  private let configuration: E.Configuration
  private let stream: RandomStream
  private var environment: E
  private var acting: Acting
  private var observation: Observation
  private let soils: Bool
  private let actionCount: Int
  private var isOver = false

  /// - Parameters:
  ///   - soils: whether every observation is handed over with something in it.
  ///   - restarts: whether the environment is made with another stream and starts anew with its own, if it can; one
  ///     whose task is drawn plays a step and goes back to its own stream.
  init(
    _ configuration: E.Configuration, seed: UInt64, acting: Acting, soils: Bool = false,
    restarts: Bool = false
  ) throws {
    self.configuration = configuration
    stream = RandomStream(seed: seed).child("environment")
    let isElsewhere = restarts && !(E.self is any DrawnTaskEnvironment.Type)
    environment = try E(configuration: configuration, stream: isElsewhere ? stream.child("other") : stream)
    observation = Observation(environment.spec)
    actionCount = environment.spec.actionCount
    self.acting = acting
    self.soils = soils
    if restarts { try restart() }
  }

  /// Plays a step and starts anew.
  private mutating func restart() throws {
    let new = try E(configuration: configuration, stream: stream)
    let canRestart = environment is any RestartableEnvironment || environment is any DrawnTaskEnvironment
    guard canRestart, environment.spec == new.spec else {
      environment = new
      return
    }
    var observation = Observation(environment.spec)
    try environment.observe(into: &observation)
    _ = try environment.step(0)
    if var copy = environment as? any RestartableEnvironment {
      copy.restart(stream: stream)
      if let copy = copy as? E { environment = copy }
    } else if var copy = environment as? any DrawnTaskEnvironment {
      try copy.practise(stream: stream)
      if let copy = copy as? E { environment = copy }
    }
  }

  /// What the environment says of itself before the first step.
  var spec: TaskSpec { environment.spec }

  mutating func step() throws -> Record? {
    // A log has an end.
    guard !isOver, !((environment as? any LoggedEnvironment)?.isExhausted ?? false) else { return nil }
    if soils { soil() }
    try environment.observe(into: &observation)
    // An environment whose own rows are spoilt may trap before the fault can be reported.
    isOver = observation.fault(under: environment.spec) != nil
    let audit = try environment.audit()
    let action = nextAction()
    let outcome = try environment.step(action)
    return Record(
      spec: environment.spec, observation: observation, action: action, audit: audit, outcome: outcome,
      delay: (environment as? any DelayedEnvironment)?.delay)
  }

  mutating func divert() { acting = .random(RandomStream(seed: 0).child("diverted")) }

  func resumed() throws -> EnvironmentPlay? {
    let fresh = try E(configuration: configuration, stream: stream)
    guard let saved = environment as? any Checkpointable, var other = fresh as? any Checkpointable
    else { return nil }
    try other.restore(encoded: saved.encodedState(name: "state"))
    guard let environment = other as? E else { return nil }
    var copy = self
    copy.environment = environment
    return copy
  }

  private mutating func nextAction() -> Int {
    if let logged = environment as? any LoggedEnvironment { return logged.loggedDecision.action }
    let wanted: Int
    switch acting {
    case .always(let action): wanted = action
    case .random(var stream):
      defer { acting = .random(stream) }
      wanted = stream.integer(below: actionCount)
    }
    // An action that is not there gives way to the next one that is.
    return (0..<actionCount).map { (wanted + $0) % actionCount }.first(where: observation.isAvailable)
      ?? wanted
  }

  /// Leaves in the observation what an earlier context could have left.
  private mutating func soil() {
    switch environment.spec.encoding {
    case .dense: for index in observation.features.indices { observation.features[index] = 77 }
    case .oneHot(let maximumActive): observation.activeIndices = (0..<maximumActive).map { Int32($0) }
    }
  }
}

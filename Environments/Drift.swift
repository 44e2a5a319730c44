public import BanditCore
public import BanditNumerics

/// Another environment whose actions' rewards change places now and then.
///
/// Contexts and luck are those of the environment inside; what an action pays is what another one of it pays. Regret is
/// against the best action at the time.
public struct Drift: DrawnTaskEnvironment, WrappingEnvironment, Checkpointable {
  /// How rewards change places.
  public enum Kind: String, SettingChoice {
    /// Those of two random actions are exchanged.
    case swap
    /// Those of all actions move on by one place.
    case rotate
    /// As `swap` between two neighbours, at random steps.
    case walk
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The environment inside.
    public var of = "wheel"
    /// Its settings.
    public var ofSet: [String] = []
    /// Steps from one change to the next; with `walk` on average.
    public var every = 2_000
    /// How rewards change places.
    public var kind = Kind.swap

    /// The wheel, two of whose arms are exchanged every 2,000 steps.
    public init() {}
  }

  /// `drift`.
  public static let name = "drift"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Any environment whose actions' rewards change places every 2,000 steps.",
    paper:
      "Besbes, Gur and Zeevi 2014, Stochastic multi-armed-bandit problem with non-stationary rewards (the setting)",
    deviations:
      "Rewards move between actions as they are, so that the best one of a context pays as much as before.",
    settings: [
      "of": "the environment inside, by its name",
      "ofSet": "its settings: key=value with commas between them",
      "every": "steps from one change to the next (walk: on average)",
      "kind": "swap: two random actions; rotate: all move by one; walk: two neighbours at random steps",
    ])

  /// The counters of the environment inside, and two of its own.
  public let spec: TaskSpec

  private let configuration: Configuration
  private var inner: InnerEnvironment
  /// Draws the changes.
  private var stream: RandomStream
  private var steps = 0
  private var changes = 0
  /// Which action of the environment inside each action is now.
  private var places: [Int]

  /// Creates a drift of an environment that comes with the program.
  public init(configuration: Configuration, stream: RandomStream) throws {
    try self.init(
      configuration: configuration, stream: stream,
      registry: Registry(environments: BuiltInEnvironments.all))
  }

  /// Creates a drift of an environment of a registry.
  public init(configuration: Configuration, stream: RandomStream, registry: Registry) throws {
    try ConfigurationError.require(
      configuration.every >= 1, key: "every", given: configuration.every, allowed: "1 or more")
    inner = try InnerEnvironment(
      configuration.of, assignments: configuration.ofSet, registry: registry, stream: stream,
      wrapper: Self.name)
    self.configuration = configuration
    self.stream = stream.child(Self.name)
    let task = inner.environment.spec
    let own = [AuditCounter("windowed_regret", .rate(window: 1_000)), AuditCounter("changes", .total)]
    if let taken = own.map(\.name).first(where: task.counters.map(\.name).contains) {
      throw ConfigurationError(
        key: "of", given: configuration.of, allowed: "an environment without a counter \(taken)")
    }
    places = Array(0..<task.actionCount)
    spec = TaskSpec(
      featureCount: task.featureCount, encoding: task.encoding, actionNames: task.actionNames,
      counters: task.counters + own, featureNames: task.featureNames)
  }

  /// The files of the environment inside.
  public var dataFiles: [String: String] { inner.environment.dataFiles }

  /// What the environment inside says.
  public var notes: [String] { inner.environment.notes }

  /// Changes places if it is time, whatever will be done, and shows the next context.
  public mutating func observe(into observation: inout Observation) throws {
    let before = changes
    if steps > 0 { change() }
    steps += 1
    hasChanged = changes > before
    try inner.observe(into: &observation)
  }

  private var hasChanged = false

  private mutating func change() {
    switch configuration.kind {
    case .swap:
      guard steps % configuration.every == 0 else { return }
      let first = stream.integer(below: places.count)
      let second = (first + 1 + stream.integer(below: places.count - 1)) % places.count
      places.swapAt(first, second)
    case .rotate:
      guard steps % configuration.every == 0 else { return }
      places.append(places.removeFirst())
    case .walk:
      guard stream.integer(below: configuration.every) == 0 else { return }
      let first = stream.integer(below: places.count - 1)
      places.swapAt(first, first + 1)
    }
    changes += 1
  }

  /// The rewards as they are placed now.
  public func audit() throws -> Audit {
    let expected = try inner.environment.audit().expectedRewards
    return Audit(expectedRewards: places.map { expected[$0] })
  }

  /// Plays the action of the environment inside that this one is now.
  public mutating func step(_ action: Int) throws -> Outcome {
    precondition(places.indices.contains(action), "an action is one of \(places.count)")
    let audit = try audit()
    var outcome = try inner.step(places[action])
    outcome.counts += [
      audit.bestExpectedReward - audit.expectedRewards[action], hasChanged ? 1 : 0,
    ]
    return outcome
  }

  /// What a drift of the same settings continues from.
  public struct State: Codable, Sendable {
    let inner: EncodedState?
    let stream: RandomStream
    let steps: Int
    let changes: Int
    let places: [Int]
  }

  /// Steps, places and the state of the environment inside.
  public var state: State {
    State(inner: try? inner.state(), stream: stream, steps: steps, changes: changes, places: places)
  }

  /// Continues from a state.
  public mutating func restore(_ state: State) throws {
    guard let saved = state.inner, state.steps >= 0, state.changes >= 0,
      state.places.sorted() == Array(places.indices)
    else { throw UnfitState() }
    try inner.restore(saved)
    (stream, steps, changes, places) = (state.stream, state.steps, state.changes, state.places)
  }

  /// Goes back to the first places, in the same task with other contexts, luck and changes.
  public mutating func practise(stream: RandomStream) throws {
    try inner.practise(stream: stream)
    self.stream = stream.child(Self.name)
    (steps, changes, places) = (0, 0, Array(places.indices))
  }
}

/// A state that is none of this environment.
struct UnfitState: Error, CustomStringConvertible {
  var description: String { "the state is none of this environment with these settings" }
}

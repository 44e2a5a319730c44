import Foundation
public import BanditCore
public import BanditNumerics

/// Another environment whose rewards arrive later.
///
/// Contexts, rewards and regret are those of the environment inside; the agent hears of a step when its reward arrives.
public struct Delay: DelayedEnvironment, DrawnTaskEnvironment, WrappingEnvironment, Checkpointable {
  /// How long rewards take.
  public enum Kind: String, SettingChoice {
    /// Always as many steps.
    case fixed
    /// A geometric number of steps.
    case geometric
    /// Until the end of a batch of steps.
    case batch
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The environment inside.
    public var of = "wheel"
    /// Its settings.
    public var ofSet: [String] = []
    /// How long rewards take.
    public var kind = Kind.fixed
    /// Further steps until a reward arrives; their mean, or the length of a batch.
    public var steps = 100

    /// The wheel, each reward a hundred steps late.
    public init() {}
  }

  /// `delay`.
  public static let name = "delay"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Any environment whose rewards arrive a hundred steps later, or at the end of a batch.",
    paper: "Joulani, György and Szepesvári 2013, Online learning under delayed feedback (the setting)",
    deviations: "What has not arrived at the end never does. Free play has no delay.",
    settings: [
      "of": "the environment inside, by its name",
      "ofSet": "its settings: key=value with commas between them",
      "kind": "fixed: always as many steps; geometric: a random number; batch: at the end of each batch",
      "steps": "further steps until a reward arrives (geometric: on average; batch: the batch's length)",
    ])

  /// The task of the environment inside.
  public let spec: TaskSpec
  /// After how many further steps the reward of the step at hand arrives.
  public private(set) var delay = 0

  private let configuration: Configuration
  private var inner: InnerEnvironment
  /// Draws the delays.
  private var stream: RandomStream
  private var steps = 0

  /// Creates a delay of an environment that comes with the program.
  public init(configuration: Configuration, stream: RandomStream) throws {
    try self.init(
      configuration: configuration, stream: stream,
      registry: Registry(environments: BuiltInEnvironments.all))
  }

  /// Creates a delay of an environment of a registry.
  public init(configuration: Configuration, stream: RandomStream, registry: Registry) throws {
    let least = configuration.kind == .batch ? 1 : 0
    try ConfigurationError.require(
      (least...1_000_000).contains(configuration.steps), key: "steps", given: configuration.steps,
      allowed: "\(least) to 1000000")
    inner = try InnerEnvironment(
      configuration.of, assignments: configuration.ofSet, registry: registry, stream: stream,
      wrapper: Self.name)
    self.configuration = configuration
    self.stream = stream.child(Self.name)
    spec = inner.environment.spec
  }

  /// The files of the environment inside.
  public var dataFiles: [String: String] { inner.environment.dataFiles }

  /// What the environment inside says.
  public var notes: [String] { inner.environment.notes }

  /// Draws the delay, whatever will be done, and shows the next context.
  public mutating func observe(into observation: inout Observation) throws {
    switch configuration.kind {
    case .fixed: delay = configuration.steps
    case .geometric: delay = geometric()
    case .batch: delay = configuration.steps - 1 - steps % configuration.steps
    }
    steps += 1
    try inner.observe(into: &observation)
  }

  /// Failures before the first success of chance 1 / (mean + 1).
  private mutating func geometric() -> Int {
    let mean = Double(configuration.steps)
    guard mean > 0 else { return 0 }
    let failure = mean / (mean + 1)
    return Int(log(1 - stream.uniform()) / log(failure))
  }

  /// The rewards of the environment inside.
  public func audit() throws -> Audit { try inner.environment.audit() }

  /// Plays an action.
  public mutating func step(_ action: Int) throws -> Outcome { try inner.step(action) }

  /// What a delay of the same settings continues from.
  public struct State: Codable, Sendable {
    let inner: EncodedState?
    let stream: RandomStream
    let steps: Int
  }

  /// Steps and the state of the environment inside; what has not arrived is the runner's.
  public var state: State { State(inner: try? inner.state(), stream: stream, steps: steps) }

  /// Continues from a state.
  public mutating func restore(_ state: State) throws {
    guard let saved = state.inner, state.steps >= 0 else { throw UnfitState() }
    try inner.restore(saved)
    (stream, steps) = (state.stream, state.steps)
  }

  /// Goes on in the same task with other contexts, luck and delays.
  public mutating func practise(stream: RandomStream) throws {
    try inner.practise(stream: stream)
    self.stream = stream.child(Self.name)
    steps = 0
  }
}

public import BanditNumerics

/// A contextual bandit: shows a context, takes an action, pays a reward.
///
/// Laws (`EnvironmentLaws` in `BanditTesting` checks them; `Component` has more):
/// 1. `spec` depends on the configuration alone and never changes. Actions have different names; counters too, in
///    lower case with underscores, and none is a column that every log has.
/// 2. `observe` fills the observation in the encoding of `spec`, whatever it held before: `featureCount` finite
///    numbers, or at most `maximumActive` indices, ascending, different and in range.
/// 3. Contexts and luck come from the given stream alone and do not depend on the actions taken: all agents under
///    one seed meet the same contexts, and the same action at the same step gets the same outcome.
/// 4. Rewards are finite. The audit has a finite expected reward for each action, and an outcome a finite count for
///    each counter of `spec`. Asking for the audit changes nothing.
/// 5. An action's rewards average to its expected rewards.
/// 6. What else is registered or running, on this thread or others, changes nothing.
/// 7. An environment is a value: a copy is played by itself, without touching the original.
///
/// The runner calls `observe`, `audit` and `step` in turn, with an action in `0..<spec.actionCount`.
public protocol Environment: Component {
  /// What agents are told of the task.
  var spec: TaskSpec { get }

  /// Creates an environment that draws everything random from `stream`.
  init(configuration: Configuration, stream: RandomStream) throws

  /// Shows the next context.
  mutating func observe(into observation: inout Observation) throws

  /// The truth about the context shown last, before any action is played in it.
  func audit() throws -> Audit

  /// Plays an action in the context shown last.
  mutating func step(_ action: Int) throws -> Outcome

  /// The SHA-256 of the files that decide the numbers, in hexadecimal and by name; none by default.
  ///
  /// A run is resumed, or played again from its manifest, with the same contents alone. What is hashed is for the
  /// environment to say; those of the program take the contents uncompressed.
  var dataFiles: [String: String] { get }

  /// What a user should know of the data before the run, a line each; none by default.
  var notes: [String] { get }
}

extension Environment {
  /// No files.
  public var dataFiles: [String: String] { [:] }

  /// Nothing to say.
  public var notes: [String] { [] }
}

/// An environment that can start again with other random numbers, without reading its data again.
///
/// It is then as if it had been made with that stream.
public protocol RestartableEnvironment: Environment {
  /// Starts again.
  mutating func restart(stream: RandomStream)
}

/// An environment whose task is drawn too, such as the coefficients of its rewards.
///
/// The task comes from the stream that the environment is made with, so that all agents under a seed meet the same one.
/// Practice play is in the same task, with other contexts and other luck.
public protocol DrawnTaskEnvironment: Environment {
  /// Goes on in the same task with the contexts and the luck of an environment made with `stream`.
  mutating func practise(stream: RandomStream) throws
}

/// An environment whose rewards arrive later than they are earned.
///
/// The runner keeps each step, and calls the agent's `update` when its reward arrives, in the order in which they arrive
/// and then in that of the steps. What has not arrived at the end never does. Free play has no delay.
public protocol DelayedEnvironment: Environment {
  /// After how many further steps the reward of the step at hand arrives, 0 for at once; drawn by `observe`, whatever is
  /// done.
  var delay: Int { get }
}

/// An environment that knows of each context what was logged alone: one action, and what it brought.
///
/// The runner passes over steps at which an agent takes another action: nobody learns from them, and they count in no
/// step. Runs have rewards and no regret, because nobody knows the truth; the audit is not looked at. Free play is made of
/// logged steps.
public protocol LoggedEnvironment: Environment {
  /// Whether the context shown last was the log's last.
  var isExhausted: Bool { get }

  /// What was decided in the context shown last.
  var loggedDecision: Decision { get }

  /// Whether an action may be played in the context shown last, so that `step` may be called.
  mutating func matches(_ action: Int) -> Bool
}

/// An environment made of others that are known by name.
public protocol WrappingEnvironment: Environment {
  /// Creates an environment around one of a registry.
  init(configuration: Configuration, stream: RandomStream, registry: Registry) throws
}

extension Environment {
  /// Another environment of the same task, as far as the task is drawn; data are not read again where that can be.
  ///
  /// - Parameter making: makes an environment of the same settings with another stream.
  package func practising(
    stream: RandomStream, making: (RandomStream) throws -> any Environment
  ) throws -> any Environment {
    if var copy = self as? any DrawnTaskEnvironment {
      try copy.practise(stream: stream)
      return copy
    }
    guard var copy = self as? any RestartableEnvironment else { return try making(stream) }
    copy.restart(stream: stream)
    return copy
  }

  /// An environment with values for its settings.
  fileprivate static func make(
    _ values: [String: SettingValue], stream: RandomStream, registry: Registry
  ) throws -> any Environment {
    let configuration = try Settings.applying(values, to: Configuration())
    if let wrapping = Self.self as? any WrappingEnvironment.Type {
      return try wrapping.wrap(configuration, stream: stream, registry: registry)
    }
    return try Self(configuration: configuration, stream: stream)
  }
}

extension WrappingEnvironment {
  fileprivate static func wrap(
    _ configuration: any ComponentConfiguration, stream: RandomStream, registry: Registry
  ) throws -> any Environment {
    guard let configuration = configuration as? Configuration else {
      preconditionFailure("a component has one type of configuration")
    }
    return try Self(configuration: configuration, stream: stream, registry: registry)
  }
}

extension Registry {
  /// Creates an environment by its name.
  ///
  /// - Throws: `ConfigurationError` for a name, a setting or a value that is not allowed, and what the environment throws.
  package func makeEnvironment(
    named name: String, settings: [String: SettingValue], stream: RandomStream
  ) throws -> any Environment {
    try environment(named: name).make(settings, stream: stream, registry: self)
  }
}

/// What an action brought.
public struct Outcome: Hashable, Sendable {
  /// What the agent receives.
  public var reward: Double
  /// What this step adds to each counter of the specification, in its order; agents never see it.
  public var counts: [Double]

  /// Creates an outcome.
  public init(reward: Double, counts: [Double] = []) {
    self.reward = reward
    self.counts = counts
  }
}

/// The truth about one context, for the runner and calibration lines alone; regret is computed from it.
public struct Audit: Hashable, Sendable {
  /// The expected reward of each action in this context.
  public var expectedRewards: [Double]
  /// Which actions are available, the others being no choice of the oracle or of a uniform policy; nil for all.
  public var available: [Bool]?

  /// Creates an audit.
  public init(expectedRewards: [Double], available: [Bool]? = nil) {
    self.expectedRewards = expectedRewards
    self.available = available
  }

  /// The expected rewards of the actions that can be taken, and what their indices are.
  private var choices: [(action: Int, reward: Double)] {
    expectedRewards.enumerated().filter { available?[$0.offset] ?? true }.map { ($0.offset, $0.element) }
  }

  /// The largest expected reward: what the oracle gets on average.
  public var bestExpectedReward: Double {
    if available != nil { return choices.map(\.reward).max() ?? 0 }
    return expectedRewards.max() ?? 0
  }

  /// The first action with the largest expected reward.
  public var bestAction: Int {
    let best = bestExpectedReward
    if available != nil { return choices.first { $0.reward == best }?.action ?? 0 }
    return expectedRewards.firstIndex(of: best) ?? 0
  }

  /// What a uniformly random action gets on average.
  public var uniformExpectedReward: Double {
    if available != nil {
      let choices = choices
      return choices.reduce(0) { $0 + $1.reward } / Double(max(choices.count, 1))
    }
    return expectedRewards.reduce(0, +) / Double(max(expectedRewards.count, 1))
  }
}

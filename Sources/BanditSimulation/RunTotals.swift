public import BanditCore
import BanditNumerics

/// One row of the log.
public struct StepRecord: Codable, Hashable, Sendable {
  /// The step, from 1.
  public var step = 0
  /// The action taken.
  public var action = 0
  /// The first action with the largest expected reward.
  public var optimalAction = 0
  /// The reward received.
  public var reward = 0.0
  /// The oracle's expected reward less the one received.
  public var regret = 0.0
  /// The oracle's expected reward less the action's.
  public var expectedRegret = 0.0
  /// The sum of `regret` so far.
  public var cumulativeRegret = 0.0
  /// The sum of `expectedRegret` so far: the primary metric.
  public var cumulativeExpectedRegret = 0.0
  /// The environment's counters, as they are presented.
  public var counters: [Double] = []
  /// What the agent reports of its learning.
  public var diagnostics = AgentDiagnostics()
  /// The probability of the action taken, if the agent knows it.
  public var propensity: Double?
  /// What a uniformly random action gets on average.
  public var uniformExpectedReward: Double?
  /// False for the replay of a log, whose regrets are 0 and mean nothing; nil where there is regret.
  public var hasRegret: Bool?
}

/// The sums of a run up to a step, in memory that does not grow with the steps.
public struct RunTotals: Codable, Sendable {
  /// The last row.
  public private(set) var record = StepRecord()
  /// Rows at steps 1, 2 and 5 times powers of ten, and the last one.
  public private(set) var milestones: [StepRecord] = []
  /// The sum of rewards.
  public private(set) var reward = 0.0
  /// What a uniformly random agent's expected regret would be over the same contexts.
  public private(set) var uniformExpectedRegret = 0.0
  /// Time spent in the agent's choices.
  public private(set) var acting = Duration.zero
  /// Time spent in the agent's updates.
  public private(set) var training = Duration.zero
  /// The cumulative expected regret of always the same action, for each; nil where an earlier version began the run.
  public private(set) var constantExpectedRegrets: [Double]?
  /// Steps of random play that the agent was shown before its first own step; nil where an earlier version began.
  public private(set) var prefillSteps: Int?
  /// What these steps would have cost: their expected regret, which is in no other sum.
  public private(set) var prefillExpectedRegret: Double?
  /// Time spent in observers: the log and others.
  public private(set) var logging = Duration.zero

  /// The environment's counters.
  public let counters: [AuditCounter]
  private var windows: [Window?]

  /// Creates empty totals.
  public init(counters: [AuditCounter], actionCount: Int) {
    self.counters = counters
    constantExpectedRegrets = Array(repeating: 0, count: actionCount)
    (prefillSteps, prefillExpectedRegret) = (0, 0)
    record.counters = Array(repeating: 0, count: counters.count)
    windows = counters.map { counter in
      if case .rate(let window) = counter.presentation { Window(length: window) } else { nil }
    }
  }

  /// Steps counted.
  public var steps: Int { record.step }

  /// Cumulative expected regret in per cent of a uniformly random agent's over the same contexts.
  public var percentOfUniform: Double? {
    uniformExpectedRegret > 0 ? 100 * record.cumulativeExpectedRegret / uniformExpectedRegret : nil
  }

  /// Whether a step is 1, 2 or 5 times a power of ten.
  public static func isMilestone(_ step: Int) -> Bool {
    var rest = step
    while rest >= 10 && rest % 10 == 0 { rest /= 10 }
    return rest == 1 || rest == 2 || rest == 5
  }

  /// Throws unless these totals, which come from a file, can be those of a task with such counters and as many actions.
  func check(_ counters: [AuditCounter], actionCount: Int) throws(StateError) {
    try StateError.require(
      self.counters == counters && record.counters.count == counters.count
        && milestones.allSatisfy { $0.counters.count == counters.count },
      "counters", "are not the environment's")
    try StateError.require(
      constantExpectedRegrets.map { $0.count == actionCount } ?? true, "constantExpectedRegrets",
      "are not of \(actionCount) actions")
    try StateError.require(
      windows.count == counters.count
        && zip(windows, counters).allSatisfy { window, counter in
          if case .rate(let length) = counter.presentation {
            window?.fits(length) ?? false
          } else {
            window == nil
          }
        }, "windows", "do not fit the counters")
    try StateError.require(count: record.step, "record.step")
    try StateError.require(count: prefillSteps ?? 0, "prefillSteps")
    for (action, name) in [(record.action, "record.action"), (record.optimalAction, "record.optimalAction")] {
      try StateError.require((0..<actionCount).contains(action), name, "is none of \(actionCount) actions")
    }
    for (time, name) in [(acting, "acting"), (training, "training"), (logging, "logging")] {
      try StateError.require(time: time, name)
    }
  }

  mutating func add(
    _ decision: Decision, _ outcome: Outcome, _ audit: Audit?, _ diagnostics: AgentDiagnostics
  ) {
    record.step += 1
    record.action = decision.action
    record.reward = outcome.reward
    record.diagnostics = diagnostics
    record.propensity = decision.propensity
    reward += outcome.reward
    if let audit { addRegret(decision, outcome, audit) } else { record.hasRegret = false }
    for index in counters.indices {
      if windows[index] == nil {
        record.counters[index] += outcome.counts[index]
      } else {
        record.counters[index] = windows[index]?.add(outcome.counts[index]) ?? 0
      }
    }
    if Self.isMilestone(record.step) { milestones.append(record) }
  }

  private mutating func addRegret(_ decision: Decision, _ outcome: Outcome, _ audit: Audit) {
    let best = audit.bestExpectedReward
    record.optimalAction = audit.bestAction
    record.regret = best - outcome.reward
    record.expectedRegret = best - audit.expectedRewards[decision.action]
    record.cumulativeRegret += record.regret
    record.cumulativeExpectedRegret += record.expectedRegret
    let uniform = audit.uniformExpectedReward
    record.uniformExpectedReward = uniform
    uniformExpectedRegret += best - uniform
    for action in constantExpectedRegrets?.indices ?? 0..<0 {
      constantExpectedRegrets?[action] += best - audit.expectedRewards[action]
    }
  }

  mutating func addTimes(acting: Duration = .zero, training: Duration = .zero, logging: Duration = .zero) {
    self.acting += acting
    self.training += training
    self.logging += logging
  }

  /// Counts a step of random play before the first own step.
  mutating func addPrefill(regret: Double) {
    prefillSteps = (prefillSteps ?? 0) + 1
    prefillExpectedRegret = (prefillExpectedRegret ?? 0) + regret
  }

  /// The last `length` values of a counter.
  private struct Window: Codable, Sendable {
    let length: Int
    @StoredArray private var values: [Double] = []
    private var next = 0
    private var sum = 0.0

    init(length: Int) { self.length = length }

    /// Whether this is a window of that length, with its next place in it.
    func fits(_ length: Int) -> Bool {
      self.length == length && values.count <= length && (0..<max(1, values.count)).contains(next)
    }

    /// Adds a value and returns the mean; counts are small whole numbers, whose running sum is exact, while that of others
    /// is off by rounding.
    mutating func add(_ value: Double) -> Double {
      sum += value
      if values.count < length {
        values.append(value)
      } else {
        sum -= values[next]
        values[next] = value
        next = (next + 1) % length
      }
      return sum / Double(values.count)
    }
  }
}

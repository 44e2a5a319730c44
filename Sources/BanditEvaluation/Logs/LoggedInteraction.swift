public import BanditCore

/// A row of a log, in the columns and actions of the log's task.
public struct LoggedInteraction: Sendable {
  /// Which usable row it is, from 0.
  public var index: Int
  /// The context.
  public var observation: Observation
  /// The action that was played.
  public var action: Int
  /// The probability with which it was; nil where the log has none.
  public var propensity: Double?
  /// What it brought.
  public var reward: Double

  /// Creates a row.
  public init(index: Int, observation: Observation, action: Int, propensity: Double?, reward: Double) {
    (self.index, self.action, self.propensity, self.reward) = (index, action, propensity, reward)
    self.observation = observation
  }

  /// The row as a step that an agent learns from.
  public var transition: Transition {
    Transition(
      observation: observation, decision: Decision(action: action, propensity: propensity), reward: reward)
  }
}

/// Logged interactions that can be gone through again and again.
public protocol InteractionSource: Sendable {
  /// The task that rows are of.
  var spec: TaskSpec { get }
  /// Rows that can be used.
  var count: Int { get }
  /// The smallest propensity; nil where there are none.
  var smallestPropensity: Double? { get }
  /// What errors call the log.
  var path: String { get }
  /// Rows that cannot be used, by reason.
  var skipped: [SkipReason: Int] { get }
  /// Rows whose step is not after that of the row before.
  var disorder: Int { get }

  /// Gives every row in order.
  func forEach(_ body: (LoggedInteraction) throws -> Void) throws
}

/// Logged interactions in memory, all of them usable and in order.
public struct InteractionList: InteractionSource {
  /// The task that rows are of.
  public let spec: TaskSpec
  /// The smallest propensity; nil where one is missing.
  public let smallestPropensity: Double?
  /// `a list`.
  public var path: String { "a list" }
  /// None.
  public var skipped: [SkipReason: Int] { [:] }
  /// None.
  public var disorder: Int { 0 }
  private let rows: [LoggedInteraction]

  /// Takes rows, whose indices count from 0.
  public init(_ rows: [LoggedInteraction], spec: TaskSpec) {
    self.rows = rows
    self.spec = spec
    let propensities = rows.compactMap(\.propensity)
    smallestPropensity = propensities.count == rows.count ? propensities.min() : nil
  }

  /// The number of rows.
  public var count: Int { rows.count }

  /// Gives every row in order.
  public func forEach(_ body: (LoggedInteraction) throws -> Void) rethrows {
    for row in rows { try body(row) }
  }
}

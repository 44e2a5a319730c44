public import BanditCore

/// How a file has logged interactions: one line for each step.
public protocol InteractionForm: SendableMetatype {
  /// The observer's name.
  static var name: String { get }
  /// What `list observers` says.
  static var summary: String { get }
  /// The file's name in a run's folder.
  static var file: String { get }
  /// Whether lines have the probabilities of all actions.
  static var hasProbabilities: Bool { get }

  /// Prepares what is the same in every line of a task.
  init(_ spec: TaskSpec)

  /// Appends a step's line without its end.
  ///
  /// - Throws: `ConfigurationError` for a step that the form has no words for.
  mutating func append(_ interaction: Interaction, to line: inout [UInt8]) throws
}

/// What others need of a step: the context, what was done in it, how likely that was and what it brought.
public struct Interaction: Sendable {
  /// The step, from 1.
  public var step: Int
  /// The context.
  public var observation: Observation
  /// The action and its propensity.
  public var decision: Decision
  /// The reward earned, though it may arrive later.
  public var reward: Double
  /// The probabilities of all actions, where they were asked for and the agent knows them.
  public var probabilities: [Double]?
}

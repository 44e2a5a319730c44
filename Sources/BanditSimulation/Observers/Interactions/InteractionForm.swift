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
  func append(_ interaction: Interaction, to line: inout [UInt8]) throws
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

/// Bytes of text as lines are put together from.
extension [UInt8] {
  mutating func append(text: some StringProtocol) { append(contentsOf: text.utf8) }

  /// A number as short as it can be read back exactly; `other` for one that is not finite.
  mutating func append(number: Double, or other: String = "null") {
    append(text: number.isFinite ? number.shortText : other)
  }

  /// A number of single precision, likewise.
  mutating func append(number: Float, or other: String = "null") {
    guard number.isFinite else { return append(text: other) }
    append(text: number == number.rounded() && abs(number) < 1e7 ? String(Int(number)) : number.description)
  }
}

extension Double {
  /// The number as short as it can be read back exactly; whole numbers have no point.
  var shortText: String { Int(exactly: self).map(String.init) ?? description }
}

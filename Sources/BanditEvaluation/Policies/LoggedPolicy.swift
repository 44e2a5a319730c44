/// A policy that is judged by a log.
public protocol LoggedPolicy {
  /// Whether it changes by learning.
  var learns: Bool { get }

  /// Learns from a row.
  mutating func learn(_ interaction: LoggedInteraction) throws

  /// The probability of each action at a row, for the policy as it is now.
  mutating func probabilities(at interaction: LoggedInteraction) throws -> [Double]

  /// An action at a row, drawn as the policy draws.
  mutating func action(at interaction: LoggedInteraction) throws -> Int
}

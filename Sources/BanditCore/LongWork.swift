/// Lets a step that takes long be given up in its middle.
///
/// Loops over many minibatches or draws call `check` now and then. Runs wait a moment for a step to end by itself, so
/// that quick ones do; one that is given up is in no log and in no checkpoint.
public enum LongWork {
  /// Whether the work at hand is to be given up; whoever runs agents binds it.
  @TaskLocal public static var isUnwanted: @Sendable () -> Bool = { false }

  /// Throws `WorkGivenUp` where the work at hand is to be given up.
  public static func check() throws { if isUnwanted() { throw WorkGivenUp() } }
}

/// A step was given up in its middle, because the user asked to stop.
public struct WorkGivenUp: Error, Hashable, Sendable, CustomStringConvertible {
  /// The only value.
  public init() {}

  /// The sentence a user reads.
  public var description: String { "interrupted in the middle of a step" }
}

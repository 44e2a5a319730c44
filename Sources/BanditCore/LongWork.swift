import Synchronization

/// Lets a step that takes long be given up in its middle.
///
/// Loops over many minibatches or draws call `check` now and then. Runs wait a moment for a step to end by itself, so
/// that quick ones do; one that is given up is in no log and in no checkpoint.
public enum LongWork {
  /// In a structure: a function in a `Mutex` by itself is wrapped once more at every access.
  private struct Answer { var isUnwanted: @Sendable () -> Bool = { false } }

  /// Of the whole process: a task local of a task local's operation crashes in Swift 6.3's optimised code.
  private static let answer = Mutex(Answer())

  /// Whether the work at hand is to be given up.
  public static var isUnwanted: @Sendable () -> Bool { answer.withLock { $0.isUnwanted } }

  /// Calls `body`, in which work is given up where `isUnwanted` says so.
  public static func withAnswer<Result>(
    _ isUnwanted: @escaping @Sendable () -> Bool, _ body: () throws -> Result
  ) rethrows -> Result {
    answer.withLock { $0.isUnwanted = isUnwanted }
    defer { answer.withLock { $0 = Answer() } }
    return try body()
  }

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

import Synchronization

/// What child processes may take; no number of a run depends on it.
public struct ChildLimits: Codable, Hashable, Sendable {
  /// Seconds that a child may take for an answer, its start included.
  public var seconds = 30.0
  /// Megabytes of address space that a child may have; nil for no limit.
  public var megabytes: Int?

  /// Thirty seconds, and all the memory.
  public init() {}

  /// Of the whole process, as they decide no number: a run's settings do not have them.
  private static let inUse = Mutex(ChildLimits())

  /// The limits of children that are started from now on.
  public static var current: ChildLimits {
    get { inUse.withLock { $0 } }
    set { inUse.withLock { $0 = newValue } }
  }
}

/// Where lines go that children print, of the whole process.
public enum ChildWords {
  private struct Sink { var take: @Sendable (String) -> Void = { _ in } }

  private static let sink = Mutex(Sink())

  /// Hands over every line that a child prints from now on, with the child's name before it.
  public static func send(to take: @escaping @Sendable (String) -> Void) { sink.withLock { $0.take = take } }

  static var take: @Sendable (String) -> Void { sink.withLock { $0.take } }
}

/// Whether a wait for an answer reads on for a moment before it sleeps.
///
/// A core that sleeps takes tens of microseconds to wake, longer than a quick child takes to answer. Where the child is
/// slow, or has no core of its own, reading on is lost time: it stops unless four of five such waits are worth it, and is
/// tried again now and then.
struct Patience {
  /// How long a wait reads on; an answer after it was not worth that.
  static let length = Duration.microseconds(100)
  /// Waits without reading on before it is tried again.
  static let rest = 1_000

  private static let most = 16
  private var credit = Patience.most
  private var rested = 0

  /// Whether the next wait is to read on.
  mutating func isWorthIt() -> Bool {
    guard credit <= 0 else { return true }
    rested += 1
    return rested >= Self.rest
  }

  /// Learns from a wait that read on.
  mutating func note(wasWorthIt: Bool) {
    rested = 0
    credit = wasWorthIt ? min(credit + 1, Self.most) : max(credit - 4, 0)
  }
}

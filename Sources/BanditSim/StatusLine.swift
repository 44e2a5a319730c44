import Foundation

/// A line on the terminal that is rewritten in place, at most ten times a second.
struct StatusLine {
  private var lastDrawn: ContinuousClock.Instant?
  private var length = 0

  /// Shows a text in place of the last one, unless that is too young and this one is not `urgent`.
  mutating func show(urgent: Bool = false, _ text: () -> String) {
    let now = ContinuousClock.now
    if let lastDrawn, now - lastDrawn < .milliseconds(100), !urgent { return }
    lastDrawn = now
    // The last column stays free: a terminal may go to the next line behind it.
    let room = (Console.width(of: STDERR_FILENO) ?? 80) - 1
    let line = Self.fitted(text(), to: room)
    Console.rewriteLine(
      line.padding(toLength: max(line.count, min(length, room)), withPad: " ", startingAt: 0))
    length = line.count
  }

  /// Wipes the line out.
  mutating func clear() {
    if length > 0 {
      let room = (Console.width(of: STDERR_FILENO) ?? 80) - 1
      Console.rewriteLine(String(repeating: " ", count: min(length, room)))
      Console.rewriteLine("")
    }
    length = 0
  }

  /// The text without so many phrases before its last one, which has the time left, that it fits.
  private static func fitted(_ text: String, to room: Int) -> String {
    var phrases = text.split(separator: ", ", omittingEmptySubsequences: false)
    while phrases.count > 2, phrases.joined(separator: ", ").count > room {
      phrases.remove(at: phrases.count - 2)
    }
    let line = phrases.joined(separator: ", ").withoutControls
    return line.count <= room ? line : line.prefix(room - 1) + "…"
  }
}

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
    let line = text()
    Console.note("\r" + line.padding(toLength: max(line.count, length), withPad: " ", startingAt: 0))
    length = line.count
  }

  /// Wipes the line out.
  mutating func clear() {
    if length > 0 { Console.note("\r" + String(repeating: " ", count: length) + "\r") }
    length = 0
  }
}

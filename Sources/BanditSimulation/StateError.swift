/// A field of a checkpoint's state that cannot have been written there.
struct StateError: Error, Hashable, CustomStringConvertible {
  /// The field, and what is wrong with it.
  let description: String

  /// Longer than any run, and so short that sums of times stay numbers.
  private static let longestTime = Duration.seconds(1 << 40)
  private static let mostCounted = 1 << 53

  /// Throws unless a condition on a field holds.
  static func require(_ condition: Bool, _ field: String, _ problem: String) throws(StateError) {
    if !condition { throw StateError(description: "\(field) \(problem)") }
  }

  /// Throws unless a field is a number of things that can go on.
  static func require(count: Int, _ field: String) throws(StateError) {
    try require((0...mostCounted).contains(count), field, "is \(count); allowed: 0 to \(mostCounted)")
  }

  /// Throws unless a field is a time that something can have taken.
  static func require(time: Duration, _ field: String) throws(StateError) {
    try require(
      time >= .zero && time <= longestTime, field,
      "is no time from 0 to \(longestTime.components.seconds) seconds")
  }
}

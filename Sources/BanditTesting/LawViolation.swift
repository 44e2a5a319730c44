/// A law that a component broke: what was done, what should have come of it and what did.
public struct LawViolation: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  /// The component's name.
  public let component: String
  /// The law.
  public let law: Law
  /// What was done: task, seed, step.
  public let circumstance: String
  /// What the law asks for.
  public let expected: String
  /// What was there.
  public let found: String

  /// The sentence that a failed test shows.
  public var description: String {
    "'\(component)' breaks the law that \(law.rawValue) (\(circumstance)): expected \(expected), found \(found)"
  }

  /// The sentence on a line of its own, because tests print a list of violations.
  public var debugDescription: String { "\n  \(description)" }
}

/// Where laws are checked; it only words violations.
struct Scene: Sendable {
  let component: String
  /// Task and seed, or what else there is.
  var place: String

  func violation(
    _ law: Law, at step: Int? = nil, when circumstance: String? = nil, expected: String, found: String
  ) -> LawViolation {
    let parts = [circumstance, place, step.map { "step \($0)" }].compactMap { $0 }.filter { !$0.isEmpty }
    return LawViolation(
      component: component, law: law, circumstance: parts.joined(separator: ", "), expected: expected,
      found: found)
  }
}

/// A setting that a user can mend: what it is, what was given and what is allowed.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The setting, or the kind of thing that was named.
  public let key: String
  /// What was given.
  public let given: String
  /// What is allowed, as a phrase.
  public let allowed: String
  /// The nearest spelling, where a name was mistyped.
  public let suggestion: String?

  /// Creates an error.
  public init(key: String, given: String, allowed: String, suggestion: String? = nil) {
    self.key = key
    self.given = given
    self.allowed = allowed
    self.suggestion = suggestion
  }

  /// The sentence a user reads.
  public var description: String {
    if given.isEmpty { return "\(key) is missing; allowed: \(allowed)." }
    let hint = suggestion.map { "did you mean '\($0)'? Allowed" } ?? "allowed"
    return "\(key): '\(given)' is not allowed; \(hint): \(allowed)."
  }

  /// Throws unless `condition` holds; the error spells the given value as `--set` does.
  public static func require(
    _ condition: Bool, key: String, given: some CustomStringConvertible, allowed: String
  ) throws(ConfigurationError) {
    guard condition else {
      let spelled = SettingValue(field: given)?.description ?? given.description
      throw ConfigurationError(key: key, given: spelled, allowed: allowed)
    }
  }

  /// Throws where a kind of thing has a name twice, of which the second is not free.
  package static func requireDifferent(_ kind: String, _ names: [String]) throws(ConfigurationError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw ConfigurationError(key: kind, given: name, allowed: "a name that is not taken")
    }
  }

  /// An error for a name that is not in a list, with the nearest spelling.
  public static func unknown(_ kind: String, _ given: String, among names: [String]) -> ConfigurationError {
    ConfigurationError(
      key: kind, given: given, allowed: names.isEmpty ? "none" : names.joined(separator: ", "),
      suggestion: nearest(to: given, among: names))
  }

  /// The name at the smallest edit distance, where that is at most a third of its length (at least two).
  static func nearest(to given: String, among names: [String]) -> String? {
    let scored = names.map { (name: $0, distance: editDistance(given.lowercased(), $0.lowercased())) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, best.name.count / 3) ? best.name : nil
  }

  private static func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let substituted = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[b.count]
  }
}

import BanditCore

/// An object of a sweep's file; its errors name the key by its place in the file, such as `sweep.json: agents[1].set`.
struct SweepFields {
  private let fields: [String: SettingValue]
  private let start: String

  /// Reads an object.
  ///
  /// - Parameters:
  ///   - start: the place of the object in the file.
  ///   - keys: those that it may have; nil for any.
  ///   - allowed: what may stand here, for errors.
  init(
    _ value: SettingValue, at start: String, keys: [String]?, allowed: String = "an object in braces"
  ) throws(ConfigurationError) {
    guard case .group(let fields) = value else {
      throw ConfigurationError(key: start, given: value.description, allowed: allowed)
    }
    self.fields = fields
    self.start = start
    guard let keys else { return }
    for key in fields.keys.sorted() where !keys.contains(key) {
      throw .unknown("\(start): key", key, among: keys)
    }
  }

  /// The keys, in order.
  var keys: [String] { fields.keys.sorted() }

  subscript(_ key: String) -> SettingValue? { fields[key] }

  func has(_ key: String) -> Bool { fields[key] != nil }

  /// Where a key is, for errors.
  func place(_ key: String) -> String {
    let isTop = !start.contains(": ")
    return isTop ? "\(start): \(key)" : "\(start).\(key)"
  }

  /// The elements of a list with their places; none where the key is missing.
  func list(_ key: String) throws(ConfigurationError) -> [(value: SettingValue, place: String)] {
    switch fields[key] {
    case nil: return []
    case .list(let values):
      return values.enumerated().map { ($1, "\(place(key))[\($0)]") }
    case let other?:
      throw ConfigurationError(key: place(key), given: other.description, allowed: "a list in brackets")
    }
  }

  /// A text; nil where the key is missing.
  func text(_ key: String) throws(ConfigurationError) -> String? {
    switch fields[key] {
    case nil: return nil
    case .text(let text): return text
    case let other?: throw ConfigurationError(key: place(key), given: other.description, allowed: "text")
    }
  }

  /// A whole number in a range; nil where the key is missing.
  func integer(_ key: String, from least: Int, to most: Int = .max) throws(ConfigurationError) -> Int? {
    switch fields[key] {
    case nil: return nil
    case .integer(let number) where number >= least && number <= most: return number
    case let other?:
      let range = most == .max ? "\(least) or more" : "\(least) to \(most)"
      throw ConfigurationError(
        key: place(key), given: other.description, allowed: "a whole number, \(range)")
    }
  }
}

package import BanditCore
import BanditNumerics
import Foundation

/// The values of one setting in a sweep.
package struct SweepAxis: Sendable {
  /// The values, in the order of the file or of their draws.
  package let values: [SettingValue]
  /// Where the axis is in the file, for errors.
  package let place: String

  /// The most values of one axis.
  private static let most = 10_000

  /// Reads the axes under a key, none where it is missing.
  static func all(_ fields: SweepFields, _ key: String) throws(ConfigurationError) -> [String: SweepAxis] {
    guard let value = fields[key] else { return [:] }
    let own = try SweepFields(
      value, at: fields.place(key), keys: nil,
      allowed: "an object of settings, with a value or values for each")
    var axes: [String: SweepAxis] = [:]
    for name in own.keys { axes[name] = try SweepAxis(own, name) }
    return axes
  }

  /// Reads a value, a list of values, or a range to draw from.
  private init(_ fields: SweepFields, _ key: String) throws(ConfigurationError) {
    place = fields.place(key)
    switch fields[key] {
    case .list(let list)?:
      guard !list.isEmpty, list.count <= Self.most else {
        throw ConfigurationError(
          key: place, given: "\(list.count) values", allowed: "1 to \(Self.most) values")
      }
      values = list
    case .group(let range)?: values = try Self.draws(.group(range), at: place, key: key)
    case let value?: values = [value]
    case nil: values = []
    }
  }

  /// Values drawn evenly in their logarithm: `{"log": [0.0001, 0.1], "count": 5, "seed": 0}`.
  ///
  /// They have four significant digits, whole numbers where both ends are whole. More of them begin with the same ones.
  private static func draws(
    _ range: SettingValue, at place: String, key: String
  ) throws(ConfigurationError) -> [SettingValue] {
    let fields = try SweepFields(range, at: place, keys: ["log", "count", "seed"])
    guard case .list(let ends)? = fields["log"], ends.count == 2,
      let low = Double(ends[0].description), let high = Double(ends[1].description), low > 0, high > low,
      high.isFinite
    else {
      throw ConfigurationError(
        key: fields.place("log"), given: fields["log"]?.description ?? "",
        allowed: "two numbers above 0, the smaller first")
    }
    guard let count = try fields.integer("count", from: 1, to: most) else {
      throw ConfigurationError(key: fields.place("count"), given: "", allowed: "how many values to draw")
    }
    let seed = try fields.integer("seed", from: 0) ?? 0
    var isWhole = false
    if case .integer = ends[0], case .integer = ends[1] { isWhole = true }
    var stream = RandomStream(seed: UInt64(seed)).child("sweep").child(key)
    return (0..<count).map { _ in
      let value = exp(stream.uniform(from: log(low), to: log(high)))
      if isWhole { return .integer(Int(min(max(value.rounded(), low), high))) }
      return .number(min(max(Double(String(format: "%.3e", value)) ?? value, low), high))
    }
  }
}

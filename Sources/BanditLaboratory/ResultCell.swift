import BanditNumerics
import Foundation

/// A cell of a table: words, or a number with its spread.
public struct ResultCell: Hashable, Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
  /// A number as programs read it: all its digits, while the text beside it has four.
  public struct Number: Codable, Hashable, Sendable {
    /// The number, or the mean of several; nil where it is not finite.
    public var value: Double?
    /// The standard deviation of several.
    public var standardDeviation: Double?
    /// Half of the 95 % interval, where that is what stands behind the ±.
    public var halfWidth: Double?
    /// Such as `%` or `ms`; nil for numbers without one.
    public var unit: String?

    package enum CodingKeys: String, CodingKey {
      case value, unit
      case standardDeviation = "standard_deviation"
      case halfWidth = "half_width"
    }
  }

  /// What people read.
  public var text: String
  /// What programs read; nil for words.
  public var number: Number?

  /// The text.
  public var description: String { text }

  /// Words.
  public init(stringLiteral text: String) { self.text = text }

  /// Words.
  public static func text(_ text: String) -> ResultCell { ResultCell(stringLiteral: text) }

  /// A number of things.
  public static func count(_ count: Int) -> ResultCell { cell(Double(count)) }

  private init(_ text: String, _ number: Number) {
    self.text = text
    self.number = number
  }

  /// A number, with half of its 95 % interval unless that is infinite.
  public static func interval(_ value: Double, halfWidth: Double) -> ResultCell {
    var result = cell(value)
    guard halfWidth.isFinite else { return result }
    result.text += " ± \(cell(halfWidth))"
    result.number?.halfWidth = halfWidth
    return result
  }

  /// A number; four significant digits are shown.
  fileprivate static func number(_ value: Double) -> ResultCell {
    ResultCell(shown(value), Number(value: value.isFinite ? value : nil))
  }

  /// Several numbers' mean and standard deviation.
  fileprivate static func spread(_ spread: Spread) -> ResultCell {
    var result = number(spread.mean)
    guard let deviation = spread.deviation else { return result }
    result.text += " ± \(shown(deviation))"
    result.number?.standardDeviation = deviation.isFinite ? deviation : nil
    return result
  }

  /// Four significant digits, and no exponent where it can be done without.
  private static func shown(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let magnitude = value.magnitude
    if magnitude < 1e15, value == value.rounded() { return String(Int(value)) }
    if magnitude >= 1_000 { return String(Int(value.rounded())) }
    if magnitude < 1e-3 { return String(format: "%.3g", value) }
    let digits = magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : magnitude >= 0.1 ? 3 : 4
    return String(format: "%.\(digits)f", value)
  }
}

/// A number for a table; empty for nil.
package func cell(_ value: Double?) -> ResultCell { value.map { .number($0) } ?? "" }

/// The mean of one or more values, with their standard deviation where there are several.
package func cell(_ values: [Double]) -> ResultCell { Spread(values).map { .spread($0) } ?? "" }

/// A cell for each of several numbers of the values: their means, with standard deviations where there are several.
package func cells<Value>(_ values: [Value], _ paths: [KeyPath<Value, Double>]) -> [ResultCell] {
  paths.map { path in cell(values.map { $0[keyPath: path] }) }
}

import Foundation

/// An axis with a settled range: gives values their places, 0 at its beginning and 1 at its end.
struct PlacedAxis {
  private let scale: Axis.Scale
  private let lower: Double
  private let upper: Double

  /// Settles the range of an axis.
  ///
  /// - Parameters:
  ///   - extent: the least and the greatest value to show, where there are values.
  ///   - padding: the share of the range to leave free at each end, unless that end is zero.
  ///   - nearZero: an axis that begins within this share of its end from zero begins at zero, so that heights compare.
  init(_ axis: Axis, extent: ClosedRange<Double>?, padding: Double, nearZero: Double) {
    scale = axis.scale
    if let range = axis.range {
      let smallest = scale == .log ? 1 / Self.largest : -Self.largest
      let ends = [range.lowerBound, range.upperBound].map { min(max($0, smallest), Self.largest) }
      (lower, upper) = Self.apart(Self.scaled(ends[0], scale), Self.scaled(ends[1], scale))
      return
    }
    guard let extent else {
      (lower, upper) = (0, 1)
      return
    }
    var least = extent.lowerBound
    if scale != .log && least > 0 && least < nearZero * extent.upperBound { least = 0 }
    let (low, high) = Self.apart(Self.scaled(least, scale), Self.scaled(extent.upperBound, scale))
    let margin = padding * (high - low)
    lower = scale != .log && least == 0 ? low : low - margin
    upper = scale != .log && extent.upperBound == 0 ? high : high + margin
  }

  /// Two ends of a range, moved apart where they are the same but for rounding.
  private static func apart(_ low: Double, _ high: Double) -> (Double, Double) {
    let size = max(abs(low), abs(high))
    if size < 1 / largest { return (0, 1) }
    return high - low > size * 1e-12 ? (low, high) : (low - size / 2, high + size / 2)
  }

  /// The place of a value, not a number where it has none; beyond 0 and 1 it is off the axis.
  func place(_ value: Double) -> Double { (Self.scaled(value, scale) - lower) / (upper - lower) }

  /// The value at a place.
  func value(_ place: Double) -> Double { Self.unscaled(lower + place * (upper - lower), scale) }

  /// The values at the two ends.
  var ends: ClosedRange<Double> { Self.unscaled(lower, scale)...Self.unscaled(upper, scale) }

  /// The places at which the scale changes from one piece to the next.
  var breaks: [Double] {
    guard scale == .piecewise, upper > 1 else { return [] }
    return stride(from: max(1, lower.rounded(.up)), to: upper, by: 1)
      .map { ($0 - lower) / (upper - lower) }.filter { $0 > 0.01 && $0 < 0.99 }
  }

  /// Numbers beyond this are as good as infinite, and beyond its inverse as good as zero: what is reckoned with them
  /// must stay finite.
  static let largest = 1e200

  /// A value's position in units of the scale.
  private static func scaled(_ value: Double, _ scale: Axis.Scale) -> Double {
    guard abs(value) <= largest else { return .nan }
    switch scale {
    case .linear: return value
    case .log: return value >= 1 / largest ? log10(value) : .nan
    case .piecewise:
      guard value > 1_000 else { return value / 1_000 }
      let decade = log10(value).rounded(.down)
      let start = pow(10, decade)
      return decade - 2 + (value - start) / (9 * start)
    }
  }

  private static func unscaled(_ position: Double, _ scale: Axis.Scale) -> Double {
    switch scale {
    case .linear: return position
    case .log: return pow(10, position)
    case .piecewise:
      guard position > 1 else { return position * 1_000 }
      let decade = position.rounded(.down)
      return pow(10, decade + 2) * (1 + 9 * (position - decade))
    }
  }
}

extension Panel {
  /// The horizontal axis with its range.
  var placedX: PlacedAxis {
    var values = ValueRange(cells: heatMap?.x)
    for series in series where heatMap == nil {
      var reach = 0.0
      if case .bars(let width) = series.mark { reach = width / 2 }
      for x in series.x { values.add(x, reach: reach, positive: self.x.scale == .log) }
    }
    let hasDots = heatMap == nil && series.contains { $0.mark == .points || $0.isBars }
    return PlacedAxis(
      x, extent: values.range, padding: hasDots ? 0.03 : 0, nearZero: heatMap == nil ? 0.02 : 0)
  }

  /// The vertical axis with its range.
  var placedY: PlacedAxis {
    var values = ValueRange(cells: heatMap?.y)
    for series in series where heatMap == nil {
      for y in [series.y, series.lower, series.upper].joined() { values.add(y, positive: isLogarithmic) }
      if series.isBars { values.add(0, positive: isLogarithmic) }
    }
    let isMap = heatMap != nil
    return PlacedAxis(y, extent: values.range, padding: isMap ? 0 : 0.04, nearZero: isMap ? 0 : 0.3)
  }

  private var isLogarithmic: Bool { y.scale == .log }
}

extension Series {
  /// Whether the series is drawn as bars.
  var isBars: Bool {
    if case .bars = mark { true } else { false }
  }
}

/// The least and the greatest of some values; where there are cells, they alone count.
private struct ValueRange {
  private(set) var range: ClosedRange<Double>?

  mutating func add(_ value: Double, reach: Double = 0, positive: Bool) {
    guard abs(value) <= PlacedAxis.largest, !positive || value >= 1 / PlacedAxis.largest else { return }
    let (low, high) = positive ? (value, value) : (value - reach, value + reach)
    range = min(range?.lowerBound ?? low, low)...max(range?.upperBound ?? high, high)
  }

  /// The range of cells, to their edges.
  init(cells: [Double]?) {
    guard let cells, let first = cells.first, let last = cells.last else { return }
    let half = cells.count > 1 ? abs(last - first) / Double(cells.count - 1) / 2 : 0.5
    for middle in [first, last] { add(middle, reach: half, positive: false) }
  }
}

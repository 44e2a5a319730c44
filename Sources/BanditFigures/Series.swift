/// Numbers and the form in which a panel shows them.
///
/// A value that is not finite is a gap.
public struct Series: Hashable, Sendable {
  /// The form in which numbers are shown.
  public enum Mark: Hashable, Sendable {
    /// A line through x and y.
    case line
    /// A thin, pale line: one of many runs or draws.
    case thinLine
    /// A dashed line: a reference.
    case dashedLine
    /// A dot at each x and y; with `lower` and `upper`, a vertical bar between them too.
    case points
    /// A line that stays at y from each x to the next.
    case steps
    /// The area between `lower` and `upper`; the opacity is from 0 to 1.
    case band(opacity: Double)
    /// A filled bar from 0 to y, `width` wide in units of x, with x in its middle.
    case bars(width: Double)
  }

  /// The name, in the legend and in the data.
  public var name: String
  /// Whether the legend names it.
  public var inLegend: Bool
  /// The form.
  public var mark: Mark
  /// The colour.
  public var color: SeriesColor
  /// The horizontal places.
  public let x: [Double]
  /// The values; empty for a band.
  public let y: [Double]
  /// The lower ends of bands and error bars; empty elsewhere.
  public let lower: [Double]
  /// The upper ends of bands and error bars; empty elsewhere.
  public let upper: [Double]

  private init(
    _ name: String, _ mark: Mark, _ color: SeriesColor, x: [Double], y: [Double] = [], lower: [Double] = [],
    upper: [Double] = [], inLegend: Bool
  ) {
    precondition(
      [y, lower, upper].allSatisfy { $0.isEmpty || $0.count == x.count },
      "a series has as many values as horizontal places")
    precondition(lower.count == upper.count, "a series has as many lower as upper ends")
    self.name = name
    self.inLegend = inLegend
    self.mark = mark
    self.color = color
    self.x = x
    self.y = y
    self.lower = lower
    self.upper = upper
  }

  /// A line.
  public static func line(
    _ name: String, x: [Double], y: [Double], color: SeriesColor = .blue, inLegend: Bool = true
  ) -> Series {
    Series(name, .line, color, x: x, y: y, inLegend: inLegend)
  }

  /// A thin line, which the legend leaves out.
  public static func thinLine(
    _ name: String, x: [Double], y: [Double], color: SeriesColor = .blue, inLegend: Bool = false
  ) -> Series {
    Series(name, .thinLine, color, x: x, y: y, inLegend: inLegend)
  }

  /// A dashed line.
  public static func dashedLine(
    _ name: String, x: [Double], y: [Double], color: SeriesColor = .gray, inLegend: Bool = true
  ) -> Series {
    Series(name, .dashedLine, color, x: x, y: y, inLegend: inLegend)
  }

  /// Dots.
  public static func points(
    _ name: String, x: [Double], y: [Double], color: SeriesColor = .black, inLegend: Bool = true
  ) -> Series {
    Series(name, .points, color, x: x, y: y, inLegend: inLegend)
  }

  /// Dots with vertical error bars.
  public static func points(
    _ name: String, x: [Double], y: [Double], lower: [Double], upper: [Double], color: SeriesColor = .black,
    inLegend: Bool = true
  ) -> Series {
    Series(name, .points, color, x: x, y: y, lower: lower, upper: upper, inLegend: inLegend)
  }

  /// A line in steps.
  public static func steps(
    _ name: String, x: [Double], y: [Double], color: SeriesColor = .blue, inLegend: Bool = true
  ) -> Series {
    Series(name, .steps, color, x: x, y: y, inLegend: inLegend)
  }

  /// A filled area; a wide interval under a narrow one looks well at opacities of 0.2 and 0.4.
  public static func band(
    _ name: String, x: [Double], lower: [Double], upper: [Double], color: SeriesColor = .blue,
    opacity: Double = 0.2, inLegend: Bool = true
  ) -> Series {
    precondition((0...1).contains(opacity), "an opacity is from 0 to 1")
    return Series(name, .band(opacity: opacity), color, x: x, lower: lower, upper: upper, inLegend: inLegend)
  }

  /// Bars.
  public static func bars(
    _ name: String, x: [Double], y: [Double], width: Double = 0.8, color: SeriesColor = .blue,
    inLegend: Bool = true
  ) -> Series {
    precondition(width > 0 && width.isFinite, "a bar has a width")
    return Series(name, .bars(width: width), color, x: x, y: y, inLegend: inLegend)
  }

  /// The outline of a histogram, normalised to a density: its area is the share of the values that is within `range`.
  ///
  /// - `range`: what the bins divide; from the least to the greatest finite value where it is nil.
  /// - `bins`: how many bins of the same width, 1 or more.
  public static func histogram(
    _ name: String, values: [Double], bins: Int = 50, range: ClosedRange<Double>? = nil,
    color: SeriesColor = .blue, inLegend: Bool = true
  ) -> Series {
    precondition(bins > 0, "a histogram has at least one bin")
    let finite = values.filter(\.isFinite)
    let least = range?.lowerBound ?? finite.min() ?? 0
    let greatest = range?.upperBound ?? finite.max() ?? 1
    let width = (greatest > least ? greatest - least : 1) / Double(bins)
    var counts = [Double](repeating: 0, count: bins)
    for value in finite where value >= least && value <= least + width * Double(bins) {
      counts[min(Int((value - least) / width), bins - 1)] += 1
    }
    let share = finite.isEmpty ? 0 : 1 / (Double(finite.count) * width)
    // The line begins and ends on the axis.
    let x = [least] + (0...bins).map { least + width * Double($0) }
    return .steps(name, x: x, y: [0] + counts.map { $0 * share } + [0], color: color, inLegend: inLegend)
  }
}

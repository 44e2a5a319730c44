/// The scale of a heat map's colours, to the right of its plot.
struct ColorBar {
  let label: String
  let range: ClosedRange<Double>
  let ticks: Ticks
  /// The whole width with words, in points.
  let width: Double

  /// From the plot to the bar, and the bar itself.
  static let gap = 7.0
  static let barWidth = 7.0
  /// The colours in it.
  static let steps = 128

  /// The bar of a map, where it has a label; `height` is in points.
  init?(_ map: HeatMap, height: Double) {
    guard let label = map.label else { return nil }
    self.label = label
    range = map.colorRange
    let axis = Axis(range: range)
    ticks = Ticks(
      axis, placed: PlacedAxis(axis, extent: nil, padding: 0, nearZero: 0), length: height,
      extent: Ticks.lineExtent)
    let labels = ticks.marks.compactMap(\.label).map { TextWidth.of($0, size: FigureFormat.typeSize) }
    width = Self.gap + Self.barWidth + 4 + (labels.max() ?? 0) + 14
  }
}

extension HeatMap {
  /// The values of the first and the last colour, which differ.
  var colorRange: ClosedRange<Double> {
    // Each class is in the middle of its colour.
    if palette == .classes { return -0.5...(Double(SeriesColor.count) - 0.5) }
    let finite = values.filter { abs($0) <= PlacedAxis.largest }
    let given = range ?? (finite.min() ?? 0)...(finite.max() ?? 1)
    return given.lowerBound < given.upperBound ? given : given.lowerBound...(given.lowerBound + 1)
  }
}

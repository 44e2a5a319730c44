/// One pair of axes with what is drawn between them.
public struct Panel: Hashable, Sendable {
  /// Printed above the axes, where there is one.
  public var title: String?
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, the first one at the bottom.
  public var series: [Series]
  /// A map of values below all series.
  public var heatMap: HeatMap?
  /// An interval of x with a grey ground: where the training data are, say.
  public var shadedInterval: ClosedRange<Double>?
  /// Whether axes, ticks and labels are drawn; images need none.
  public var showsAxes: Bool

  /// Creates a panel.
  public init(
    title: String? = nil, x: Axis = Axis(), y: Axis = Axis(), series: [Series] = [], heatMap: HeatMap? = nil,
    shadedInterval: ClosedRange<Double>? = nil, showsAxes: Bool = true
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.heatMap = heatMap
    self.shadedInterval = shadedInterval
    self.showsAxes = showsAxes
  }

  /// A panel that is an image alone, without axes.
  public static func image(_ image: HeatMap, title: String? = nil) -> Panel {
    Panel(title: title, heatMap: image, showsAxes: false)
  }
}

/// Values over a grid as colours: a map of uncertainty, or an image.
public struct HeatMap: Hashable, Sendable {
  /// From small to large values.
  public enum Palette: Hashable, Sendable {
    /// Dark violet to yellow, of even steps in lightness and safe for colour-blind readers.
    case viridis
    /// White to black, for digits and for print.
    case gray
    /// The colours of series by their index: for values that are the numbers of classes, from 0.
    case classes
  }

  /// The horizontal middles of the cells, evenly spaced.
  public let x: [Double]
  /// The vertical middles of the cells, evenly spaced.
  public let y: [Double]
  /// The values, row by row in the order of `y`; those that are not finite are left white.
  public let values: [Double]
  /// What the values are, printed along the colour bar; without it there is no bar.
  public var label: String?
  /// The values of the first and the last colour; the least and the greatest value where it is nil.
  public var range: ClosedRange<Double>?
  /// The colours.
  public var palette: Palette

  /// Creates a map of `x.count` times `y.count` values.
  public init(
    x: [Double], y: [Double], values: [Double], label: String? = nil, range: ClosedRange<Double>? = nil,
    palette: Palette = .viridis
  ) {
    precondition(!x.isEmpty && !y.isEmpty, "a heat map has at least one cell")
    precondition(values.count == x.count * y.count, "a heat map has a value for each cell")
    self.x = x
    self.y = y
    self.values = values
    self.label = label
    self.range = range
    self.palette = palette
  }

  /// Creates an image from its pixels, the top row first.
  public init(pixels: [Double], width: Int, range: ClosedRange<Double>? = nil, palette: Palette = .gray) {
    precondition(
      width > 0 && !pixels.isEmpty && pixels.count.isMultiple(of: width), "an image has whole rows")
    let height = pixels.count / width
    self.init(
      x: (0..<width).map(Double.init), y: (0..<height).map { Double(height - 1 - $0) }, values: pixels,
      range: range, palette: palette)
  }
}

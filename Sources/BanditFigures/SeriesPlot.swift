import Foundation

/// A series as gnuplot draws it: rows of numbers, and the style that they are drawn in.
struct SeriesPlot {
  struct Part {
    var rows: [String]
    var style: String
  }

  private(set) var parts: [Part] = []

  /// Rows of numbers that make an SVG file of about 150 KB.
  private static let mostRows = 7_500

  /// How far a line may be from its points, in points: an eighth of its width.
  private static let finest = 0.15

  /// The series of all panels, with thin lines and areas ever coarser until the picture is small.
  static func all(_ places: [Layout.Place]) -> [[SeriesPlot]] {
    var tolerance = finest
    while true {
      let plots = places.map { place in
        place.panel.series.map { SeriesPlot($0, place: place, tolerance: tolerance) }
      }
      let rows = plots.joined().flatMap(\.parts).reduce(0) { $0 + $1.rows.count }
      tolerance *= 1.5
      if rows <= mostRows || tolerance > 1.2 { return plots }
    }
  }

  private init(_ series: Series, place: Layout.Place, tolerance: Double) {
    let plot = place.plot
    // Points are thinned in their places on paper.
    func points(_ values: [Double]) -> [Thinning.Point] {
      zip(series.x, values).map { x, y in
        Thinning.Point(x: place.x.place(x) * plot.width, y: place.y.place(y) * plot.height)
      }
    }
    func row(_ point: Thinning.Point) -> String {
      "\(GnuplotScript.number(point.x / plot.width)) \(GnuplotScript.number(point.y / plot.height))"
    }
    func rows(_ curves: [[Thinning.Point]]) -> [String] {
      Array(curves.map { $0.map(row) }.joined(separator: [""]))
    }
    let color = "linecolor rgb '\(Self.color(series.color, mark: series.mark))' notitle"
    switch series.mark {
    case .line, .thinLine, .dashedLine:
      let isThin = series.mark == .thinLine
      let curves = Thinning.curves(points(series.y), tolerance: isThin ? tolerance : Self.finest)
      add(rows(curves), "using 1:2 with lines \(Self.stroke(series.mark)) \(color)")
    case .steps:
      let curves = Thinning.curves(Self.stairs(points(series.y)), tolerance: Self.finest)
      add(rows(curves), "using 1:2 with lines \(Self.stroke(series.mark)) \(color)")
    case .band:
      // What reaches down to zero leaves a logarithmic plot at its bottom.
      let lower = zip(points(series.lower), series.lower).map { point, value in
        place.panel.y.scale == .log && value <= 0 ? Thinning.Point(x: point.x, y: -plot.height) : point
      }
      let areas = Self.areas(lower: lower, upper: points(series.upper), tolerance: tolerance)
      add(rows(areas), "using 1:2 with filledcurves closed fillstyle solid noborder \(color)")
    case .points:
      let bars = zip(points(series.lower), points(series.upper)).flatMap { [$0, $1, nil] }
      let ends = bars.map { $0 ?? Thinning.Point(x: .nan, y: .nan) }
      add(rows(Thinning.curves(ends, tolerance: tolerance)), "using 1:2 with lines linewidth 0.6 \(color)")
      let dots = Thinning.dots(points(series.y)).map(row)
      let dot = dots.count > 150 ? "smalldot" : "dot"
      // A white rim keeps dots apart from the colours of a map.
      if place.panel.heatMap != nil {
        add(dots, "using 1:2 with points pointtype 7 pointsize 1.5*\(dot) linecolor rgb '#ffffff' notitle")
      }
      add(dots, "using 1:2 with points pointtype 7 pointsize \(dot) \(color)")
    case .bars(let width):
      let areas = zip(series.x, series.y).compactMap { x, y -> [Thinning.Point]? in
        guard x.isFinite && y.isFinite else { return nil }
        let left = place.x.place(x - width / 2) * plot.width
        let right = place.x.place(x + width / 2) * plot.width
        let foot = place.y.place(0)
        let (bottom, top) = ((foot.isFinite ? foot : 0) * plot.height, place.y.place(y) * plot.height)
        return [(left, bottom), (left, top), (right, top), (right, bottom)].map {
          Thinning.Point(x: $0, y: $1)
        }
      }
      add(rows(areas), "using 1:2 with filledcurves closed fillstyle solid noborder \(color)")
    }
  }

  private mutating func add(_ rows: [String], _ style: String) {
    if !rows.isEmpty { parts.append(Part(rows: rows, style: style)) }
  }

  /// A line that stays at each point's height to the next.
  private static func stairs(_ points: [Thinning.Point]) -> [Thinning.Point] {
    zip(points, points.dropFirst()).flatMap { [$0, Thinning.Point(x: $1.x, y: $0.y)] } + points.suffix(1)
  }

  /// The outlines of the stretches in which both edges are there: along the lower one and back along the upper.
  private static func areas(lower: [Thinning.Point], upper: [Thinning.Point], tolerance: Double) -> [[Thinning
    .Point]]
  {
    func isThere(_ index: Int) -> Bool {
      lower[index].x.isFinite && lower[index].y.isFinite && upper[index].y.isFinite
    }
    return lower.indices.split { !isThere($0) }.map { stretch in
      let edges = [lower, upper].map {
        Thinning.curves(Array($0[stretch.startIndex..<stretch.endIndex]), tolerance: tolerance).first ?? []
      }
      return edges[0] + edges[1].reversed()
    }
  }

  /// How a line of some form is drawn.
  static func stroke(_ mark: Series.Mark) -> String {
    switch mark {
    case .thinLine: "linewidth 0.4"
    case .dashedLine: "linewidth 0.8 dashtype (12,8)"
    default: "linewidth 1.2"
    }
  }

  /// gnuplot's colour, of which the first two digits say how transparent it is.
  static func color(_ color: SeriesColor, mark: Series.Mark) -> String {
    let opacity =
      switch mark {
      case .band(let opacity): opacity
      case .thinLine: 0.5
      default: 1.0
      }
    let transparency = String(Int(((1 - opacity) * 255).rounded()), radix: 16)
    return "#" + (transparency.count == 1 ? "0" : "") + transparency + color.rawValue.dropFirst()
  }
}

/// What gnuplot is told to draw.
struct GnuplotScript {
  private let figure: Figure
  private let format: FigureFormat

  init(_ figure: Figure, format: FigureFormat) {
    self.figure = figure
    self.format = format
  }

  var text: String {
    let rows = (figure.panels.count + figure.columns - 1) / figure.columns
    let size = Figure.Size(
      width: figure.panelSize.width * Double(figure.columns), height: figure.panelSize.height * Double(rows))
    let head = [
      "set encoding utf8", format.terminal(size), "set output 'picture'",
      "set multiplot layout \(rows),\(figure.columns) title \(Self.quoted(figure.title ?? ""))",
    ]
    return (head + figure.panels.flatMap(commands) + ["unset multiplot", "unset output"])
      .joined(separator: "\n") + "\n"
  }

  private func commands(_ panel: Panel) -> [String] {
    var lines = [
      "set title \(Self.quoted(panel.title ?? ""))", "set xlabel \(Self.quoted(panel.x.label ?? ""))",
      "set ylabel \(Self.quoted(panel.y.label ?? ""))",
      panel.x.scale == .log ? "set logscale x" : "unset logscale x",
      panel.y.scale == .log ? "set logscale y" : "unset logscale y",
    ]
    var plots: [String] = []
    for series in panel.series {
      let title = series.inLegend ? "title \(Self.quoted(series.name))" : "notitle"
      plots.append("'-' with \(Self.style(series)) \(title)")
    }
    guard !plots.isEmpty else { return lines }
    lines.append("plot " + plots.joined(separator: ", "))
    for series in panel.series {
      for row in series.x.indices {
        let values = [series.y, series.lower, series.upper].compactMap { row < $0.count ? $0[row] : nil }
        lines.append(([series.x[row]] + values).map(\.description).joined(separator: " "))
      }
      lines.append("e")
    }
    return lines
  }

  private static func style(_ series: Series) -> String {
    let color = "lc rgb '\(series.color.rawValue)'"
    return switch series.mark {
    case .line: "lines lw 1.2 \(color)"
    case .thinLine: "lines lw 0.4 \(color)"
    case .dashedLine: "lines lw 0.8 dt 2 \(color)"
    case .points: series.lower.isEmpty ? "points pt 7 ps 0.3 \(color)" : "yerrorbars pt 7 ps 0.3 \(color)"
    case .steps: "steps lw 1.2 \(color)"
    case .band(let opacity): "filledcurves fs transparent solid \(opacity) \(color)"
    case .bars(let width): "boxes \(width) fs solid \(color)"
    }
  }

  /// A text that gnuplot takes as it is: in single quotes it looks for neither escapes nor commands.
  static func quoted(_ text: String) -> String {
    let line = String(
      text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    return "'" + line.replacing("'", with: "''") + "'"
  }
}

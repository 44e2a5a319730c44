import Foundation

/// What gnuplot is told to draw: all places are settled here, so that the formats look alike.
///
/// Plots have axes from 0 to 1.
struct GnuplotScript {
  let size: Figure.Size
  private(set) var lines: [String]

  /// The script that draws a figure into the file `picture`.
  init(_ figure: Figure, format: FigureFormat) {
    let layout = Layout(figure)
    size = layout.size
    lines = [
      "set encoding utf8", format.terminal(size), "set output 'picture'", "set multiplot", "unset key",
      "set clip two", "dot = \(format.dotSize)", "smalldot = 0.6*dot", "unset colorbox", "set xrange [0:1]",
      "set yrange [0:1]",
    ]
    for (index, line) in layout.title.enumerated() {
      text(line, x: size.width / 2, y: 10 + Double(index) * Layout.titleLine, size: 9)
    }
    draw(layout.legend, left: 5, top: layout.legendTop)
    for (index, (place, series)) in zip(layout.places, SeriesPlot.all(layout.places)).enumerated() {
      draw(place, series, index: index)
    }
    lines += ["unset multiplot", "unset output"]
  }

  /// The script as gnuplot reads it.
  var script: String { lines.joined(separator: "\n") + "\n" }

  private mutating func draw(_ place: Layout.Place, _ series: [SeriesPlot], index: Int) {
    let panel = place.panel
    for (index, line) in place.title.reversed().enumerated() {
      text(
        line, x: place.plot.middle, y: place.plot.top - 8 - Double(index) * Layout.panelTitleLine, size: 8.5)
    }
    draw(place.legend, left: Layout.legendLeft(place.cell), top: place.cell.bottom)
    var plots: [String] = []
    if let map = panel.heatMap { plots.append(plot(map, place: place, name: "$panel\(index)map")) }
    lines += margins(place.plot)
    drawAxes(place)
    if let interval = panel.shadedInterval {
      let ends = [interval.lowerBound, interval.upperBound].map { min(max(place.x.place($0), 0), 1) }
      lines.append(
        "set object rectangle from graph \(Self.number(ends[0])),0 to graph \(Self.number(ends[1])),1 "
          + "back fillcolor rgb '#ebebeb' fillstyle solid noborder")
    }
    for (number, series) in series.enumerated() {
      plots += series.parts.enumerated().map { part, drawn in
        let name = "$panel\(index)series\(number)part\(part)"
        lines.append("\(name) << END")
        lines += drawn.rows
        lines.append("END")
        return "\(name) \(drawn.style)"
      }
    }
    // An empty plot has axes too.
    lines.append("plot " + (plots.isEmpty ? "NaN" : plots.joined(separator: ", \\\n  ")))
    lines += ["unset label", "unset arrow", "unset object"]
  }

  private mutating func drawAxes(_ place: Layout.Place) {
    let panel = place.panel
    guard panel.showsAxes else {
      lines += [
        "set border 15 linewidth 0.4 linecolor rgb '#c0c0c0'", "unset xtics", "unset ytics", "unset grid",
      ]
      return
    }
    lines.append("set border 3 linewidth 0.6 linecolor rgb '#404040'")
    for (name, ticks) in [("x", place.xTicks), ("y", place.yTicks)] {
      let marks = ticks.marks.map { "'' \(Self.number($0.place)) \($0.label == nil ? 1 : 0)" }
      lines.append("set \(name)tics scale 0.5,0.25 out nomirror (\(marks.joined(separator: ", ")))")
    }
    for mark in place.xTicks.marks {
      let x = place.plot.left + mark.place * place.plot.width
      text(mark.label ?? "", x: x, y: place.plot.bottom + 9)
    }
    for mark in place.yTicks.marks {
      let y = place.plot.bottom - mark.place * place.plot.height
      text(mark.label ?? "", x: place.plot.left - 5, y: y, alignment: "right")
    }
    lines.append(
      panel.heatMap == nil
        ? "set grid ytics back linetype 1 linewidth 0.4 linecolor rgb '#e0e0e0'" : "unset grid")
    if let label = panel.x.label {
      let words = TextWidth.fitted(label, size: 8, to: place.cell.width)
      text(words, x: place.plot.middle, y: place.cell.bottom - 6, size: 8)
    }
    for (index, line) in place.yLabel.enumerated() {
      let middle = min(
        max((place.plot.top + place.plot.bottom) / 2, place.cell.top + 3 + TextWidth.of(line, size: 8) / 2),
        place.cell.bottom - 3 - TextWidth.of(line, size: 8) / 2)
      text(
        line, x: place.cell.left + 7 + Double(index) * Layout.labelLine, y: middle, size: 8, isUpright: true)
    }
    drawBreaks(place)
  }

  /// Where a scale changes: a dashed line across the plot, and two strokes through the axis.
  private mutating func drawBreaks(_ place: Layout.Place) {
    let dashes = "nohead back linewidth 0.6 dashtype (6,6) linecolor rgb '#909090'"
    let stroke = "nohead front linewidth 0.6 linecolor rgb '#404040'"
    func arrow(_ from: (Double, Double), _ to: (Double, Double), _ style: String) {
      lines.append(
        "set arrow from screen \(across(from.0)),\(up(from.1)) to screen \(across(to.0)),\(up(to.1)) \(style)"
      )
    }
    let plot = place.plot
    for y in place.y.breaks.map({ plot.bottom - $0 * plot.height }) {
      arrow((plot.left, y), (plot.right, y), dashes)
      for shift in [-1.2, 1.2] {
        arrow((plot.left - 3, y + shift + 1.5), (plot.left + 3, y + shift - 1.5), stroke)
      }
    }
    for x in place.x.breaks.map({ plot.left + $0 * plot.width }) {
      arrow((x, plot.top), (x, plot.bottom), dashes)
      for shift in [-1.2, 1.2] {
        arrow((x + shift - 1.5, plot.bottom + 3), (x + shift + 1.5, plot.bottom - 3), stroke)
      }
    }
  }

  /// Readies a map, draws its scale of colours, and tells how to plot it.
  private mutating func plot(_ map: HeatMap, place: Layout.Place, name: String) -> String {
    let range = map.colorRange
    lines.append("set palette defined (\(map.palette.gnuplotColors))")
    lines.append("set cbrange [\(range.lowerBound):\(range.upperBound)]")
    lines += ["\(name) << END"] + ImageRows(map, place: place).rows + ["END"]
    if let bar = place.colorBar { draw(bar, beside: place.plot, name: name + "bar") }
    return "\(name) using 1:2:3 with image"
  }

  /// The scale of colours is an image too: gnuplot's own has seams in some viewers.
  private mutating func draw(_ bar: ColorBar, beside plot: Layout.Box, name: String) {
    let left = plot.right + ColorBar.gap
    let right = left + ColorBar.barWidth
    for mark in bar.ticks.marks {
      text(mark.label ?? "", x: right + 3, y: plot.bottom - mark.place * plot.height, alignment: "left")
    }
    text(bar.label, x: plot.right + bar.width - 5, y: (plot.top + plot.bottom) / 2, size: 8, isUpright: true)
    lines += ["\(name) << END"] + bar.rows + ["END"]
    lines += margins(Layout.Box(left: left, top: plot.top, right: right, bottom: plot.bottom))
    lines += [
      "unset border", "unset xtics", "unset ytics", "plot \(name) using 1:2:3 with image", "unset label",
    ]
  }

  private mutating func draw(_ legend: Legend, left: Double, top: Double) {
    for item in legend.items {
      let (x, y) = (left + item.x, top + item.y)
      let end = x + Legend.sampleWidth
      let color = SeriesPlot.color(item.entry.color, mark: item.entry.mark)
      switch item.entry.mark {
      case .line, .thinLine, .dashedLine, .steps:
        lines.append(
          "set arrow from screen \(across(x)),\(up(y)) to screen \(across(end)),\(up(y)) nohead "
            + "\(SeriesPlot.stroke(item.entry.mark)) linecolor rgb '\(color)'")
      case .band, .bars:
        lines.append(
          "set object rectangle from screen \(across(x)),\(up(y + 3)) to screen \(across(end)),\(up(y - 3)) "
            + "fillcolor rgb '\(color)' fillstyle solid noborder")
      case .points:
        lines.append(
          "set label '' at screen \(across((x + end) / 2)),\(up(y)) point pointtype 7 pointsize dot linecolor rgb '\(color)'"
        )
      }
      for (index, line) in item.lines.enumerated() {
        text(
          line, x: left + Legend.textX(item), y: y + Double(index) * Legend.lineHeight, alignment: "left")
      }
    }
  }

  private mutating func text(
    _ text: String, x: Double, y: Double, size: Double = FigureFormat.typeSize, alignment: String = "center",
    isUpright: Bool = false
  ) {
    guard !text.isEmpty else { return }
    lines.append(
      "set label \(Self.quoted(text)) at screen \(across(x)),\(up(y)) \(alignment) "
        + "\(isUpright ? "rotate by 90 " : "")font ',\(size)' front")
  }

  private func margins(_ box: Layout.Box) -> [String] {
    [
      "set lmargin at screen \(across(box.left))", "set rmargin at screen \(across(box.right))",
      "set tmargin at screen \(up(box.top))", "set bmargin at screen \(up(box.bottom))",
    ]
  }

  private func across(_ x: Double) -> String { Self.number(x / size.width) }
  private func up(_ y: Double) -> String { Self.number(1 - y / size.height) }

  /// A number as gnuplot reads it, within what its arithmetic can clip.
  static func number(_ value: Double) -> String {
    value.isFinite ? String(format: "%.5f", min(max(value, -1_000), 1_000)) : "NaN"
  }

  /// A text in double quotes, with the codes of all characters in which gnuplot could look for something.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    // gnuplot's SVG leaves ">" as it is, which XML does not allow there.
    for scalar in text.replacing("]]>", with: "]] >").unicodeScalars {
      if scalar.properties.generalCategory == .control || scalar.value & 0xfffe == 0xfffe {
        // These would end a line, or not be XML.
        quoted += " "
      } else if scalar.isASCII && !scalar.properties.isAlphabetic
        && !"0123456789 .,:=".unicodeScalars.contains(scalar)
      {
        // gnuplot takes four digits after a zero, three elsewhere.
        let code = String(scalar.value, radix: 8)
        quoted += (code.count == 2 ? "\\00" : "\\") + code
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension HeatMap.Palette {
  /// The palette at even distances.
  fileprivate var gnuplotColors: String {
    let colors: [String]
    switch self {
    case .viridis:
      colors = [
        "#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725",
      ]
    case .gray: colors = ["#ffffff", "#000000"]
    case .classes:
      // Each colour begins where the last ends.
      let steps = (0..<SeriesColor.count).map {
        "\($0) '\(SeriesColor.number($0).rawValue)', \($0 + 1) '\(SeriesColor.number($0).rawValue)'"
      }
      return steps.joined(separator: ", ")
    }
    return colors.enumerated().map { "\($0.offset) '\($0.element)'" }.joined(separator: ", ")
  }
}

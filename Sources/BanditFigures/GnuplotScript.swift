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
    if let title = figure.title {
      text(TextWidth.fitted(title, size: 9, to: size.width - 10), x: size.width / 2, y: 10, size: 9)
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
    if let title = panel.title {
      let words = TextWidth.fitted(title, size: 8.5, to: place.cell.width - 4)
      text(words, x: place.plot.middle, y: place.plot.top - 8, size: 8.5)
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
    if let label = panel.y.label {
      let words = TextWidth.fitted(label, size: 8, to: place.cell.height)
      text(
        words, x: place.cell.left + 7, y: (place.plot.top + place.plot.bottom) / 2, size: 8, isUpright: true)
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
      text(
        item.entry.name, x: left + Legend.textX(item), y: y, alignment: "left")
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
    let colors =
      switch self {
      case .viridis:
        ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"]
      case .gray: ["#ffffff", "#000000"]
      }
    return colors.enumerated().map { "\($0.offset) '\($0.element)'" }.joined(separator: ", ")
  }
}

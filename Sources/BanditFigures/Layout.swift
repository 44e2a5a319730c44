/// Where everything of a figure is, in points from its top left corner, y downwards.
struct Layout {
  /// A rectangle.
  struct Box: Equatable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }
    var middle: Double { (left + right) / 2 }
  }

  /// The parts of a panel.
  struct Place {
    var panel: Panel
    /// The lines of its title.
    var title: [String]
    /// The lines along its vertical axis.
    var yLabel: [String]
    /// The panel with its labels.
    var cell: Box
    /// What is between the axes.
    var plot: Box
    var x: PlacedAxis
    var y: PlacedAxis
    var xTicks: Ticks
    var yTicks: Ticks
    var colorBar: ColorBar?
    var legend: Legend
  }

  let size: Figure.Size
  /// The lines of the figure's title.
  let title: [String]
  let places: [Place]
  /// The legend of all panels, under them, where they have the same.
  let legend: Legend
  let legendTop: Double

  /// From a line of a figure's title, of a panel's title and of an upright label to the next.
  static let (titleLine, panelTitleLine, labelLine) = (11.0, 10.0, 9.5)
  private static let edge = 5.0

  init(_ figure: Figure) {
    let cell = figure.panelSize
    let columns = min(figure.columns, figure.panels.count)
    let rows = stride(from: 0, to: figure.panels.count, by: columns).map { start in
      Array(figure.panels[start..<min(start + columns, figure.panels.count)])
    }
    let width = cell.width * Double(columns)
    let entries = figure.panels.map(Legend.entries).filter { !$0.isEmpty }
    let isShared = entries.count > 1 && Set(entries).count == 1
    let margins = rows.flatMap { row in
      let titles = row.map { $0.titleLines(width: cell.width) }
      let lines = titles.map(\.count).max() ?? 0
      return zip(row, titles).map { Margins($0, title: $1, cell: cell, titleLines: lines) }
    }
    let title = figure.title.map { TextWidth.lines($0, size: 9, to: width - 10) } ?? []
    // Plots side by side are of one width, and plots in a column share their edges.
    let left = margins.map(\.left).max() ?? 0
    var places: [Place] = []
    var top = title.isEmpty ? 0 : 7 + Double(title.count) * Self.titleLine
    for (row, panels) in rows.enumerated() {
      let legends = panels.map {
        Legend(isShared ? [] : Legend.entries(of: $0), width: cell.width - 2 * Self.edge)
      }
      for (column, panel) in panels.enumerated() {
        let above = stride(from: column, to: figure.panels.count, by: columns).map { margins[$0] }
        let box = Box(
          left: Double(column) * cell.width, top: top, right: Double(column + 1) * cell.width,
          bottom: top + cell.height)
        places.append(
          margins[row * columns + column].place(
            panel, in: box, left: left, right: above.map(\.right).max() ?? 0,
            legend: legends[column]))
      }
      top += cell.height + (legends.map(\.height).max() ?? 0)
    }
    let legend = Legend(isShared ? entries[0] : [], width: width - 2 * Self.edge)
    self.title = title
    self.places = places
    self.legend = legend
    legendTop = top
    size = Figure.Size(width: width, height: (top + legend.height).rounded(.up))
  }

  /// Where a legend's items begin.
  static func legendLeft(_ cell: Box) -> Double { cell.left + edge }
}

extension Panel {
  fileprivate func titleLines(width: Double) -> [String] {
    title.map { TextWidth.lines($0, size: 8.5, to: width - 4) } ?? []
  }
}

/// The space around a panel's plot, and what depends on nothing but the panel's height.
private struct Margins {
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  let x: PlacedAxis
  let y: PlacedAxis
  let yTicks: Ticks
  let colorBar: ColorBar?
  let title: [String]
  let yLabel: [String]

  init(_ panel: Panel, title: [String], cell: Figure.Size, titleLines: Int) {
    self.title = title
    x = panel.placedX
    y = panel.placedY
    top = titleLines == 0 ? 6 : 4 + Double(titleLines) * Layout.panelTitleLine
    bottom = panel.showsAxes ? (panel.x.label == nil ? 16 : 27) : 5
    let height = cell.height - top - bottom
    yTicks = Ticks(panel.y, placed: y, length: height, extent: Ticks.lineExtent)
    let labels = yTicks.marks.compactMap(\.label).map { TextWidth.of($0, size: FigureFormat.typeSize) }
    let words = panel.showsAxes ? panel.y.label : nil
    yLabel = words.map { TextWidth.lines($0, size: 8, to: cell.height - 6) } ?? []
    let labelWidth = yLabel.isEmpty ? 9 : 10.5 + Double(yLabel.count) * Layout.labelLine
    left = panel.showsAxes ? labelWidth + (labels.max() ?? 0) : 5
    colorBar = panel.heatMap.flatMap { ColorBar($0, height: height) }
    // Half of the last label hangs over.
    right = (panel.showsAxes ? 15 : 5) + (colorBar?.width ?? 0)
  }

  func place(
    _ panel: Panel, in cell: Layout.Box, left: Double, right: Double, legend: Legend
  ) -> Layout.Place {
    var plot = Layout.Box(
      left: cell.left + left, top: cell.top + top, right: cell.right - right, bottom: cell.bottom - bottom)
    if !panel.showsAxes, let image = panel.heatMap {
      plot = Self.box(plot, with: Double(image.x.count) / Double(image.y.count))
    }
    let xTicks = Ticks(panel.x, placed: x, length: plot.width, extent: Ticks.wordExtent)
    return Layout.Place(
      panel: panel, title: title, yLabel: yLabel, cell: cell, plot: plot, x: x, y: y, xTicks: xTicks,
      yTicks: yTicks, colorBar: colorBar,
      legend: legend)
  }

  /// The largest box of an aspect in the middle of another.
  private static func box(_ outer: Layout.Box, with aspect: Double) -> Layout.Box {
    let width = min(outer.width, outer.height * aspect)
    let height = width / aspect
    let top = (outer.top + outer.bottom - height) / 2
    return Layout.Box(
      left: outer.middle - width / 2, top: top, right: outer.middle + width / 2, bottom: top + height)
  }
}

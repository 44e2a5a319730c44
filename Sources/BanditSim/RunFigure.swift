import BanditSimulation
import BanditFigures

/// The curves of groups of runs: a panel a quantity.
struct RunFigure {
  private let groups: [RunGroup]
  private let quantities: [RunQuantity]
  private let scale: Axis.Scale

  /// Readies a figure; `scale` is the axis of regrets.
  init(_ groups: [RunGroup], quantities: [RunQuantity], scale: Axis.Scale) {
    self.groups = groups
    self.quantities = quantities
    self.scale = scale
  }

  var figure: Figure {
    let environments = Set(groups.flatMap(\.runs).map(\.settings.environment)).sorted()
    let hasIntervals = groups.contains { $0.runs.count > 1 }
    return Figure(
      title: environments.joined(separator: ", ")
        + (hasIntervals ? ": mean, 95 % interval, single runs" : ""),
      panels: quantities.map(panel), columns: quantities.count == 1 ? 1 : 2)
  }

  private func panel(_ quantity: RunQuantity) -> Panel {
    var bands: [Series] = []
    var singles: [Series] = []
    var means: [Series] = []
    for (index, group) in groups.enumerated() {
      guard let curve = group.mean(of: quantity.column) else { continue }
      let color = SeriesColor.number(index)
      let count = group.runs.count
      if count > 1 {
        bands.append(
          .band(
            "\(group.name), 95 % interval", x: curve.steps, lower: curve.lower, upper: curve.upper,
            color: color, inLegend: false))
        for run in group.runs {
          singles.append(
            .thinLine(
              "\(group.name), seed \(run.settings.seed)", x: run.steps.map(Double.init),
              y: run[quantity.column] ?? [], color: color))
        }
      }
      let name =
        count > 1 ? "\(group.name), \(count) seeds" : "\(group.name), seed \(group.runs[0].settings.seed)"
      // Colours that come round again are dashed.
      let line = index < SeriesColor.count ? Series.line : Series.dashedLine
      means.append(line(name, curve.steps, curve.mean, color, true))
    }
    let scale = quantity.isRegret ? scale : .linear
    let range = Self.range(bands: bands, lines: singles + means, isLogarithmic: scale == .log)
    return Panel(
      x: Axis("step"), y: Axis(quantity.label, range: range, scale: scale), series: bands + singles + means)
  }

  /// What the lines need, and of intervals no more than a quarter beyond it.
  ///
  /// Two seeds that differ have an interval that would leave the lines no room. The first steps do not count, in
  /// which a rate is one of a few steps.
  private static func range(bands: [Series], lines: [Series], isLogarithmic: Bool) -> ClosedRange<Double>? {
    let start = 0.02 * (lines.compactMap(\.x.last).max() ?? 0)
    func settled(_ series: [Series], _ values: KeyPath<Series, [Double]>) -> [Double] {
      series.flatMap { line in zip(line.x, line[keyPath: values]).filter { $0.0 >= start }.map(\.1) }
    }
    let values = settled(lines, \.y).filter { !isLogarithmic || $0 > 0 }
    guard let least = values.min(), let most = values.max(), most > least else { return nil }
    let (edge, room) = ((most - least) * 0.04, (most - least) * 0.25)
    let upper = max(most + edge, min(settled(bands, \.upper).max() ?? most, most + room))
    if isLogarithmic { return least...upper }
    return (least < 0 ? least - edge : 0)...upper
  }
}

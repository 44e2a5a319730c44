import BanditSimulation
import BanditFigures

/// Groups of runs in two panels: their regrets, and how much more each has than the reference.
struct CompareFigure {
  private let groups: [RunGroup]
  private let comparison: Comparison

  init(_ groups: [RunGroup], _ comparison: Comparison) {
    self.groups = groups
    self.comparison = comparison
  }

  var figure: Figure {
    let expected = RunQuantity(column: RecordedRun.expectedRegret)
    let regrets = RunFigure(groups, quantities: [expected], scale: .linear).figure
    var panels = regrets.panels
    if groups.count > 1 { panels.append(differences) }
    return Figure(title: regrets.title, panels: panels, columns: panels.count)
  }

  /// Mean differences over common seeds with bootstrap intervals, in the colours of the first panel.
  private var differences: Panel {
    let reference = groups.first { $0.name == comparison.reference } ?? groups[0]
    var bands: [Series] = []
    var lines: [Series] = []
    for (index, group) in groups.enumerated() where group.name != reference.name {
      let steps = group.runs[0].steps
      let points = steps.compactMap { step -> (Double, [Double])? in
        let values = group.differences(from: reference, at: step).map(\.value)
        return values.isEmpty ? nil : (Double(step), values)
      }
      let x = points.map(\.0)
      let color = SeriesColor.number(index)
      if points.contains(where: { $0.1.count > 1 }) {
        let intervals = points.map { PairedDifference.interval($0.1, resamples: 1_000) }
        bands.append(
          .band(
            "\(group.name) less \(reference.name), 95 % bootstrap interval", x: x,
            lower: intervals.map(\.lowerBound), upper: intervals.map(\.upperBound), color: color,
            inLegend: false))
      }
      let means = points.map { $0.1.reduce(0, +) / Double($0.1.count) }
      lines.append(
        .line("\(group.name) less \(reference.name)", x: x, y: means, color: color, inLegend: false))
    }
    return Panel(
      x: Axis("step"), y: Axis("expected regret less that of \(reference.name)"), series: bands + lines)
  }
}

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
    if groups.count > 1, let reference = groups.first(where: { $0.name == comparison.reference }) {
      panels.append(differences(from: reference))
    }
    return Figure(title: regrets.title, panels: panels, columns: panels.count)
  }

  /// Mean differences over common seeds with their intervals, in the colours of the first panel.
  private func differences(from reference: RunGroup) -> Panel {
    var bands: [Series] = []
    var lines: [Series] = []
    for (index, group) in groups.enumerated() where group.name != reference.name {
      let curve = group.difference(from: reference)
      let color = SeriesColor.number(index)
      if curve.lower.contains(where: \.isFinite) {
        bands.append(
          .band(
            "\(group.name) less \(reference.name), 95 % interval", x: curve.steps, lower: curve.lower,
            upper: curve.upper, color: color, inLegend: false))
      }
      lines.append(
        .line(
          "\(group.name) less \(reference.name)", x: curve.steps, y: curve.mean, color: color,
          inLegend: false))
    }
    return Panel(
      x: Axis("step"), y: Axis("expected regret less that of \(reference.name)"), series: bands + lines)
  }
}

import BanditCore
import BanditFigures
import BanditSimulation

/// The curves of groups of runs: a panel for each task and quantity.
struct RunFigure {
  private let tasks: [RunTask]
  /// The quantities of each task.
  private let quantities: [[RunQuantity]]
  private let scale: Axis.Scale
  private let style: GroupStyle

  /// Readies a figure of the quantities that tasks have; `scale` is the axis of regrets.
  ///
  /// - Throws: `ConfigurationError` for more panels than a page has room for.
  init(_ tasks: [RunTask], quantities: [RunQuantity], scale: Axis.Scale) throws(ConfigurationError) {
    self.tasks = tasks
    self.quantities = tasks.map { task in
      let runs = task.groups.flatMap(\.runs)
      return quantities.filter { quantity in runs.contains { $0[quantity.column] != nil } }
    }
    self.scale = scale
    style = GroupStyle(tasks)
    let count = self.quantities.joined().count
    try ConfigurationError.require(
      count <= GroupStyle.mostPanels, key: "--quantity", given: "\(count) panels",
      allowed: "up to \(GroupStyle.mostPanels) panels; name single quantities, or fewer folders")
  }

  var figure: Figure {
    let hasIntervals = tasks.flatMap(\.groups).contains { $0.runs.count > 1 }
    let what = hasIntervals ? "mean, 95 % interval, single runs" : ""
    let title = (tasks.count == 1 ? [tasks[0].name] : []) + (what.isEmpty ? [] : [what])
    // Each task begins a row, where they have equally many panels and rows are wide enough.
    let counts = Set(quantities.map(\.count))
    let isGrid = tasks.count > 1 && counts.count == 1 && (2...4).contains(quantities[0].count)
    let panels = zip(tasks, quantities).flatMap { task, quantities in quantities.map { panel($0, of: task) } }
    return Figure(
      title: title.isEmpty ? nil : title.joined(separator: ": "), panels: panels,
      columns: isGrid ? quantities[0].count : min(2, panels.count))
  }

  /// A panel of one quantity; that of several tasks has its task above it.
  func panel(_ quantity: RunQuantity, of task: RunTask) -> Panel {
    var bands: [Series] = []
    var singles: [Series] = []
    var means: [Series] = []
    for group in task.groups {
      guard let curve = group.mean(of: quantity.column) else { continue }
      if group.runs.count > 1 {
        bands.append(
          style.band(
            "\(group.name), 95 % interval", of: group, x: curve.steps, lower: curve.lower,
            upper: curve.upper))
        for run in group.runs {
          singles.append(
            style.thinLine(
              "\(group.name), seed \(run.settings.seed)", of: group, x: run.steps.map(Double.init),
              y: run[quantity.column] ?? []))
        }
      }
      means.append(style.line(GroupStyle.name(group), of: group, x: curve.steps, y: curve.mean))
    }
    let isOneQuantity = Set(quantities.joined()).count == 1
    let title = isOneQuantity ? task.name : "\(task.name): \(quantity.label)"
    let scale = quantity.isRegret ? scale : .linear
    let range = Self.range(bands: bands, lines: singles + means, isLogarithmic: scale == .log)
    return Panel(
      title: tasks.count > 1 ? title : nil, x: Axis("step"),
      y: Axis(quantity.label, range: range, scale: scale), series: bands + singles + means)
  }

  /// What the lines need, and of intervals no more than a quarter beyond it.
  ///
  /// Two seeds that differ have an interval that would leave the lines no room. The first steps do not count, in
  /// which a rate is one of a few steps.
  static func range(bands: [Series], lines: [Series], isLogarithmic: Bool) -> ClosedRange<Double>? {
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

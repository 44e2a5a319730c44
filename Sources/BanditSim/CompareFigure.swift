import BanditCore
import BanditFigures
import BanditSimulation

/// Groups of runs in two panels for each task: their regrets, and how much more each has than the reference.
struct CompareFigure {
  private let tasks: [RunTask]
  private let comparisons: [Comparison]
  private let style: GroupStyle

  /// Readies a figure of tasks and what was made of them.
  init(_ tasks: [RunTask], _ comparisons: [Comparison]) throws(ConfigurationError) {
    self.tasks = tasks
    self.comparisons = comparisons
    style = GroupStyle(tasks)
    try ConfigurationError.require(
      2 * tasks.count <= GroupStyle.mostPanels, key: "--figure", given: "\(tasks.count) tasks",
      allowed: "up to \(GroupStyle.mostPanels / 2) tasks, of two panels each; name fewer folders")
  }

  var figure: Figure {
    get throws {
      let regrets = try RunFigure(
        tasks, quantities: [RunQuantity(column: RecordedRun.expectedRegret)], scale: .linear)
      let rows = zip(zip(tasks, comparisons), regrets.figure.panels).map { row, regrets in
        let (task, comparison) = row
        let reference = task.groups.first { $0.name == comparison.reference }
        let hasRivals = task.groups.count > 1
        return [regrets] + (hasRivals ? reference.map { [differences(in: task, from: $0)] } ?? [] : [])
      }
      // A task alone in its row would shift the others' panels.
      let columns = rows.allSatisfy { $0.count == rows[0].count } ? rows[0].count : 1
      return Figure(title: regrets.figure.title, panels: rows.flatMap { $0 }, columns: columns)
    }
  }

  /// Mean differences over common seeds, their intervals and the single seeds', in the style of the regrets; the
  /// reference is the line at 0.
  private func differences(in task: RunTask, from reference: RunGroup) -> Panel {
    var bands: [Series] = []
    var singles: [Series] = []
    var means: [Series] = []
    for group in task.groups {
      let curve = group.difference(from: reference)
      if group.name != reference.name && curve.seeds.count > 1 {
        bands.append(
          style.band(
            "\(group.name), 95 % interval", of: group, x: curve.steps, lower: curve.lower,
            upper: curve.upper))
        singles += zip(curve.seeds, curve.singles).map { seed, values in
          style.thinLine("\(group.name), seed \(seed)", of: group, x: curve.steps, y: values)
        }
      }
      means.append(style.line(GroupStyle.name(group), of: group, x: curve.steps, y: curve.mean))
    }
    return Panel(
      title: tasks.count > 1 ? "\(task.name): differences" : nil, x: Axis("step"),
      y: Axis(
        "expected regret less that of \(reference.name)",
        range: RunFigure.range(bands: bands, lines: singles + means, isLogarithmic: false)),
      series: bands + singles + means)
  }
}

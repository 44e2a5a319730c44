import BanditCore
import BanditSimulation
import Foundation

/// The curves of tasks, as the page's script reads them.
struct ReportData: Encodable {
  /// What a chart shows.
  struct Quantity: Encodable {
    let column: String
    let label: String
    let isRegret: Bool
  }

  /// A group's mean over its seeds, with its 95 % interval where there are several.
  struct Curve: Encodable {
    let steps: [Int]
    let mean: [Double?]
    let lower: [Double?]?
    let upper: [Double?]?
  }

  /// A run's values at the steps of one of the task's grids; null where the log has none.
  struct Run: Encodable {
    /// As text: JavaScript's numbers end at 2^53.
    let seed: String
    let grid: Int
    let values: [String: [Double?]]
  }

  struct Group: Encodable {
    let name: String
    let curves: [String: Curve]
    let runs: [Run]
  }

  struct Task: Encodable {
    let name: String
    let quantities: [Quantity]
    let grids: [[Int]]
    let groups: [Group]
  }

  let tasks: [Task]

  /// Readies the curves of tasks.
  init(_ tasks: [RunTask]) { self.tasks = tasks.map(Task.init) }
}

extension ReportData.Task {
  init(_ task: RunTask) {
    let runs = task.groups.flatMap(\.runs)
    // Runs of equally many steps were read at the same ones; the longest grid is first, at which values are shown.
    let grids = runs.map(\.steps).distinct.sorted { $0.count > $1.count }
    let columns =
      ([RecordedRun.expectedRegret] + runs.flatMap(\.counterNames) + runs.flatMap(\.measurementNames))
      .distinct
    let quantities = columns.map(RunQuantity.init)
    name = task.name
    self.grids = grids
    self.quantities = quantities.map {
      ReportData.Quantity(column: $0.column, label: $0.label, isRegret: $0.isRegret)
    }
    groups = task.groups.map { group in
      let curves = columns.compactMap { column in
        group.mean(of: column).map { (column, ReportData.Curve($0, isAlone: group.runs.count == 1)) }
      }
      return ReportData.Group(
        name: group.name, curves: Dictionary(uniqueKeysWithValues: curves),
        runs: group.runs.map { ReportData.Run($0, columns: columns, grids: grids) })
    }
  }
}

extension ReportData.Curve {
  fileprivate init(
    _ curve: (steps: [Double], mean: [Double], lower: [Double], upper: [Double]), isAlone: Bool
  ) {
    steps = curve.steps.map { Int($0) }
    mean = curve.mean.map { isAlone ? $0.ifFinite : $0.ifFinite?.rounded(toDigits: 9) }
    lower = isAlone ? nil : curve.lower.map { $0.ifFinite?.rounded(toDigits: 7) }
    upper = isAlone ? nil : curve.upper.map { $0.ifFinite?.rounded(toDigits: 7) }
  }
}

extension ReportData.Run {
  fileprivate init(_ run: RecordedRun, columns: [String], grids: [[Int]]) {
    seed = String(run.settings.seed)
    grid = grids.firstIndex(of: run.steps) ?? 0
    let values = columns.compactMap { column in run[column].map { (column, $0.map(\.ifFinite)) } }
    self.values = Dictionary(uniqueKeysWithValues: values)
  }
}

extension Double {
  fileprivate var ifFinite: Double? { isFinite ? self : nil }

  /// The value with so many significant digits, which take less room as text.
  fileprivate func rounded(toDigits digits: Int) -> Double {
    guard self != 0 else { return 0 }
    let scale = pow(10, Double(digits - 1) - log10(magnitude).rounded(.down))
    return (self * scale).rounded() / scale
  }
}

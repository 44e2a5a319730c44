import BanditCore
import BanditFigures
import BanditSimulation

/// How the groups of a picture are told apart: the same in all panels, by their names.
struct GroupStyle {
  /// More panels than these do not fit on a page.
  static let mostPanels = 20

  private let names: [String]

  init(_ tasks: [RunTask]) {
    names = tasks.flatMap(\.groups).map(\.name).distinct
  }

  func color(of group: RunGroup) -> SeriesColor { .number(names.firstIndex(of: group.name) ?? 0) }

  /// The thick line of a group; colours that come round again are dashed.
  func line(_ name: String, of group: RunGroup, x: [Double], y: [Double]) -> Series {
    let isFirstRound = (names.firstIndex(of: group.name) ?? 0) < SeriesColor.count
    return (isFirstRound ? Series.line : Series.dashedLine)(name, x, y, color(of: group), true)
  }

  /// The area of a group's interval.
  func band(_ name: String, of group: RunGroup, x: [Double], lower: [Double], upper: [Double]) -> Series {
    .band(name, x: x, lower: lower, upper: upper, color: color(of: group), inLegend: false)
  }

  /// The thin line of one of a group's runs.
  func thinLine(_ name: String, of group: RunGroup, x: [Double], y: [Double]) -> Series {
    .thinLine(name, x: x, y: y, color: color(of: group))
  }

  /// A group in a legend.
  static func name(_ group: RunGroup) -> String {
    let seeds = group.runs.map(\.settings.seed)
    return "\(group.name), \(seeds.count > 1 ? "\(seeds.count) seeds" : "seed \(seeds[0])")"
  }
}

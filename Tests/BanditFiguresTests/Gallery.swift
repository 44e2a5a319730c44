import BanditFigures
import Foundation

/// A picture of each kind.
enum Gallery {
  static let all: [(name: String, figure: Figure)] = [
    ("curves", curves(.linear)), ("logarithmic", curves(.log)), ("piecewise", curves(.piecewise)),
    ("bands", bands), ("map", map), ("images", images), ("mixed", mixed),
    ("empty", Figure(panels: [Panel()])),
  ]

  /// Numbers from 0 to 1 that look random.
  static func noise(_ index: Int) -> Double {
    let value = sin(Double(index) * 12.9898) * 43_758.5453
    return value - value.rounded(.down)
  }

  /// Fifteen curves of noisy steps with five means and intervals.
  static func curves(_ scale: Axis.Scale, count: Int = 500) -> Figure {
    let steps = (1...count).map { 50_000 * Double($0) / Double(count) }
    let series = (0..<5).flatMap { group -> [Series] in
      let curve = steps.map { 6_000 * (1 - exp(-$0 / 4_000)) + Double(group * group) / 10 * $0 }
      let color = SeriesColor.number(group)
      let band = Series.band(
        "interval", x: steps, lower: curve.map { $0 * 0.9 }, upper: curve.map { $0 * 1.1 }, color: color,
        inLegend: false)
      let runs = (0..<3).map { run in
        Series.thinLine(
          "run", x: steps, y: curve.enumerated().map { $1 * (0.95 + 0.05 * noise(run)) + 99 * noise($0) },
          color: color)
      }
      return [band] + runs + [.line("agent \(group)", x: steps, y: curve, color: color)]
    }
    return Figure(
      panels: [Panel(x: Axis("step"), y: Axis("cumulative regret", scale: scale), series: series)])
  }

  static let bands: Figure = {
    let x = stride(from: -0.5, through: 1.5, by: 0.01).map { $0 }
    let spread = x.map { 0.05 + max(0, -$0, $0 - 0.5) }
    let middle = x.map { sin(4 * $0) }
    let data = (0..<1_000).map { 0.5 * noise($0) }
    func edge(_ factor: Double) -> [Double] { zip(middle, spread).map { $0 + factor * $1 } }
    let panel = Panel(
      title: "Posterior predictive", x: Axis("x"), y: Axis("y", range: -2...2),
      series: [
        .band("5–95 %", x: x, lower: edge(-1.6), upper: edge(1.6), opacity: 0.2),
        .band("25–75 %", x: x, lower: edge(-0.7), upper: edge(0.7), opacity: 0.4),
        .line("median", x: x, y: middle), .points("data", x: data, y: data.map { sin(4 * $0) }),
      ], shadedInterval: 0...0.5)
    return Figure(title: "Regression", panels: [panel, panel], columns: 2)
  }()

  static let map: Figure = {
    let grid = (0..<100).map { -3 + 0.06 * Double($0) }
    let values = grid.flatMap { y in grid.map { x in x > 2.5 && y > 2.5 ? .nan : exp(-(x * x + y * y)) } }
    return Figure(panels: [
      Panel(
        x: Axis("x₁"), y: Axis("x₂"),
        series: [.points("class 0", x: [0, 1, 9], y: [0, -2, 0], color: .vermilion)],
        heatMap: HeatMap(x: grid, y: grid, values: values, label: "entropy in nats"))
    ])
  }()

  static let images: Figure = {
    let digit = HeatMap(pixels: (0..<784).map { Double($0 % 28) }, width: 28)
    let panels = (0..<5).map { Panel.image(digit, title: "\($0)") }
    return Figure(
      panels: panels + [.image(HeatMap(pixels: [1], width: 1))], columns: 3,
      panelSize: .init(width: 72, height: 84))
  }()

  static let mixed: Figure = {
    let values = (0..<5_000).map { noise($0) + noise($0 + 9_000) }
    return Figure(
      panels: [
        Panel(title: "Histogram", series: [.histogram("weights", values: values)]),
        Panel(
          title: "Bars", x: Axis(ticks: [.init(0, "first"), .init(1, "second")]),
          series: [.bars("pruned", x: [0, 1], y: [95, 40])]),
        Panel(
          title: "Calibration",
          series: [
            .dashedLine("perfect", x: [0, 1], y: [0, 1]),
            .points("network", x: [0.2, 0.8], y: [0.1, 0.7], lower: [0, 0.6], upper: [0.3, 0.75]),
          ]),
        Panel(
          title: "Gaps", x: Axis(scale: .log), y: Axis(scale: .log),
          series: [
            .line("line", x: [1, 2, 3, 4, 5], y: [1, 0, .nan, .infinity, 2]),
            .band("band", x: [1, 2, 3, 4], lower: [-1, 0.5, .nan, 1], upper: [1, 2, 3, 1e301]),
          ]),
      ], columns: 2)
  }()
}

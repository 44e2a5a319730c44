import BanditLaboratory
import BanditTraining
import BanditFigures

/// The tables and figures of `spiral`.
struct SpiralReport {
  let cases: [String]
  /// By case, then by seed.
  let scores: [[SpiralScores]]
  let members: Int
  let seeds: [UInt64]
  let task: SpiralTask
  let mapSize: Int

  var tables: [ResultTable] { [scoreTable, seedTable, regionTable] + (largest > members ? [sizeTable] : []) }

  var figures: [ExperimentResult.NamedFigure] {
    cases.indices.map { .init("maps-\(cases[$0])", maps(scores[$0][0])) }
      + (largest > members ? [.init("sizes", sizes)] : [])
  }

  private var largest: Int { scores[0][0].test.members.count }

  private var scoreTable: ResultTable {
    let paths: [KeyPath<ClassScore, Double>] = [\.accuracy, \.negativeLogLikelihood, \.brierScore]
    func row(_ name: String, _ training: [ClassScore], _ test: [ClassScore], _ practical: ResultCell)
      -> [ResultCell]
    {
      [.text(name)] + cells(training, paths) + [practical] + cells(test, paths)
    }
    let rows = cases.indices.flatMap { index in
      let own = scores[index]
      return [
        row(
          "\(cases[index]), ensemble of \(members)", own.map { $0.training.ensembles[members - 1] },
          own.map { $0.test.ensembles[members - 1] }, cases[index] == "adversarial" ? "0.962, 0.124" : ""),
        row(
          "\(cases[index]), one network", own.flatMap { $0.training.members.prefix(members) },
          own.flatMap { $0.test.members.prefix(members) }, ""),
      ]
    }
    return ResultTable(
      "Spiral, \(seeds.count) seed(s)",
      head: [
        "model", "accuracy", "NLL", "Brier", "practical: accuracy, NLL", "test accuracy", "test NLL",
        "test Brier",
      ],
      rows: rows + [
        row("true probabilities", bestTraining, seeds.map { SpiralScores.best(task.test(seed: $0)) }, "")
      ])
  }

  /// By seed, the score of the true probabilities on the training points.
  private var bestTraining: [ClassScore] { seeds.map { SpiralScores.best(task.training(seed: $0)) } }

  private var seedTable: ResultTable {
    ResultTable(
      "Spiral: ensembles of \(members) on the training points, seed by seed",
      head: ["seed"] + (cases + ["true probabilities"]).flatMap { ["\($0): accuracy", "NLL"] },
      rows: seeds.indices.map { seed in
        [.text(String(seeds[seed]))]
          + (cases.indices.map { scores[$0][seed].training.ensembles[members - 1] } + [bestTraining[seed]])
          .flatMap { cells([$0], [\.accuracy, \.negativeLogLikelihood]) }
      })
  }

  private var regionTable: ResultTable {
    let rows = cases.indices.flatMap { index in
      SpiralScores.Region.allCases.enumerated().map { position, region -> [ResultCell] in
        let own = scores[index].map { $0.regions[position] }
        return [.text(cases[index]), .text(region.rawValue)]
          + cells(own, [\.total, \.data, \.knowledge, \.truth, \.sure, \.memberSure])
      }
    }
    return ResultTable(
      "Uncertainty in nats, ensembles of \(members), by region of the map",
      head: [
        "case", "region", "total", "data", "knowledge", "true data uncertainty", "p > 0.95",
        "one network p > 0.95",
      ], rows: rows)
  }

  private var sizeTable: ResultTable {
    let own = scores[0]
    return ResultTable(
      "Size of the ensemble, \(cases[0]), on test points",
      head: ["M", "error", "NLL", "Brier", "total", "data", "knowledge"],
      rows: (0..<largest).map { size in
        [.count(size + 1), cell(own.map { 1 - $0.test.ensembles[size].accuracy })]
          + cells(own.map { $0.test.ensembles[size] }, [\.negativeLogLikelihood, \.brierScore])
          + cells(own.map { $0.test.uncertainty[size] }, [\.total, \.data, \.knowledge])
      })
  }

  private var sizes: Figure {
    let own = scores[0]
    let x = (1...largest).map(Double.init)
    func line(_ name: String, _ color: SeriesColor, _ value: (SpiralScores, Int) -> Double) -> Series {
      .line(
        name, x: x,
        y: (0..<largest).map { size in own.reduce(0) { $0 + value($1, size) } / Double(own.count) },
        color: color)
    }
    func panel(_ title: String, _ y: String, _ series: [Series]) -> Panel {
      Panel(title: title, x: Axis("M"), y: Axis(y), series: series)
    }
    return Figure(
      panels: [
        panel("error", "error", [line("error", .blue) { 1 - $0.test.ensembles[$1].accuracy }]),
        panel(
          "likelihood", "NLL, nats", [line("NLL", .blue) { $0.test.ensembles[$1].negativeLogLikelihood }]),
        panel(
          "uncertainty", "nats",
          [
            line("total", .blue) { $0.test.uncertainty[$1].total },
            line("data", .vermilion) { $0.test.uncertainty[$1].data },
            line("knowledge", .green) { $0.test.uncertainty[$1].knowledge },
          ]),
      ], columns: 3)
  }

  /// The practical's four maps: data set, predicted class, data and knowledge uncertainty.
  private func maps(_ scores: SpiralScores) -> Figure {
    let axis = SpiralScores.axis(mapSize)
    let training = task.training(seed: seeds[0])
    let range = -2.0...2.0
    func panel(_ title: String, _ map: HeatMap?, _ series: [Series] = []) -> Panel {
      Panel(
        title: title, x: Axis("x", range: range), y: Axis("y", range: range), series: series, heatMap: map)
    }
    func map(
      _ label: String?, _ palette: HeatMap.Palette = .viridis, _ value: (Int) -> Double
    ) -> HeatMap {
      HeatMap(
        x: axis, y: axis, values: (0..<scores.map.points).map(value), label: label, palette: palette)
    }
    let arms = (0..<Spiral.arms).map { arm -> Series in
      // Every fifth point is enough for the eye.
      let own = stride(from: arm * task.pointsPerArm, to: (arm + 1) * task.pointsPerArm, by: 5)
      return .points(
        "class \(arm)", x: own.map { Double(training.features[2 * $0]) },
        y: own.map { Double(training.features[2 * $0 + 1]) }, color: .number(arm))
    }
    return Figure(
      panels: [
        panel("data set", nil, arms),
        panel("predicted class", map(nil, .classes) { Double(scores.map.predictedClass($0)) }),
        panel("data uncertainty", map("nats") { scores.map.uncertainty($0).data }),
        panel("knowledge uncertainty", map("nats") { scores.map.uncertainty($0).knowledge }),
      ], columns: 2, panelSize: Figure.Size(width: 252, height: 216))
  }
}

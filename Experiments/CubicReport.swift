import BanditLaboratory
import BanditTraining
import BanditFigures
import BanditNumerics

/// The tables and figures of `cubic`.
struct CubicReport {
  let cases: [CubicExperiment.Case]
  /// By case, then by seed.
  let scores: [[CubicScores]]
  let members: Int
  let seeds: [UInt64]
  let task: CubicTask
  let combination: MixturePredictions.Combination

  var tables: [ResultTable] {
    [memberTable, mixtureTable] + (pairs.isEmpty || seeds.count < 2 ? [] : [pairTable])
      + (largest > members ? [sizeTable] : [])
  }

  var figures: [ExperimentResult.NamedFigure] {
    cases.indices.map { .init("members-\(cases[$0].name)", memberBands($0)) }
      + [.init("mixtures", Figure(panels: cases.indices.map(mixtureBand), columns: 2))]
      + (largest > members ? [.init("sizes", sizes)] : [])
  }

  private var largest: Int { scores[0][0].losses.count }

  private var memberTable: ResultTable {
    let shares = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95]
    return ResultTable(
      "Cubic: final training costs of single members, \(seeds.count) seed(s)",
      head: ["case", "members"] + shares.map { "\(cell(100 * $0)) %" }
        + ["above \(CubicScores.failure)", "mean of the others", "practical"],
      rows: cases.indices.map { index in
        let losses = scores[index].flatMap { Array(zip($0.losses, $0.isFailure)) }
        let good = losses.filter { !$0.1 }.map(\.0)
        var samples = PredictiveSamples(points: 1)
        for loss in losses { samples.append([Float(loss.0)]) }
        return [.text(cases[index].name), .count(losses.count)]
          + samples.quantiles(shares).map { cell($0[0]) } + [
            .count(losses.count - good.count), cell(good),
            cases[index].name == "laplace" ? "2.18 to 2.85, one at 4.40" : "",
          ]
      })
  }

  /// Cases without and with moved inputs.
  private var pairs: [(plain: Int, adversarial: Int)] {
    cases.indices.compactMap { index in
      cases.indices.first { cases[$0].name == cases[index].name + "-adversarial" }.map { (index, $0) }
    }
  }

  /// What moved inputs change, each seed against itself: its mean with Student's interval, and the probability of
  /// a mean that far from 0 where there is no difference.
  private var pairTable: ResultTable {
    let values: [(String, KeyPath<CubicScores.Mixture, Double>)] = [
      ("test NLL", \.likelihood), ("RMSE on [-4, 4]", \.error),
    ]
    return ResultTable(
      "Cubic: mixtures of \(members), adversarial less plain, paired over \(seeds.count) seeds",
      head: ["case"] + values.flatMap { ["\($0.0): mean", "95 % interval", "p"] },
      rows: pairs.map { plain, adversarial in
        [.text(cases[plain].name)]
          + values.flatMap { _, path in
            let differences = seeds.indices.map {
              scores[adversarial][$0].mixture(members)[keyPath: path]
                - scores[plain][$0].mixture(members)[keyPath: path]
            }
            let (mean, halfWidth) = StudentT.interval(of: differences)
            return [
              cell(mean), "\(cell(mean - halfWidth)) to \(cell(mean + halfWidth))",
              cell(halfWidth > 0 ? StudentT.pValue(of: differences) : nil),
            ]
          }
      })
  }

  private var mixtureTable: ResultTable {
    let rows = cases.indices.flatMap { index -> [[ResultCell]] in
      let own = scores[index]
      return [
        row("\(cases[index].name), mixture of \(members)", own.map { $0.mixture(members) }),
        row("\(cases[index].name), one network", own.flatMap { $0.members(members) }),
      ]
    }
    return ResultTable(
      "Cubic: predictions, \(seeds.count) seed(s)",
      head: [
        "model", "RMSE on [-4, 4]", "test NLL", "sd at 0", "sd at ±6", "ratio", "ratio of 3 or more",
        "data sd at ±6",
        "knowledge sd at ±6", "curve within 2 sd on [-4, 4]", "all of it",
      ], rows: rows)
  }

  private func row(_ name: String, _ mixtures: [CubicScores.Mixture]) -> [ResultCell] {
    func count(_ holds: (CubicScores.Mixture) -> Bool) -> ResultCell {
      "\(mixtures.count(where: holds)) of \(mixtures.count)"
    }
    return [.text(name)] + cells(mixtures, [\.error, \.likelihood, \.center, \.edge])
      + [cell(mixtures.map(\.widening)), count { $0.widening >= 3 }]
      + cells(mixtures, [\.edgeData, \.edgeKnowledge, \.covered]) + [count { $0.covered == 1 }]
  }

  private var sizeTable: ResultTable {
    ResultTable(
      "Cubic: size of the ensemble, \(cases[0].name)",
      head: ["M", "RMSE on [-4, 4]", "test NLL", "sd at 0", "sd at ±6", "knowledge sd at ±6"],
      rows: (1...largest).map { size in
        [.count(size)]
          + cells(
            scores[0].map { $0.mixture(size) }, [\.error, \.likelihood, \.center, \.edge, \.edgeKnowledge])
      })
  }

  private var sizes: Figure {
    let sizes = Array(1...largest)
    let mixtures = scores.map { own in sizes.map { size in own.map { $0.mixture(size) } } }
    func panel(_ title: String, _ y: String, _ value: KeyPath<CubicScores.Mixture, Double>) -> Panel {
      Panel(
        title: title, x: Axis("M"), y: Axis(y),
        series: cases.indices.map { index in
          .line(
            cases[index].name, x: sizes.map(Double.init),
            y: mixtures[index].map { own in
              own.reduce(0) { $0 + $1[keyPath: value] } / Double(own.count)
            }, color: .number(index))
        })
    }
    return Figure(
      panels: [
        panel("error", "RMSE on [−4, 4]", \.error), panel("likelihood", "test NLL, nats", \.likelihood),
        panel("uncertainty", "sd at ±6", \.edge),
      ], columns: 3)
  }

  private func memberBands(_ index: Int) -> Figure {
    let own = scores[index][0]
    return Figure(
      panels: (0..<members).map { member in
        band(
          "network \(member), cost \(cell(own.losses[member]))", own.grid.member(member).moments(combination))
      }, columns: 3)
  }

  private func mixtureBand(_ index: Int) -> Panel {
    band(
      "\(cases[index].name), \(members) networks",
      scores[index][0].grid.first(members).moments(combination))
  }

  /// The first seed's prediction with one and two standard deviations, its training points and the true curve.
  private func band(_ title: String, _ moments: [MixtureMoments]) -> Panel {
    let x = CubicScores.places
    let training = task.training(seed: seeds[0])
    func band(_ name: String, _ width: Double, _ opacity: Double) -> Series {
      .band(
        name, x: x, lower: moments.map { $0.mean - width * $0.deviation },
        upper: moments.map { $0.mean + width * $0.deviation }, opacity: opacity)
    }
    return Panel(
      title: title, x: Axis("x", range: -6...6), y: Axis("y", range: -300...300),
      series: [
        band("2 sd", 2, 0.2), band("1 sd", 1, 0.4),
        .line("mean", x: x, y: moments.map(\.mean), color: .vermilion),
        .dashedLine("x³", x: x, y: x.map(Cubic.value), color: .black),
        .points(
          "training points", x: training.features.map(Double.init), y: training.targets.map(Double.init)),
      ], shadedInterval: Cubic.interval)
  }
}

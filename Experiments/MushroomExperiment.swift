import BanditFiles
public import BanditLaboratory
import BanditSimulation
public import BanditCore
import BanditFigures
import Foundation

/// The mushroom bandit of the report: four agents, and sweeps of the prior's width and the learning rate.
public struct MushroomExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Steps of a run.
    public var steps = 50_000
    /// σ₁ of the mixture prior in the sweep.
    public var sigma1 = [0.5, 0.75, 1, 2]
    /// Learning rates of the sweep.
    public var learningRates = [1e-3, 1e-4, 1e-5]
    /// Seeds of the sweeps, the first of those of the experiment.
    public var sweepSeeds = 1

    /// The report's.
    public init() {}
  }

  /// `mushroom`.
  public static let name = "mushroom"
  /// 1,000 steps and short sweeps.
  public static let quick = ["steps=1000", "sigma1=0.75", "learningRates=1e-3"]
  /// The report's, or its own.
  public static let figures = ["figure-23", "figure-24", "figure-25", "figure-26", "figure-27"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 25, full: 2_300)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Mushroom bandit: Bayes by Backprop and three greedy agents, sweeps of the prior and learning rate.",
    paper: "Blundell et al. 2015, §5.3; the report, §4.3 and figures 23 to 27",
    deviations: """
      Figures 24 and 25 are means over the seeds given (the report: three runs). The report does not list the values \
      of its sweeps beside sigma1 0.75 and 1 and learning rates 1e-4 and 1e-5. Expected regret is tabulated; figures \
      show realised regret, as the report's do. It prints no numbers.
      """,
    settings: [
      "steps": "steps of a run", "sigma1": "sigma1 of the mixture prior in the sweep",
      "learningRates": "learning rates of the sweep",
      "sweepSeeds": "seeds of the sweeps, the first of the experiment's",
    ])

  /// One kind of run.
  private struct Case {
    let folder: String
    let title: String
    let agent: String
    let settings: [String: SettingValue]
  }

  private static let agents = [
    Case(folder: "bbb", title: "BBB", agent: "bbb", settings: [:]),
    Case(folder: "greedy", title: "greedy", agent: "epsilon-greedy", settings: ["epsilon": .number(0)]),
    Case(
      folder: "epsilon-1", title: "ε = 1 %", agent: "epsilon-greedy", settings: ["epsilon": .number(0.01)]),
    Case(
      folder: "epsilon-5", title: "ε = 5 %", agent: "epsilon-greedy", settings: ["epsilon": .number(0.05)]),
  ]

  private let configuration: Configuration
  private let rates: [Case]
  private let widths: [Case]

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    for (key, value) in [("steps", configuration.steps), ("sweepSeeds", configuration.sweepSeeds)] {
      try ConfigurationError.require(value > 0, key: key, given: value, allowed: "1 or more")
    }
    rates = try Self.sweep(
      configuration.learningRates, key: "learningRates", setting: "learningRate", label: "α")
    widths = try Self.sweep(configuration.sigma1, key: "sigma1", setting: "priorSigma1", label: "σ₁")
    self.configuration = configuration
  }

  /// Plays all runs.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let agents = Self.agents
    let runs =
      agents.flatMap { entry in laboratory.seeds.map { (entry, $0) } }
      + (rates + widths).flatMap { entry in
        laboratory.seeds.prefix(configuration.sweepSeeds).map { (entry, $0) }
      }
    let settings = try runs.map { entry, seed in
      try request(entry, seed: seed, steps: configuration.steps, laboratory)
    }
    // A value of a sweep that is the default's is the agent's own run.
    let firsts = settings.indices.filter { settings.firstIndex(of: settings[$0]) == $0 }
    let played = try laboratory.play(
      firsts.map { ("\(runs[$0].0.folder)-seed\(runs[$0].1)", settings[$0]) })
    let bySettings = Dictionary(
      uniqueKeysWithValues: zip(firsts.map { settings[$0] }, played.map(RegretCurve.init)))
    let curves = settings.compactMap { bySettings[$0] }
    let byTitle = Dictionary(grouping: zip(runs, curves).map { ($0.0.title, $1) }, by: \.0)
      .mapValues { $0.map(\.1) }
    let all = agents + rates + widths
    let table = ResultTable(
      "Mushroom bandit, \(configuration.steps) steps",
      head: [
        "agent", "seeds", "expected regret", "regret", "false positives", "false negatives", "free steps",
        "their regret",
      ],
      rows: all.map { entry in
        let own = byTitle[entry.title] ?? []
        return [.text(entry.title), .count(own.count), cell(own.map { $0.last(\.expectedRegret) })]
          + [\RegretCurve.regret, \.falsePositives, \.falseNegatives].map { path in
            cell(own.map { $0.last(path) })
          } + cells(own, [\.prefillSteps, \.prefillExpectedRegret])
      })
    return ExperimentResult(
      tables: [table], figures: figures(byTitle, rates: rates.map(\.title), widths: widths.map(\.title)))
  }

  private static func sweep(
    _ values: [Double], key: String, setting: String, label: String
  ) throws(ConfigurationError) -> [Case] {
    try ConfigurationError.require(
      values.allSatisfy { $0 > 0 }, key: key, given: values, allowed: "numbers above 0")
    return values.map {
      Case(
        folder: "bbb-\(setting)-\(CSVLog.text($0))", title: "BBB, \(label) = \(CSVLog.text($0))",
        agent: "bbb",
        settings: [setting: .number($0)])
    }
  }

  private func request(
    _ entry: Case, seed: UInt64, steps: Int, _ laboratory: Laboratory
  ) throws -> RunSettings {
    var request = RunRequest()
    request.agent = entry.agent
    request.steps = steps
    request.seed = seed
    request.agentSettings = entry.settings
    if entry.agent == "bbb" { request.preset = "paper" }
    request.environmentSettings = ["encoding": .text("drop-first")]
    let settings = try request.resolved(in: laboratory.registry)
    _ = try Simulation(settings, registry: laboratory.registry)  // checks ranges before anything is written
    return settings
  }

  private func figures(
    _ curves: [String: [RegretCurve]], rates: [String], widths: [String]
  ) -> [ExperimentResult.NamedFigure] {
    func panel(
      _ title: String, _ y: String, _ names: [String], scale: Axis.Scale = .linear, seeds: Int = .max,
      _ path: KeyPath<RegretCurve, [Double]>
    ) -> Panel {
      Panel(
        title: title, x: Axis("step"), y: Axis(y, scale: scale),
        series: names.enumerated().compactMap { index, name in
          guard let own = curves[name]?.prefix(seeds), let first = own.first else { return nil }
          return .line(name, x: first.steps, y: RegretCurve.mean(Array(own), path), color: .number(index))
        })
    }
    let names = Self.agents.map(\.title)
    let regret = "cumulative regret"
    return [
      .init("figure-23", Figure(panels: [panel("four agents", regret, names, scale: .piecewise, \.regret)])),
      .init(
        "figure-24",
        Figure(panels: [panel("mean over seeds", "eating rate", Array(names.prefix(2)), \.eatingRate)])),
      .init(
        "figure-25",
        Figure(
          panels: [
            panel("poisonous ones eaten", "false positives", Array(names.prefix(2)), \.falsePositives),
            panel("edible ones left", "false negatives", Array(names.prefix(2)), \.falseNegatives),
          ], columns: 2)),
      .init(
        "figure-26",
        Figure(
          panels: [
            panel(
              "single runs", regret, ["greedy"] + widths, scale: .piecewise, seeds: configuration.sweepSeeds,
              \.regret)
          ])),
      .init(
        "figure-27",
        Figure(
          panels: [
            panel("learning rate", regret, rates, scale: .piecewise, \.regret),
            panel("width of the prior", regret, widths, scale: .piecewise, \.regret),
          ], columns: 2)),
    ]
  }
}

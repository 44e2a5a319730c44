import BanditTraining
import BanditFiles
public import BanditLaboratory
public import BanditCore
import BanditLearning
import BanditNumerics
import Foundation

/// The exact posterior of a network on the toy regression beside what stands for it: Bayes by Backprop, MC dropout and an
/// ensemble of the same networks.
public struct RegressionHMCExperiment: Experiment {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Markov chains.
    public var chains = 4
    /// Transitions that a chain begins with, while it learns how far to step.
    public var warmUp = 1_000
    /// Draws of a chain.
    public var chainDraws = 1_000
    /// −ln σ of the Gaussian prior.
    public var gaussian = 0.0
    /// Networks of the ensemble.
    public var members = 25
    /// The share of hidden units that dropout leaves out.
    public var dropout = 0.5
    /// Data, networks, training.
    public var regression = RegressionSettings()

    /// One hidden layer of 50 units, which chains can go through.
    public init() { regression.hiddenLayers = [50] }
  }

  /// `regression-hmc`.
  public static let name = "regression-hmc"
  /// Few units, points and draws.
  public static let quick =
    RegressionSettings.quick + [
      "hiddenLayers=10", "trainingPoints=64", "members=5", "chains=2", "warmUp=200", "chainDraws=200",
    ]
  /// The report's, or its own.
  public static let figures = ["bands", "widths"]
  /// Of one core, with one seed.
  public static let duration: ExperimentDuration? = ExperimentDuration(quick: 4, full: 2_100)

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Toy regression: how far Bayes by Backprop, dropout and ensembles are from the exact posterior.",
    paper: """
      Neal 1996, Bayesian Learning for Neural Networks (Hamiltonian Monte Carlo over weights); Hoffman & Gelman 2014, \
      The No-U-Turn Sampler; the report, §4.1 for data, prior and likelihood
      """,
    deviations: """
      One hidden layer of 50 units in place of two of 400, for all four; neither document compares with the exact \
      posterior.
      """,
    settings: [
      "chains": "Markov chains", "warmUp": "transitions that a chain begins with and leaves out",
      "chainDraws": "draws of a chain", "gaussian": "-ln sigma of the Gaussian prior",
      "members": "networks of the ensemble", "dropout": "share of hidden units that dropout leaves out",
    ].merging(RegressionSettings.help) { own, _ in own })

  private let configuration: Configuration
  private let settings: RegressionSettings
  private let prior: WeightPrior

  /// Checks the settings.
  public init(_ configuration: Configuration) throws {
    settings = try configuration.regression.validated()
    prior = try PriorSettings.gaussian(configuration.gaussian)
    for (key, value, range) in [
      ("chains", configuration.chains, 2...64), ("warmUp", configuration.warmUp, 20...1_000_000),
      ("chainDraws", configuration.chainDraws, 8...1_000_000), ("members", configuration.members, 1...1_000),
    ] {
      try ConfigurationError.require(
        range.contains(value), key: key, given: value, allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    try ConfigurationError.require(
      (0..<1).contains(configuration.dropout), key: "dropout", given: configuration.dropout,
      allowed: "from 0 to below 1")
    self.configuration = configuration
  }

  /// Trains the networks, runs the chains and compares.
  public func run(in laboratory: Laboratory) throws -> ExperimentResult {
    let trained = try laboratory.train(laboratory.seeds.flatMap(fits))
    let groups = laboratory.seeds.flatMap { seed in
      Self.cases.map { name in trained.filter { $0.settings.seed == seed && $0.settings.name == name } }
    }
    let predictions = try laboratory.predict(groups, draws: settings.scoreDraws) {
      Self.cases[$0 % Self.cases.count] == "dropout"
    }
    let chains = try sample(in: laboratory)
    let count = Self.cases.count
    let truths = laboratory.seeds.indices.map { index in
      ExactPosterior(
        task: settings.task, seed: laboratory.seeds[index], sigma: settings.noiseSigma,
        chains: Array(chains[(index * configuration.chains)..<((index + 1) * configuration.chains)]))
    }
    let report = RegressionHMCReport(
      truths: truths, settings: settings,
      approximations: truths.indices.map { Array(predictions[($0 * count)..<(($0 + 1) * count)]) })
    return ExperimentResult(tables: [report.distances, report.diagnostics], figures: report.figures)
  }

  static let cases = ["bnn-gaussian", "dropout", "dnn"]

  private func fits(_ seed: UInt64) -> [FitSettings] {
    [
      settings.bayesian(Self.name, Self.cases[0], seed: seed, prior: prior),
      settings.point(Self.name, Self.cases[1], seed: seed, dropout: configuration.dropout),
    ]
      + (0..<configuration.members).map { settings.point(Self.name, Self.cases[2], seed: seed, member: $0) }
  }

  /// The chains of every seed, side by side; those that are in the folder are read back when it is resumed.
  private func sample(in laboratory: Laboratory) throws -> [NetworkChain] {
    let parts = laboratory.seeds.flatMap { seed in (0..<configuration.chains).map { (seed: seed, chain: $0) }
    }
    let places = settings.task.places
    guard case .gaussian(let priorSigma) = prior else { preconditionFailure("the prior is Gaussian") }
    return try laboratory.sideBySide(parts.map { "chain-seed\($0.seed)-\($0.chain)" }) { index, part in
      let (seed, chain) = parts[index]
      let path = "\(laboratory.folder)/chain-seed\(seed)-\(chain).safetensors"
      if laboratory.resume, FileManager.default.fileExists(atPath: path) {
        return try NetworkChain(reading: path, draws: configuration.chainDraws, places: places.count)
      }
      let posterior = NetworkPosterior(
        settings.task.training(seed: seed), hiddenLayers: settings.hiddenLayers, priorSigma: priorSigma,
        noiseSigma: settings.noiseSigma)
      let result = try NetworkChain.run(
        posterior, warmUp: configuration.warmUp, draws: configuration.chainDraws, places: places,
        stream: RandomStream(seed: seed).child("chains", chain)
      ) { share in
        if laboratory.shouldStop() { throw ExperimentInterrupted() }
        part.report(share)
      }
      try replaceFile(atPath: path, with: result.bytes)
      return result
    }
  }
}

import BanditData
public import BanditCore
public import BanditNumerics

/// Portfolios of 21 stocks: rewards that are linear in a day's moves of their prices.
///
/// Source: Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown, §5.3 and its code.
public struct Financial: DrawnTaskEnvironment, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The number of portfolios.
    public var actions = 8
    /// The noise's standard deviation of the first; of the second twice as much, and so on.
    public var noise = 0.01
    /// In which order days come.
    public var sampling = RowSampling.replacement
    /// A folder to look for the file in first.
    public var folder = ""

    /// Eight portfolios.
    public init() {}
  }

  /// `financial`.
  public static let name = "financial"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Stocks: eight portfolios, linear in a day's moves of 21 prices; 'data fetch financial' gets the file.",
    paper:
      "Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown (arXiv:1802.09127), code and data",
    deviations:
      "The noise of a step is one number, scaled for each arm; days come with replacement by default.",
    settings: [
      "actions": "number of portfolios",
      "noise": "standard deviation of the noise: this much times the arm's number, counted from 1",
      "folder": "folder to look for the file in first; empty: BANDIT_SIM_DATA, then the user's cache",
    ].merging(RowSampling.help) { own, _ in own })

  /// 21 moves, the portfolios and the counter.
  public let spec: TaskSpec
  /// The SHA-256 of the file, by its name, wherever it was found.
  public let dataFiles: [String: String]

  private let moves: [Float]
  private let noise: Double
  private var scores: LinearScores
  private var rows: RowSampler
  private var luck = 0.0

  /// Reads the moves and draws the portfolios.
  public init(configuration: Configuration, stream: RandomStream) throws {
    try ConfigurationError.require(
      (2...256).contains(configuration.actions), key: "actions", given: configuration.actions,
      allowed: "2 to 256")
    try ConfigurationError.require(
      (0...1_000).contains(configuration.noise), key: "noise", given: configuration.noise,
      allowed: "0 to 1000")
    let folders = DataFolders(setting: configuration.folder)
    let data = try FinancialData.load(folders: folders)
    spec = .arms(configuration.actions, features: FinancialData.stockCount)
    scores = LinearScores(
      features: FinancialData.stockCount, actions: configuration.actions, stream: stream)
    moves = data.moves
    dataFiles = data.dataFiles
    noise = configuration.noise
    rows = RowSampler(configuration.sampling, count: data.count, stream: stream)
  }

  /// The coefficients of each portfolio.
  public var coefficients: [[Double]] { scores.coefficients }

  /// Shows a day and draws the luck of the step, whatever will be done.
  public mutating func observe(into observation: inout Observation) {
    let first = rows.next() * FinancialData.stockCount
    for stock in 0..<FinancialData.stockCount { observation.features[stock] = moves[first + stock] }
    luck = rows.stream.normal()
    scores.score(observation.features)
  }

  /// The rewards without noise.
  public func audit() -> Audit { Audit(expectedRewards: scores.values) }

  /// Pays a portfolio's reward.
  public mutating func step(_ action: Int) -> Outcome {
    precondition(scores.values.indices.contains(action), "an action is one of the \(spec.actionCount) arms")
    return Outcome(
      reward: scores.values[action] + noise * Double(action + 1) * luck,
      counts: [audit().bestAction == action ? 1 : 0])
  }

  /// The position in the days; the portfolios follow from the stream that the environment is made with.
  public var state: RowPosition { rows.state }

  /// Goes on with other days and other luck.
  public mutating func practise(stream: RandomStream) { rows.restart(stream: stream) }

  /// Continues from the saved position.
  public mutating func restore(_ state: RowPosition) { rows.restore(state) }
}

public import BanditCore
import BanditFiles
public import BanditNumerics

/// A log of interactions as an environment: agents play the rows at which they take the logged action.
///
/// On a log of uniformly random actions that is online play with as many steps as there are matches. Where propensities
/// differ, a match is kept with the chance of the smallest one divided by its own.
///
/// Source: Li, Chu, Langford & Wang 2011, Unbiased Offline Evaluation of Contextual-bandit-based News Article
/// Recommendation Algorithms, algorithm 2.
public struct LoggedReplay: LoggedEnvironment, RestartableEnvironment, Checkpointable {
  /// In which order rows are shown.
  public enum Order: String, SettingChoice {
    /// As they were logged.
    case log
    /// At random, another order under every seed.
    case shuffled
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The log.
    public var file = ""
    /// The order of rows.
    public var order = Order.log
    /// The columns of a table, as `evaluate --columns` takes them.
    public var columns = ""
    /// How many actions there are at least.
    public var actions = 2

    /// No file.
    public init() {}
  }

  /// `logged`.
  public static let name = "logged"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "A log of interactions: agents play the rows at which they take the logged action; no regret.",
    paper: """
      Li, Chu, Langford, Wang 2011, Unbiased Offline Evaluation of Contextual-bandit-based News Article Recommendation \
      Algorithms, algorithm 2
      """,
    deviations: """
      Where propensities differ, a match is kept with the chance of the smallest propensity divided by its own; the \
      paper's log is of uniformly random actions.
      """,
    settings: [
      "file": "log: jsonl, vw or csv, as 'evaluate' reads it",
      "order": "log: as the rows were logged; shuffled: at random, by the seed",
      "columns": "columns of a table: action=NAME,reward=NAME,propensity=NAME,context=NAME",
      "actions": "how many actions there are at least, where some were never played",
    ])

  /// The log's task; `rows` counts the rows shown.
  public let spec: TaskSpec
  /// The log's checksum.
  public let dataFiles: [String: String]
  /// Rows that cannot be used, and actions that were not uniformly random.
  public let notes: [String]
  private let rows: LoggedRows
  private let order: Order
  private var places: [Int32]
  private var matching: ReplayMatching
  private var position = 0
  /// The position after the last match.
  private var counted = 0

  /// Reads the log; throws a `ConfigurationError` for one without propensities.
  public init(configuration: Configuration, stream: RandomStream) throws {
    guard !configuration.file.isEmpty else {
      throw ConfigurationError(
        key: "file", given: "", allowed: "the path of a log, such as interactions.jsonl.gz")
    }
    try ConfigurationError.require(
      (2...100_000).contains(configuration.actions), key: "actions", given: configuration.actions,
      allowed: "2 to 100000")
    let columns = try TableColumns(parsing: configuration.columns)
    let log = try LoggedInteractions(
      scanning: configuration.file, columns: columns, actions: configuration.actions)
    guard let smallest = log.smallestPropensity else {
      throw ConfigurationError(
        key: "file", given: configuration.file,
        allowed: "a log with propensities: agents that act by draws log them with --set propensityDraws=100")
    }
    rows = try LoggedRows(log)
    let task = log.spec
    spec = TaskSpec(
      featureCount: task.featureCount, encoding: task.encoding, actionNames: task.actionNames,
      counters: [AuditCounter("rows", .total)], featureNames: task.featureNames)
    dataFiles = [configuration.file: try SHA256.hexadecimal(ofFile: configuration.file)]
    var notes = ["\(log.count) rows, of which agents play those with the action that they take; no regret"]
    if !log.skipped.isEmpty { notes.append(SkipReason.sentence(log.skipped, before: "rows passed over: ")) }
    self.notes = notes
    order = configuration.order
    places = []
    matching = ReplayMatching(smallestPropensity: smallest, stream: stream)
    restart(stream: stream)
  }

  /// Begins at the first row again.
  public mutating func restart(stream: RandomStream) {
    (position, counted) = (0, 0)
    places = (0..<Int32(rows.count)).map { $0 }
    var shuffling = stream.child("order")
    if order == .shuffled { shuffling.shuffle(&places) }
    matching = ReplayMatching(
      smallestPropensity: matching.smallestPropensity, stream: stream.child("matching"))
  }

  /// Shows the next row; behind the last one the first again.
  public mutating func observe(into observation: inout Observation) {
    if position == rows.count { position = 0 }
    position += 1
    rows.fill(&observation, row: row)
  }

  private var row: Int { Int(places[max(0, position - 1)]) }

  /// Whether the last row was shown.
  public var isExhausted: Bool { position == rows.count }

  /// The action of the row shown last, with its propensity.
  public var loggedDecision: Decision {
    Decision(action: Int(rows.actions[row]), propensity: rows.propensities[row])
  }

  /// Whether it is the logged action, and kept.
  public mutating func matches(_ action: Int) -> Bool {
    let logged = loggedDecision
    return matching.isPlayed(action, logged: logged.action, propensity: logged.propensity ?? 1)
  }

  /// Nobody knows it.
  public func audit() -> Audit {
    Audit(expectedRewards: Array(repeating: 0, count: spec.actionCount))
  }

  /// Pays the logged reward, and counts the rows since the last match.
  public mutating func step(_ action: Int) -> Outcome {
    defer { counted = position }
    return Outcome(reward: rows.rewards[row], counts: [Double(position - counted)])
  }

  /// The place in the log, in the order that follows from the stream that the environment is made with.
  public struct State: Codable, Sendable {
    let position: Int
    let counted: Int
    let matching: ReplayMatching
  }

  /// What the environment can be resumed from.
  public var state: State { State(position: position, counted: counted, matching: matching) }

  /// Goes on from a state.
  public mutating func restore(_ state: State) throws {
    let isRight =
      (0...rows.count).contains(state.position) && (0...rows.count).contains(state.counted)
      && state.matching.smallestPropensity == matching.smallestPropensity
    guard isRight else {
      throw ConfigurationError(
        key: "state of \(Self.name)", given: "position \(state.position)",
        allowed: "a place among \(rows.count) rows")
    }
    (position, counted, matching) = (state.position, state.counted, state.matching)
  }
}

/// The rows of a log in memory.
private struct LoggedRows: Sendable {
  private(set) var actions: [Int32] = []
  private(set) var propensities: [Double] = []
  private(set) var rewards: [Double] = []
  private var features: [Float] = []
  private var indices: [Int32] = []
  /// Where each row's features or indices end.
  private var ends: [Int] = []

  var count: Int { actions.count }

  init(_ log: LoggedInteractions) throws {
    try log.forEach { interaction in
      actions.append(Int32(interaction.action))
      propensities.append(interaction.propensity ?? 1)
      rewards.append(interaction.reward)
      features += interaction.observation.features
      indices += interaction.observation.activeIndices
      ends.append(log.spec.encoding == .dense ? features.count : indices.count)
    }
  }

  func fill(_ observation: inout Observation, row: Int) {
    let range = (row == 0 ? 0 : ends[row - 1])..<ends[row]
    switch observation.encoding {
    case .dense: observation.features = Array(features[range])
    case .oneHot: observation.activeIndices = Array(indices[range])
    }
  }
}

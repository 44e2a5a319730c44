import BanditData
public import BanditCore
public import BanditNumerics

/// Recommend one of eight jokes to a user whose ratings of 32 others are known; the reward is the rating.
///
/// Source: Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown, §5.3 and its code; data: Goldberg et al. 2001.
public struct Jester: DrawnTaskEnvironment, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// In which order users come.
    public var sampling = RowSampling.replacement
    /// A folder to look for the file in first.
    public var folder = ""

    /// Users with replacement.
    public init() {}
  }

  /// `jester`.
  public static let name = "jester"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Jokes: recommend one of eight to a user who rated 32 others; 'data fetch jester' says how to get the file.",
    paper:
      "Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown; data: Goldberg et al. 2001, Eigentaste",
    deviations:
      "Which jokes are arms is drawn for each seed, as in the source; users come with replacement by default.",
    settings: [
      "folder": "folder to look for the file in first; empty: BANDIT_SIM_DATA, then the user's cache"
    ].merging(RowSampling.help) { own, _ in own })

  private static let contextCount = 32

  /// 32 ratings, eight arms and the counter.
  public let spec = TaskSpec.arms(JesterData.jokeCount - Jester.contextCount, features: Jester.contextCount)
  /// The SHA-256 of the file, by its name, wherever it was found.
  public let dataFiles: [String: String]
  /// The jokes, counted from 1: first those that are shown, then the arms.
  public let jokes: [Int]

  private let ratings: [Float]
  /// The columns of the ratings in the order of `jokes`.
  private let columns: [Int32]
  private var rows: RowSampler
  private var expected: [Double]

  /// Reads the ratings and draws which jokes are shown.
  public init(configuration: Configuration, stream: RandomStream) throws {
    let folders = DataFolders(setting: configuration.folder)
    let data = try JesterData.load(folders: folders)
    var columns = (0..<Int32(JesterData.jokeCount)).map { $0 }
    var task = stream.child("task")
    task.shuffle(&columns)
    self.columns = columns
    jokes = columns.map { data.jokes[Int($0)] }
    ratings = data.ratings
    dataFiles = data.dataFiles
    rows = RowSampler(configuration.sampling, count: data.count, stream: stream)
    expected = [Double](repeating: 0, count: columns.count - Self.contextCount)
  }

  /// Shows a user's ratings, whatever will be done with them.
  public mutating func observe(into observation: inout Observation) {
    let first = rows.next() * columns.count
    for (index, column) in columns.enumerated() {
      let rating = ratings[first + Int(column)]
      if index < Self.contextCount {
        observation.features[index] = rating
      } else {
        expected[index - Self.contextCount] = Double(rating)
      }
    }
  }

  /// The user's ratings of the arms: there is no luck in them.
  public func audit() -> Audit { Audit(expectedRewards: expected) }

  /// Recommends a joke.
  public mutating func step(_ action: Int) -> Outcome {
    precondition(expected.indices.contains(action), "an action is one of the \(expected.count) arms")
    return Outcome(reward: expected[action], counts: [audit().bestAction == action ? 1 : 0])
  }

  /// The position in the users; which jokes are shown follows from the stream that the environment is made with.
  public var state: RowPosition { rows.state }

  /// Goes on with other users.
  public mutating func practise(stream: RandomStream) { rows.restart(stream: stream) }

  /// Continues from the saved position.
  public mutating func restore(_ state: RowPosition) { rows.restore(state) }
}

import BanditData
import BanditFiles
public import BanditCore
public import BanditNumerics

/// Any multiclass data set of OpenML as a bandit with one action a class.
///
/// The environment `classification` over a set that `bandit-sim data fetch openml:ID` has put into the user's cache.
public struct OpenML: RestartableEnvironment, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The number of the set at OpenML.
    public var id = 61
    /// The columns to show, by name; empty for all that OpenML does not say are to be ignored.
    public var columns: [String] = []
    /// Columns of numbers that stand for categories, by name.
    public var categories: [String] = []
    /// What becomes of missing fields in columns of numbers.
    public var missing = MissingNumbers.indicator
    /// Which classes are counted one by one.
    public var classCounters = ClassCounters.auto
    /// A folder to look for the files in first.
    public var folder = ""
    /// What naming a class pays.
    public var rewards = ClassificationRewards()
    /// In which order examples come.
    public var sampling = RowSampling.replacement

    /// Fisher's irises.
    public init() {}
  }

  /// `openml`.
  public static let name = "openml"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "A multiclass data set of OpenML: name the class; 'data fetch openml:ID' gets it.",
    paper:
      "Vanschoren et al. 2014, OpenML: networked science in machine learning; each set has its own source",
    settings: [
      "id": "number of the set at OpenML; 61 are the irises",
      "columns": "columns to show, by name; empty: all that OpenML does not say are to be ignored",
      "categories": "columns of numbers that stand for categories",
      "missing": MissingNumbers.help, "classCounters": ClassCounters.help,
      "folder": "folder to look for openml/ID in first; empty: BANDIT_SIM_DATA, then the user's cache",
    ].merging(ClassificationRewards.help) { own, _ in own }.merging(RowSampling.help) { own, _ in own })

  /// The features, the classes as actions, and the counters.
  public var spec: TaskSpec { task.spec }

  /// The SHA-256 of the ARFF file and of what is known of its columns, by the names in the cache.
  public let dataFiles: [String: String]

  /// Where fields are missing, and which columns are left out.
  public let notes: [String]

  private var task: ClassificationTask

  /// Reads the set.
  public init(configuration: Configuration, stream: RandomStream) throws {
    try ConfigurationError.require(
      configuration.id > 0, key: "id", given: configuration.id, allowed: "the number of a set at OpenML")
    let folders = DataFolders(setting: configuration.folder)
    let data = try OpenMLData.load(configuration.id, folders: folders)
    var choices = TableFeatures.Choices()
    (choices.columns, choices.categories) = (configuration.columns, configuration.categories)
    choices.missing = configuration.missing
    let label = data.table.columns.firstIndex { $0.name == data.target } ?? 0
    let input = try TableInput(
      data.table, file: "openml:\(configuration.id)", label: label, ignoring: Set(data.ignored))
    let file = try ClassificationFile(input, choices, sums: data.sums)
    task = ClassificationTask(
      features: file.features.encoded(), labels: file.labels, classNames: file.classNames,
      rewards: try configuration.rewards.matrix(file.classNames), classCounters: configuration.classCounters,
      sampling: configuration.sampling, stream: stream)
    (dataFiles, notes) = (file.sums, file.notes)
  }

  /// Shows an example, whatever will be done with it.
  public mutating func observe(into observation: inout Observation) { task.observe(into: &observation) }

  /// The rewards of the classes.
  public func audit() -> Audit { task.audit }

  /// Names a class.
  public mutating func step(_ action: Int) -> Outcome { task.step(action) }

  /// The position in the rows and random numbers; the data are read again.
  public var state: RowPosition { task.rows.state }

  /// Takes other random numbers; everything else is drawn at each step.
  public mutating func restart(stream: RandomStream) { task.rows.restart(stream: stream) }

  /// Continues from the saved position.
  public mutating func restore(_ state: RowPosition) { task.rows.restore(state) }
}

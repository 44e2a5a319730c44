public import BanditCore
public import BanditData
public import BanditNumerics

/// A published set of labelled rows that is played as it is.
public protocol LabelledSource: Sendable {
  /// The environment's name.
  static var name: String { get }
  /// What `describe` prints, but for the settings.
  static var description: ComponentDescription { get }
  /// Which data set.
  static var data: ShowdownData { get }
}

/// A labelled set from files as a bandit: one action a class, 1 for the right one, 0 for a wrong one.
public struct LabelledSet<Source: LabelledSource>: RestartableEnvironment, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// The largest number of rows to use.
    public var rows = 150_000
    /// In which order they come.
    public var sampling = RowSampling.replacement
    /// A folder to look for the files in first.
    public var folder = ""

    /// Up to 150,000 rows, with replacement.
    public init() {}
  }

  /// The source's name.
  public static var name: String { Source.name }

  /// What `describe` prints.
  public static var description: ComponentDescription {
    var description = Source.description
    description.settings = [
      "rows": "most rows to use; of more, evenly spaced ones in the file's order are taken",
      "folder": "folder to look for the files in first; empty: BANDIT_SIM_DATA, then the user's cache",
    ].merging(RowSampling.help) { own, _ in own }
    return description
  }

  /// The columns, the classes as actions, and the counters.
  public let spec: TaskSpec
  /// The SHA-256 of the files, by the published files' names, wherever they were found.
  public let dataFiles: [String: String]

  private var task: ClassificationTask

  /// Reads the files.
  public init(configuration: Configuration, stream: RandomStream) throws {
    try ConfigurationError.require(
      configuration.rows >= 1, key: "rows", given: configuration.rows, allowed: "1 or more")
    let folders = DataFolders(setting: configuration.folder)
    let data = try Source.data.load(most: configuration.rows, folders: folders)
    let width = data.columnNames.count
    let features: ClassificationTask.Features =
      switch data.values {
      case .numbers(let values): .dense(values, columns: width)
      case .ones(let columns, let active): .oneHot(columns, active: active, columns: width)
      }
    task = ClassificationTask(
      features: features, labels: data.labels, classNames: data.classNames,
      rewards: try ClassificationRewards().matrix(data.classNames),
      sampling: configuration.sampling, stream: stream)
    spec = TaskSpec(
      featureCount: width, encoding: task.spec.encoding, actionNames: data.classNames,
      counters: task.spec.counters, featureNames: data.columnNames)
    dataFiles = data.dataFiles
  }

  /// Shows a row, whatever will be done with it.
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

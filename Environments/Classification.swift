import BanditData
import BanditFiles
public import BanditCore
public import BanditNumerics

/// Any labelled table or images as a bandit with one action a class.
///
/// Naming the right class pays 1, a wrong one 0, or what a cost matrix says; the agent is told of the class it named
/// alone.
///
/// Source: Beygelzimer and Langford 2009, The offset tree for learning with partial labels, §1: classification with
/// the labels hidden.
public struct Classification: RestartableEnvironment, Checkpointable {
  /// What a file of rows is.
  public enum Format: String, SettingChoice {
    /// What its name says: ARFF ends with `.arff`, libsvm with `.svm`, `.libsvm` or `.svmlight`, each with `.gz` or not.
    case auto
    /// Fields with a separator.
    case csv
    /// Weka's and OpenML's.
    case arff
    /// Labels and `index:value` pairs.
    case libsvm
  }

  /// What parts the fields of a CSV file.
  public enum Separator: String, SettingChoice {
    /// `,`
    case comma
    /// `;`
    case semicolon
    /// A tab.
    case tab
    /// `|`
    case bar
    /// One space.
    case space
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// A CSV, ARFF or libsvm file; empty for the mushrooms in the program.
    public var file = ""
    /// What the file is.
    public var format = Format.auto
    /// Whether the CSV file's first row names its columns.
    public var header = true
    /// The column of the classes: `first`, `last`, a number from 1, or a name.
    public var labelColumn = "last"
    /// What parts the CSV file's fields.
    public var separator = Separator.comma
    /// The columns to show, by name; empty for all.
    public var columns: [String] = []
    /// Columns of numbers that stand for categories, by name.
    public var categories: [String] = []
    /// What becomes of missing fields in columns of numbers.
    public var missing = MissingNumbers.indicator
    /// Which classes are counted one by one.
    public var classCounters = ClassCounters.auto
    /// An IDX file of images, in place of a CSV file.
    public var images = ""
    /// The IDX file of the images' classes.
    public var labels = ""
    /// What naming a class pays.
    public var rewards = ClassificationRewards()
    /// In which order examples come.
    public var sampling = RowSampling.replacement

    /// The mushrooms in the program.
    public init() {}
  }

  /// `classification`.
  public static let name = "classification"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "A labelled CSV, ARFF or libsvm file or IDX images: one action a class, 1 for the right one, or a cost matrix.",
    paper: "Beygelzimer and Langford 2009, The offset tree for learning with partial labels, §1",
    settings: [
      "file": "CSV, ARFF or libsvm file, gzip or plain; empty: the mushrooms in the program, by class",
      "format": "csv, arff or libsvm; auto: by the name's end: .arff, .svm, .libsvm, .svmlight, else csv",
      "header": "whether the CSV file's first row names the columns",
      "labelColumn": "column of the classes: first, last, a number from 1, or a name",
      "separator": "what parts the CSV file's fields; quoted fields may hold it",
      "columns": "columns to show, by name ('column 3' without a header); empty: all",
      "categories": "columns of numbers that stand for categories",
      "missing": MissingNumbers.help, "classCounters": ClassCounters.help,
      "images": "IDX file of images, gzip or plain, in place of a CSV file",
      "labels": "IDX file of the images' classes",
    ].merging(ClassificationRewards.help) { own, _ in own }.merging(RowSampling.help) { own, _ in own })

  /// The features, the classes as actions, and the counters.
  public var spec: TaskSpec { task.spec }

  /// The SHA-256 of the file, or of images and labels, uncompressed, by the paths in the settings.
  public let dataFiles: [String: String]

  /// Where fields are missing, and where the header may not be what it was taken for.
  public let notes: [String]

  private var task: ClassificationTask

  /// Reads the file.
  public init(configuration: Configuration, stream: RandomStream) throws {
    guard configuration.images.isEmpty, configuration.labels.isEmpty else {
      (task, dataFiles) = try Self.images(configuration, stream)
      notes = []
      return
    }
    let file = try ClassificationFile(configuration)
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

  private static func images(
    _ configuration: Configuration, _ stream: RandomStream
  ) throws -> (ClassificationTask, dataFiles: [String: String]) {
    try ConfigurationError.require(
      !configuration.images.isEmpty && !configuration.labels.isEmpty && configuration.file.isEmpty,
      key: "images", given: configuration.images, allowed: "images together with labels, without file")
    let images = try LabelledImages(imagesPath: configuration.images, labelsPath: configuration.labels)
    let count = Int(images.labels.max() ?? 0) + 1
    try ClassificationFile.requireClasses(count, file: configuration.labels)
    let names = (0..<count).map { String($0) }
    let task = ClassificationTask(
      features: .images(images), labels: images.labels.map { UInt16($0) }, classNames: names,
      rewards: try configuration.rewards.matrix(names), classCounters: configuration.classCounters,
      sampling: configuration.sampling, stream: stream)
    let digests = images.digests
    return (task, [configuration.images: digests.images, configuration.labels: digests.labels])
  }
}

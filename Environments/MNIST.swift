import BanditData
public import BanditCore
public import BanditNumerics

/// MNIST as a bandit: name the digit of an image, and hear whether that was right.
///
/// The environment `classification` over the data set's files, wherever `bandit-sim data` finds them.
public struct MNIST: RestartableEnvironment, Checkpointable {
  /// Which of the two sets of images.
  public enum Split: String, SettingChoice {
    /// The 60,000 to train with.
    case training
    /// The 10,000 to test with.
    case test
  }

  /// Which data set.
  public enum Images: String, SettingChoice {
    /// Handwritten digits: MNIST.
    case digits
    /// Pictures of clothes: Fashion-MNIST.
    case fashion
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Which data set.
    public var images = Images.digits
    /// Which of its two sets of images.
    public var split = Split.training
    /// A folder to look for the files in first.
    public var folder = ""
    /// What naming a class pays.
    public var rewards = ClassificationRewards()
    /// In which order examples come.
    public var sampling = RowSampling.replacement

    /// The digits to train with.
    public init() {}
  }

  /// `mnist`.
  public static let name = "mnist"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "MNIST's images: name the digit, 1 for the right one; 'data fetch mnist' gets the files.",
    paper: "LeCun, Cortes and Burges, The MNIST database; Xiao et al. 2017, Fashion-MNIST",
    settings: [
      "images": "digits (MNIST) or fashion (Fashion-MNIST)",
      "split": "the 60,000 training images or the 10,000 test images",
      "folder": "folder to look for the files in first; empty: BANDIT_SIM_DATA, then the user's cache",
    ].merging(ClassificationRewards.help) { own, _ in own }.merging(RowSampling.help) { own, _ in own })

  /// 784 pixels from 0 to 1, the ten classes as actions, and the counters.
  public var spec: TaskSpec { task.spec }

  /// The SHA-256 of the images and their classes, by the published files' names, wherever they were found.
  public let dataFiles: [String: String]

  private var task: ClassificationTask

  /// Reads the images.
  public init(configuration: Configuration, stream: RandomStream) throws {
    let name: MNISTData.Name = configuration.images == .digits ? .digits : .fashion
    let folders = DataFolders(setting: configuration.folder)
    let split: MNISTData.Split = configuration.split == .training ? .training : .test
    let images = try MNISTData.images(name, split: split, folders: folders)
    let (imagesName, labelsName) = MNISTData.fileNames(name, split: split)
    dataFiles = [imagesName: images.digests.images, labelsName: images.digests.labels]
    let names = MNISTData.classNames(name)
    task = ClassificationTask(
      features: .images(images), labels: images.labels.map { UInt16($0) }, classNames: names,
      rewards: try configuration.rewards.matrix(names), sampling: configuration.sampling, stream: stream)
  }

  /// Shows an image, whatever will be done with it.
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

public import BanditFiles

/// MNIST or Fashion-MNIST: images of 28 × 28 pixels in ten classes, 60,000 to train with and 10,000 to test with.
///
/// Sources: LeCun, Cortes and Burges, The MNIST database of handwritten digits; Xiao, Rasul and Vollgraf 2017,
/// Fashion-MNIST (arXiv:1708.07747).
public struct MNISTData: Hashable, Sendable {
  /// Which of the data sets with these four files.
  public enum Name: String, CaseIterable, Sendable {
    /// Handwritten digits.
    case digits = "mnist"
    /// Pictures of clothes.
    case fashion = "fashion-mnist"

    var files: DownloadedData { self == .digits ? .mnist : .fashionMNIST }
  }

  /// One of the two sets of images.
  public enum Split: Sendable {
    /// The images to train with.
    case training
    /// The images to test with.
    case test
  }

  /// The number of pixels of an image.
  public static let pixelCount = 784
  /// The number of classes.
  public static let classCount = 10
  /// What the classes show, by data set.
  public static func classNames(_ name: Name) -> [String] {
    switch name {
    case .digits: (0..<classCount).map { String($0) }
    case .fashion:
      ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot"]
    }
  }

  /// The images to train with: 60,000 in the published files.
  public let training: LabelledImages
  /// The images to test with: 10,000 in the published files.
  public let test: LabelledImages

  /// Finds and reads the four files: in the folder `BANDIT_SIM_DATA` names, then in the user's cache, then where a
  /// system's package puts them; gzip (`.gz`) or plain.
  ///
  /// The files may hold fewer images than the published ones; `bandit-sim data verify` tells.
  ///
  /// - Throws: `DataFileError` that says where was looked and what gets the files, or what is wrong with one.
  public static func load(
    _ name: Name = .digits, folders: DataFolders = DataFolders()
  ) throws(DataFileError) -> MNISTData {
    try MNISTData(
      training: images(name, split: .training, folders: folders),
      test: images(name, split: .test, folders: folders))
  }

  /// Finds the files as `load` does, and reads one of the two sets of images.
  public static func images(
    _ name: Name = .digits, split: Split, folders: DataFolders = DataFolders()
  ) throws(DataFileError) -> LabelledImages {
    let paths = try name.files.locate(name.rawValue, folders: folders)
    let first = split == .training ? 0 : 2
    return try images(paths[first], paths[first + 1])
  }

  /// What the files of one of the two sets are called, with the data set's name before them.
  package static func fileNames(_ name: Name, split: Split) -> (images: String, labels: String) {
    let files = name.files.files.map { "\(name.rawValue)/\($0.name)" }
    let first = split == .training ? 0 : 2
    return (files[first], files[first + 1])
  }

  private static func images(
    _ imagesPath: String, _ labelsPath: String
  ) throws(DataFileError) -> LabelledImages {
    let images = try LabelledImages(imagesPath: imagesPath, labelsPath: labelsPath)
    guard images.imageShape == [28, 28] else {
      let found = images.imageShape.map(String.init).joined(separator: " × ")
      throw DataFileError(file: imagesPath, reason: "has images of \(found) pixels; they must be of 28 × 28")
    }
    if let index = images.labels.firstIndex(where: { $0 >= classCount }) {
      throw DataFileError(
        file: labelsPath,
        reason: "has the label \(images.labels[index]) for image \(index + 1); labels are from 0 to 9")
    }
    return images
  }
}

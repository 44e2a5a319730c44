/// The data sets that come with this module.
public enum DataCatalogue {
  /// All data sets, by name.
  public static let all: [DataSet] = [mushroom]

  /// The data set with a name.
  public static func named(_ name: String) throws(UnknownDataSet) -> DataSet {
    guard let found = all.first(where: { $0.name == name }) else {
      throw UnknownDataSet(name: name, known: all.map(\.name))
    }
    return found
  }

  private static let mushroom = DataSet(
    name: "mushroom",
    summary: "Edible and poisonous gilled mushrooms of 23 species, by 22 categorical attributes.",
    source: "UCI Machine Learning Repository, data set 73, https://doi.org/10.24432/C5959T",
    licence: "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
    citation: "Mushroom [Dataset]. (1981). UCI Machine Learning Repository. https://doi.org/10.24432/C5959T.",
    sha256: "e65d082030501a3ebcbcd7c9f7c71aa9d28fdfff463bf4cf4716a3fe13ac360e",
    crc32: 0x0d8e_0123,
    byteCount: 373_704,
    counts: DataSet.Counts(
      rows: 8124, classes: ["edible": 4208, "poisonous": 3916],
      levels: [6, 4, 10, 2, 9, 2, 2, 2, 12, 2, 5, 4, 4, 9, 9, 1, 4, 3, 5, 9, 6, 7]),
    contents: { () throws(DataFileError) in try MushroomData.embeddedText() },
    count: { (bytes) throws(DataFileError) in
      let data = try MushroomData(parsing: bytes, file: MushroomData.embeddedFile)
      let poisonous = data.isPoisonous.count { $0 }
      return DataSet.Counts(
        rows: data.count, classes: ["edible": data.count - poisonous, "poisonous": poisonous],
        levels: data.levels.map(\.count))
    })
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

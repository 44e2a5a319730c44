public import BanditFiles

/// A data set: what it is, where it is from, and how it is checked.
public struct DataSet: Sendable {
  /// The name to ask the catalogue for.
  public let name: String
  /// What it is, in a sentence.
  public let summary: String
  /// Where it is from.
  public let source: String
  /// The licence, with its address.
  public let licence: String
  /// How to cite it.
  public let citation: String
  /// The number of rows.
  public let rows: Int
  /// What it is made of.
  public let contents: Contents

  /// Where the bytes are.
  public enum Contents: Sendable {
    /// In this module.
    case embedded(EmbeddedData)
    /// In files that are downloaded or brought.
    case files(DownloadedData)
  }

  /// Creates a data set.
  ///
  /// - `name`: In lower case with hyphens; its files are looked for in a folder of this name.
  public init(
    name: String, summary: String, source: String, licence: String, citation: String, rows: Int,
    contents: Contents
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.licence = licence
    self.citation = citation
    self.rows = rows
    self.contents = contents
  }

  /// Whether it is in the program, or its files are found.
  public func isHere(folders: DataFolders = DataFolders()) -> Bool {
    switch contents {
    case .embedded: true
    case .files(let data): (try? data.locate(name, folders: folders)) != nil
    }
  }

  /// Checks sizes and SHA-256, and the counts of a data set in the program.
  ///
  /// - Parameter folders: Where files are looked for.
  /// - Returns: What was found, in a sentence.
  /// - Throws: `DataFileError` that names what is missing or differs.
  public func verify(folders: DataFolders = DataFolders()) throws(DataFileError) -> String {
    switch contents {
    case .embedded(let data): try data.verify(name)
    case .files(let data): try data.verify(name, folders: folders)
    }
  }
}

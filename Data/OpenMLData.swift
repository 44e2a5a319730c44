public import BanditFiles
import Foundation

/// A multiclass data set of OpenML that was fetched: a table, and which of its columns are what.
///
/// Source: Vanschoren, van Rijn, Bischl, Torgo 2014, OpenML: networked science in machine learning,
/// SIGKDD Explorations 15 (2).
public struct OpenMLData: Sendable {
  /// The columns and rows of the ARFF file.
  public let table: TypedTable
  /// The set's name at OpenML.
  public let name: String
  /// The column of the classes.
  public let target: String
  /// Columns that are no features.
  public let ignored: [String]
  /// The SHA-256 of the ARFF file and of what is kept of the description, by name.
  public let sums: [String: String]

  private let hasChecksum: Bool

  static let recordName = "set.json"
  static let tableName = "data.arff"
  /// The largest file to accept, in bytes.
  static let largestFile = 1 << 30

  /// The folder of a set in a folder of data.
  static func folder(_ id: Int) -> String { "openml/\(id)" }

  /// Finds and reads a set: in the folder `BANDIT_SIM_DATA` names, then in the user's cache, under `openml/ID`.
  ///
  /// - Throws: `DataFileError` that says what fetches the set, or what is wrong with its files.
  public static func load(_ id: Int, folders: DataFolders = DataFolders()) throws(DataFileError) -> OpenMLData
  {
    let places = folders.candidates(folder(id), ownsRoot: false, package: nil)
    guard
      let place = places.first(where: { FileManager.default.fileExists(atPath: "\($0)/\(recordName)") })
    else {
      throw DataFileError(
        file: "openml:\(id)",
        reason: """
          was not found in \(places.joined(separator: ", ")); run 'bandit-sim data fetch openml:\(id)'
          """,
        isMissing: true)
    }
    return try OpenMLData(id, folder: place)
  }

  /// Checks a set's file, wherever it was found, and says what it is.
  public static func verify(_ id: Int, folders: DataFolders = DataFolders()) throws(DataFileError) -> String {
    let data = try load(id, folders: folders)
    let columns = data.table.columns.count { $0.name != data.target && !data.ignored.contains($0.name) }
    return """
      openml:\(id): \(data.name), \(data.table.rowCount) rows, \(columns) columns, classes by \(data.target), \
      \(data.hasChecksum ? "MD5 as published" : "no MD5 published")
      """
  }

  /// Reads the files in a folder.
  init(_ id: Int, folder: String) throws(DataFileError) {
    let recordPath = "\(folder)/\(Self.recordName)"
    let recordBytes = try readDataFile(atPath: recordPath, limit: 1 << 20)
    let record = try OpenMLRecord(saved: recordBytes, file: recordPath)
    guard record.id == id else {
      throw DataFileError(file: recordPath, reason: "is about the set \(record.id), not \(id)")
    }
    let path = "\(folder)/\(Self.tableName)"
    let bytes = try readDataFile(atPath: path, limit: Self.largestFile, longestLine: 1 << 24)
    hasChecksum = record.md5 != nil
    if let md5 = record.md5, MD5.hexadecimal(of: bytes) != md5 {
      throw DataFileError(
        file: path, reason: "its MD5 is not the published one, \(md5); fetch the set again")
    }
    sums = [
      "\(Self.folder(id))/\(Self.recordName)": SHA256.hexadecimal(of: recordBytes),
      "\(Self.folder(id))/\(Self.tableName)": SHA256.hexadecimal(of: bytes),
    ]
    table = try ARFF.read(bytes, file: path)
    (name, target, ignored) = (record.name, record.target, record.ignored)
    guard let column = table.columns.first(where: { $0.name == record.target }) else {
      throw DataFileError(file: path, reason: "has no column \(record.target), the target")
    }
    guard column.kind != .numbers else {
      throw DataFileError(
        file: path,
        reason: "its target \(target) is numeric: a regression; a bandit needs a column of classes")
    }
  }
}

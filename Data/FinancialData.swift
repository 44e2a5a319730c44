public import BanditFiles

/// Daily moves of the prices of 21 stocks.
///
/// Source: Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown: their file `raw_stock_contexts`.
public struct FinancialData: Sendable {
  /// The number of stocks.
  public static let stockCount = 21

  /// The moves, day by day.
  public let moves: [Float]
  /// The SHA-256 of the file, uncompressed, by the data set's name and its own.
  public let dataFiles: [String: String]

  /// The number of days.
  public var count: Int { moves.count / Self.stockCount }

  /// Reads `raw_stock_contexts`: a header, then a line a day with 21 numbers and blanks between them.
  public static func load(folders: DataFolders = DataFolders()) throws(DataFileError) -> FinancialData {
    let paths = try DownloadedData.financial.locate("financial", folders: folders)
    return try FinancialData(TextTable(path: paths[0], limit: 1 << 24, separator: " "))
  }

  init(_ table: TextTable) throws(DataFileError) {
    guard table.count > 1 else {
      throw DataFileError(file: table.file, reason: "has no days behind a header")
    }
    var moves: [Float] = []
    for line in 1..<table.count {
      for field in try table.fields(line, count: Self.stockCount) {
        moves.append(Float(try table.number(field, line: line)))
      }
    }
    self.moves = moves
    dataFiles = ["financial/\(DownloadedData.financial.files[0].name)": table.sha256]
  }
}

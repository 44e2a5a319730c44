public import BanditFiles

/// Ratings of jokes: the users of the first part of Jester who rated all of the jokes that are rated most often.
///
/// Source: Goldberg, Roeder, Gupta and Perkins 2001, Eigentaste; the choice of users is that of Riquelme et al. 2018.
public struct JesterData: Sendable {
  /// The number of jokes taken.
  public static let jokeCount = 40

  /// The jokes taken, counted from 1 as in the file, in ascending order.
  public let jokes: [Int]
  /// The ratings from −10 to 10, user by user, in the order of `jokes`.
  public let ratings: [Float]
  /// The SHA-256 of the file, uncompressed, by the data set's name and its own.
  public let dataFiles: [String: String]

  /// The number of users.
  public var count: Int { ratings.count / Self.jokeCount }

  /// Reads `jester-data-1.csv`: a line a user, the number of ratings, then a rating of each joke or 99 for none.
  public static func load(folders: DataFolders = DataFolders()) throws(DataFileError) -> JesterData {
    let paths = try DownloadedData.jester.locate("jester", folders: folders)
    return try JesterData(TextTable(path: paths[0], limit: 1 << 26, separator: ","))
  }

  init(_ table: TextTable) throws(DataFileError) {
    let missing: Float = 99
    guard table.count > 0 else { throw DataFileError(file: table.file, reason: "has no lines") }
    let width = table.fields(0).count
    guard width > Self.jokeCount else {
      throw table.error(0, "has \(width) fields; more than \(Self.jokeCount) are needed")
    }
    var rows: [[Float]] = []
    rows.reserveCapacity(table.count)
    var counts = [Int](repeating: 0, count: width - 1)
    for line in 0..<table.count {
      let fields = try table.fields(line, count: width)
      var row = [Float](repeating: 0, count: width - 1)
      for joke in row.indices {
        row[joke] = Float(try table.number(fields[joke + 1], line: line))
        guard row[joke] == missing || abs(row[joke]) <= 10 else {
          throw table.error(line, "has a rating that is neither from -10 to 10 nor 99")
        }
        if row[joke] != missing { counts[joke] += 1 }
      }
      rows.append(row)
    }
    // Of jokes that are rated as often, the first.
    let chosen = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(Self.jokeCount).sorted()
    jokes = chosen.map { $0 + 1 }
    ratings = rows.lazy.filter { row in chosen.allSatisfy { row[$0] != missing } }.flatMap { row in
      chosen.map { row[$0] }
    }
    dataFiles = ["jester/\(DownloadedData.jester.files[0].name)": table.sha256]
    guard !ratings.isEmpty else {
      throw DataFileError(
        file: table.file, reason: "has no user who rated all of the \(Self.jokeCount) jokes rated most often")
    }
  }
}

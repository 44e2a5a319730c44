public import BanditFiles

/// The labelled sets of the Deep Bayesian Bandits Showdown (Riquelme, Tucker and Snoek 2018) that come in files.
public enum ShowdownData: String, CaseIterable, Sendable {
  /// UCI Statlog (Shuttle): nine indicators of a flight, seven states.
  case statlog
  /// UCI Adult: persons, their occupation the class.
  case adult
  /// UCI Covertype: plots of forest, seven kinds of cover.
  case covertype
  /// UCI US Census (1990): persons, their occupation the class.
  case census

  /// Reads the files from where `DataFolders` has them.
  ///
  /// - `most`: the largest number of rows; where there are more, evenly spaced ones are taken.
  /// - Throws: `DataFileError` that says where was looked, or what is wrong in which line.
  public func load(
    most: Int = .max, folders: DataFolders = DataFolders()
  ) throws(DataFileError) -> LabelledFeatures {
    let paths = try files.locate(rawValue, folders: folders)
    return switch self {
    case .statlog: try statlog(paths[0], most)
    case .adult: try adult(paths, most)
    case .covertype: try covertype(paths[0], most)
    case .census: try census(paths[0], most)
    }
  }

  var files: DownloadedData {
    switch self {
    case .statlog: .statlog
    case .adult: .adult
    case .covertype: .covertype
    case .census: .census
    }
  }

  private func sums(_ tables: [TextTable]) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: zip(files.files, tables).map { ("\(rawValue)/\($0.name)", $1.sha256) })
  }

  private func statlog(_ path: String, _ most: Int) throws(DataFileError) -> LabelledFeatures {
    let table = try TextTable(path: path, limit: 1 << 24, separator: " ")
    let names = (1...9).map { "indicator \($0)" }
    return try lastIsLabel(table, FeatureColumns(names, categories: []), most)
  }

  private func covertype(_ path: String, _ most: Int) throws(DataFileError) -> LabelledFeatures {
    let table = try TextTable(path: path, limit: 1 << 28, separator: ",")
    let numbers = [
      "elevation", "aspect", "slope", "distance to water", "height above water", "distance to roads",
      "shade at 9", "shade at noon", "shade at 15", "distance to fire points",
    ]
    let names =
      numbers + (1...4).map { "wilderness area \($0)" } + (1...40).map { "soil type \($0)" }
    return try lastIsLabel(table, FeatureColumns(names, categories: []), most)
  }

  /// Rows whose last field is the class.
  private func lastIsLabel(
    _ table: TextTable, _ empty: FeatureColumns, _ most: Int
  ) throws(DataFileError) -> LabelledFeatures {
    var columns = empty
    var labels: [String] = []
    for line in evenlySpaced(table.count, most: most) {
      let fields = try table.fields(line, count: columns.count + 1)
      for column in 0..<columns.count {
        try columns.append(fields[column], to: column, of: table, line: line)
      }
      labels.append(String(decoding: fields[columns.count], as: UTF8.self))
    }
    return try columns.features(labels: labels, file: table.file, dataFiles: sums([table]))
  }

  /// Rows of both files without `?`, first those to train with; the classes of income without the full stops of the
  /// second.
  private func adult(_ paths: [String], _ most: Int) throws(DataFileError) -> LabelledFeatures {
    let names = [
      "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation",
      "relationship", "race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country",
      "income",
    ]
    let numbers: Set = [
      "age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week",
    ]
    let label = 6
    let features = names.indices.filter { $0 != label }
    var tables: [TextTable] = []
    for path in paths { tables.append(try TextTable(path: path, limit: 1 << 24, separator: ",")) }
    var rows: [(table: Int, line: Int, fields: [ArraySlice<UInt8>])] = []
    for (index, table) in tables.enumerated() {
      for line in 0..<table.count {
        // The second file begins with a line that is no row.
        if line == 0, table.fields(0).first?.first == UInt8(ascii: "|") { continue }
        let fields = try table.fields(line, count: names.count)
        if !fields.contains(where: { $0.elementsEqual([UInt8(ascii: "?")]) }) {
          rows.append((index, line, fields))
        }
      }
    }
    var columns = FeatureColumns(
      features.map { names[$0] }, categories: Set(names).subtracting(numbers))
    var labels: [String] = []
    for index in evenlySpaced(rows.count, most: most) {
      let row = rows[index]
      for (column, field) in features.enumerated() {
        var text = row.fields[field]
        if field == names.count - 1, text.last == UInt8(ascii: ".") { text = text.dropLast() }
        try columns.append(text, to: column, of: tables[row.table], line: row.line)
      }
      labels.append(String(decoding: row.fields[label], as: UTF8.self))
    }
    return try columns.features(labels: labels, file: paths[0], dataFiles: sums(tables))
  }

  /// Rows behind a header: `dOccup` is the class, `caseid` is left out, all others are categories.
  private func census(_ path: String, _ most: Int) throws(DataFileError) -> LabelledFeatures {
    let table = try TextTable(path: path, limit: 1 << 29, separator: ",")
    guard table.count > 1 else { throw DataFileError(file: path, reason: "has no rows behind a header") }
    let names = table.fields(0).map { String(decoding: $0, as: UTF8.self) }
    guard let label = names.firstIndex(of: "dOccup"), Set(names).count == names.count else {
      throw table.error(0, "is no header that names dOccup and each column once")
    }
    let features = names.indices.filter { $0 != label && names[$0] != "caseid" }
    var columns = FeatureColumns(features.map { names[$0] }, categories: Set(names))
    var labels: [String] = []
    for row in evenlySpaced(table.count - 1, most: most) {
      let fields = try table.fields(row + 1, count: names.count)
      for (column, field) in features.enumerated() {
        try columns.append(fields[field], to: column, of: table, line: row + 1)
      }
      labels.append(String(decoding: fields[label], as: UTF8.self))
    }
    return try columns.features(labels: labels, file: path, dataFiles: sums([table]))
  }
}

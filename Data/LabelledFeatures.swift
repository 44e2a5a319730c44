import BanditFiles

/// Rows of features with a class each: what the files of a labelled data set come to.
public struct LabelledFeatures: Sendable {
  /// The features of all rows, row by row.
  public enum Values: Sendable {
    /// As many numbers a row as there are columns.
    case numbers([Float])
    /// The columns that are 1, as many a row, ascending.
    case ones([Int32], active: Int)
  }

  /// The names of the columns: of a column of 0 and 1, with the level that it stands for, as in `race=White`.
  public let columnNames: [String]
  /// The features.
  public let values: Values
  /// The class of each row, an index into the names.
  public let labels: [UInt16]
  /// The names of the classes.
  public let classNames: [String]
  /// The SHA-256 of the files, uncompressed, by the data set's name and theirs.
  public let dataFiles: [String: String]
}

/// Collects the columns of a table row by row.
struct FeatureColumns {
  fileprivate struct Column {
    let name: String
    let isCategory: Bool
    var numbers: [Double] = []
    /// Each row's level, numbered as they came.
    var codes: [Int32] = []
    var levels: [String: Int32] = [:]
  }

  private var columns: [Column]

  /// Creates columns of these names; those in `categories` get a column of 0 and 1 for each level.
  init(_ names: [String], categories: Set<String>) {
    columns = names.map { Column(name: $0, isCategory: categories.contains($0)) }
  }

  /// The number of columns of the table.
  var count: Int { columns.count }

  /// Adds a field to a column.
  mutating func append(
    _ field: ArraySlice<UInt8>, to column: Int, of table: TextTable, line: Int
  ) throws(DataFileError) {
    guard columns[column].isCategory else {
      columns[column].numbers.append(try table.number(field, line: line))
      return
    }
    let level = String(decoding: field, as: UTF8.self)
    let next = Int32(columns[column].levels.count)
    let code = columns[column].levels[level] ?? next
    if code == next {
      guard next < 1_000 else { throw table.error(line, "has the 1,001st level of \(columns[column].name)") }
      columns[column].levels[level] = code
    }
    columns[column].codes.append(code)
  }

  /// Numbers less their mean, over their population deviation, and a column of 0 and 1 for each level, in the order of
  /// their bytes; one-hot where there are no numbers.
  func features(
    labels: [String], file: String, dataFiles: [String: String]
  ) throws(DataFileError) -> LabelledFeatures {
    let classNames = Set(labels).sorted()
    guard (2...256).contains(classNames.count) else {
      throw DataFileError(file: file, reason: "has \(classNames.count) classes; 2 to 256 are allowed")
    }
    let indices = Dictionary(uniqueKeysWithValues: classNames.enumerated().map { ($1, UInt16($0)) })
    var names: [String] = []
    var first: [Int] = []
    for column in columns {
      first.append(names.count)
      names +=
        column.isCategory ? column.levels.keys.sorted().map { "\(column.name)=\($0)" } : [column.name]
    }
    return LabelledFeatures(
      columnNames: names, values: values(rows: labels.count, first: first, width: names.count),
      labels: labels.compactMap { indices[$0] }, classNames: classNames, dataFiles: dataFiles)
  }

  private func values(rows: Int, first: [Int], width: Int) -> LabelledFeatures.Values {
    guard columns.contains(where: { !$0.isCategory }) else {
      var ones = [Int32](repeating: 0, count: rows * columns.count)
      for (index, column) in columns.enumerated() {
        let order = column.order
        for row in 0..<rows {
          ones[row * columns.count + index] = Int32(first[index]) + order[Int(column.codes[row])]
        }
      }
      return .ones(ones, active: columns.count)
    }
    var values = [Float](repeating: 0, count: rows * width)
    for (index, column) in columns.enumerated() {
      if column.isCategory {
        let order = column.order
        for row in 0..<rows {
          values[row * width + first[index] + Int(order[Int(column.codes[row])])] = 1
        }
      } else {
        for (row, number) in Self.standardised(column.numbers).enumerated() {
          values[row * width + first[index]] = number
        }
      }
    }
    return .numbers(values)
  }

  /// Numbers less their mean over their population deviation, which counts as 1 where it is 0.
  private static func standardised(_ numbers: [Double]) -> [Float] {
    let count = Double(numbers.count)
    let mean = numbers.reduce(0, +) / count
    let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    // Less than rounding leaves: the numbers are the same.
    let scale = deviation > 1e-12 * abs(mean) ? deviation : 1
    return numbers.map { Float(($0 - mean) / scale) }
  }
}

extension FeatureColumns.Column {
  /// The place of each level, as they came, in the order of their bytes.
  fileprivate var order: [Int32] {
    var order = [Int32](repeating: 0, count: levels.count)
    for (place, level) in levels.keys.sorted().enumerated() {
      if let code = levels[level] { order[Int(code)] = Int32(place) }
    }
    return order
  }
}

/// Indices of at most `most` of `count` rows, evenly spaced.
func evenlySpaced(_ count: Int, most: Int) -> [Int] {
  count <= most ? Array(0..<count) : (0..<most).map { $0 * count / most }
}

import BanditCore
import BanditFiles

/// The columns of a table as features: numbers standardised, categories one-hot.
///
/// A column is of numbers if every field is one; any other is of categories, and so are those that the settings name.
struct TableFeatures {
  /// One column of the table.
  private enum Column {
    /// The numbers, less their mean, over their deviation; 0 where all are the same.
    case numbers([Float])
    /// The index of each row's level.
    case levels([Int32], count: Int)

    var width: Int {
      switch self {
      case .numbers: 1
      case .levels(_, let count): count
      }
    }
  }

  /// The largest number of levels of a column, above which it is taken for a mistake.
  static let mostLevels = 1_000
  /// The largest number of features of all rows together.
  private static let mostFeatures = 1 << 28

  private let columns: [Column]
  private let rowCount: Int

  init(_ table: LabelledCSV, _ configuration: Classification.Configuration) throws {
    func chosen(_ key: String, _ names: [String]) throws(ConfigurationError) -> [Int] {
      try names.map { name throws(ConfigurationError) in
        guard let index = table.columns.firstIndex(of: name) else {
          throw .unknown(key, name, among: table.columns)
        }
        return index
      }
    }
    let shown = try chosen("columns", configuration.columns)
    let categories = Set(try chosen("categories", configuration.categories))
    rowCount = table.rowCount
    columns = try (shown.isEmpty ? Array(table.columns.indices) : shown).map { index in
      try Self.column(index, of: table, isCategory: categories.contains(index), configuration.file)
    }
    let width = columns.reduce(0) { $0 + $1.width }
    guard width * rowCount <= Self.mostFeatures else {
      throw DataFileError(
        file: configuration.file,
        reason:
          "has \(rowCount) rows of \(width) features, more than \(Self.mostFeatures) together; choose columns"
      )
    }
  }

  /// The features, one-hot where all columns are of categories.
  func encoded() -> ClassificationTask.Features {
    var first: [Int] = []
    var width = 0
    for column in columns {
      first.append(width)
      width += column.width
    }
    let levels = columns.compactMap { column -> [Int32]? in
      if case .levels(let indices, _) = column { indices } else { nil }
    }
    if levels.count == columns.count {
      let active = (0..<rowCount).flatMap { row in
        levels.indices.map { Int32(first[$0]) + levels[$0][row] }
      }
      return .oneHot(active, active: columns.count, columns: width)
    }
    var values = [Float](repeating: 0, count: rowCount * width)
    for (start, column) in zip(first, columns) {
      for row in 0..<rowCount {
        switch column {
        case .numbers(let numbers): values[row * width + start] = numbers[row]
        case .levels(let indices, _): values[row * width + start + Int(indices[row])] = 1
        }
      }
    }
    return .dense(values, columns: width)
  }

  private static func column(
    _ index: Int, of table: LabelledCSV, isCategory: Bool, _ file: String
  ) throws(DataFileError) -> Column {
    let fields = table.column(index)
    if !isCategory {
      let numbers = fields.compactMap { Double($0) }.filter(\.isFinite)
      if numbers.count == fields.count { return .numbers(standardised(numbers)) }
    }
    let levels = Set(fields).sorted()
    guard levels.count <= mostLevels else {
      let row = fields.firstIndex { Double($0)?.isFinite != true }
      let example = row.map { "; \"\(fields[$0])\" in line \(table.line(ofRow: $0)) is no number" } ?? ""
      throw DataFileError(
        file: file,
        reason: """
          has \(levels.count) different values in the column \(table.columns[index]), more than the \(mostLevels) \
          categories allowed\(example). Mend it, or leave the column out with the setting columns
          """)
    }
    let indices = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
    return .levels(fields.compactMap { indices[$0] }, count: levels.count)
  }

  private static func standardised(_ numbers: [Double]) -> [Float] {
    // As shares of the largest, so that no sum of finite numbers overflows.
    let scale = numbers.reduce(0) { max($0, abs($1)) }
    guard scale > 0 else { return numbers.map { _ in 0 } }
    let shares = numbers.map { $0 / scale }
    let mean = shares.reduce(0, +) / Double(shares.count)
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(shares.count)
    let deviation = variance.squareRoot()
    // Less than rounding leaves: the numbers are the same.
    guard deviation > 1e-12 else { return numbers.map { _ in 0 } }
    return shares.map { Float(($0 - mean) / deviation) }
  }
}

import BanditCore
import BanditFiles

/// The columns of a table as features: numbers standardised, categories one-hot.
///
/// A column is of numbers if every field is one or missing; any other is of categories, and so are those that the
/// settings name.
struct TableFeatures: Sendable {
  /// What a user decides of the columns.
  struct Choices {
    var columns: [String] = []
    var categories: [String] = []
    var missing = MissingNumbers.indicator
  }

  /// The largest number of numbers to store.
  private static let mostNumbers = 1 << 28
  /// The share of features that are not 0, one in so many, up to which these alone are stored.
  private static let sparsity = 4
  /// The most columns that notes speak of one by one.
  private static let mostNotes = 10

  /// What is known of each column shown, for people.
  let schema: [TableSchema.Column]
  /// What a user should know of missing fields.
  let notes: [String]
  private let columns: [TableColumn]
  private let rowCount: Int
  private let isSparse: Bool

  init(_ input: TableInput, _ choices: Choices) throws {
    func chosen(_ key: String, _ names: [String]) throws(ConfigurationError) -> [Int] {
      try names.map { name throws(ConfigurationError) in
        guard let index = input.columns.firstIndex(of: name) else {
          throw .unknown(key, name, among: input.columns)
        }
        return index
      }
    }
    let named = try chosen("columns", choices.columns)
    let shown = named.isEmpty ? Array(input.columns.indices) : named
    let categories = Set(try chosen("categories", choices.categories))
    rowCount = input.rowCount
    var (columns, schema): ([TableColumn], [TableSchema.Column]) = ([], [])
    for index in shown {
      let (column, blankCount) = try Self.column(
        index, of: input, missing: choices.missing, isCategory: categories.contains(index))
      columns.append(column)
      schema.append(TableSchema.Column(input.columns[index], column, missing: blankCount))
    }
    (self.columns, self.schema) = (columns, schema)
    notes = Self.notes(schema, rowCount: rowCount)
    let width = columns.reduce(0) { $0 + $1.width }
    let filled = columns.reduce(0) { $0 + $1.filledCount }
    isSparse = filled * Self.sparsity <= width * rowCount
    guard isSparse ? filled * 2 <= Self.mostNumbers : width * rowCount <= Self.mostNumbers else {
      throw DataFileError(
        file: input.file,
        reason:
          "has \(rowCount) rows of \(width) features, more than \(Self.mostNumbers) together; choose columns"
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
    if isSparse {
      var table = SparseTable(columns: width)
      for row in 0..<rowCount {
        for (start, column) in zip(first, columns) {
          column.forEachNumber(in: row) { table.add($1, at: start + $0) }
        }
        table.endRow()
      }
      return .sparse(table)
    }
    var values = [Float](repeating: 0, count: rowCount * width)
    for (start, column) in zip(first, columns) {
      for row in 0..<rowCount { column.forEachNumber(in: row) { values[row * width + start + $0] = $1 } }
    }
    return .dense(values, columns: width)
  }

  private static func column(
    _ index: Int, of input: TableInput, missing: MissingNumbers, isCategory: Bool
  ) throws(DataFileError) -> (TableColumn, blankCount: Int) {
    switch input.cells(index) {
    case .texts(let fields):
      try TableColumn.column(
        texts: fields, named: input.columns[index], of: input, missing: missing, isCategory: isCategory)
    }
  }

  private static func notes(_ columns: [TableSchema.Column], rowCount: Int) -> [String] {
    let blank = columns.filter { $0.missing > 0 }
    let lines = blank.prefix(mostNotes).map { column in
      "column \(column.name): \(column.missing) of \(rowCount) empty; the mean stands in"
        + (column.kind == .marked ? ", and a further column marks them" : "")
    }
    return lines
      + (blank.count > mostNotes ? ["\(blank.count - mostNotes) more columns have empty fields"] : [])
  }
}

import BanditCore
import BanditFiles

/// The columns of a table as features: numbers standardised, categories one-hot.
///
/// Where the format does not say it, a column is of numbers if every field is one or missing; any other is of categories,
/// and so are those that the settings name.
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
    var leftOut: [String] = []
    for index in shown {
      let isNamed = !named.isEmpty || categories.contains(index)
      guard
        let (column, missing) = try Self.column(
          index, of: input, missing: choices.missing, isCategory: categories.contains(index),
          isNamed: isNamed)
      else {
        leftOut.append(input.columns[index])
        continue
      }
      columns.append(column)
      schema.append(TableSchema.Column(input.columns[index], column, missing: missing))
    }
    guard !columns.isEmpty else {
      throw DataFileError(file: input.file, reason: "has columns of texts alone; choose columns or mend it")
    }
    (self.columns, self.schema) = (columns, schema)
    notes = Self.notes(schema, rowCount: rowCount) + Self.notes(leftOut: leftOut)
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
      let table = SparseTable(columns: width, rows: rowCount) { add in
        for (start, column) in zip(first, columns) {
          column.forEachNumber { row, feature, value in add(row, start + feature, value) }
        }
      }
      return isFromSparseFile && table.hasOnesOnly ? .sparseOnes(table) : .sparse(table)
    }
    var values = [Float](repeating: 0, count: rowCount * width)
    for (start, column) in zip(first, columns) {
      column.forEachNumber { row, feature, value in values[row * width + start + feature] = value }
    }
    return .dense(values, columns: width)
  }

  /// Whether the features are shown as the list of those that are 1.
  var isOneHot: Bool {
    switch encoded() {
    case .oneHot, .sparseOnes: true
    case .dense, .sparse, .images: false
    }
  }

  private var isFromSparseFile: Bool {
    columns.contains { if case .shares = $0 { true } else { false } }
  }

  /// A column as features, with the number of its fields that are missing; nil for texts that are no categories.
  private static func column(
    _ index: Int, of input: TableInput, missing: MissingNumbers, isCategory: Bool, isNamed: Bool
  ) throws(DataFileError) -> (TableColumn, missing: Int)? {
    let name = input.columns[index]
    switch input.cells(index) {
    case .texts(let fields):
      return try TableColumn.column(
        texts: fields, named: name, of: input, missing: missing, isCategory: isCategory)
    case .typed(.numbers(let numbers), _) where !isCategory:
      let column = try TableColumn.column(
        numbers: numbers.map { $0.isNaN ? nil : $0 }, named: name, of: input, missing: missing)
      if let column { return (column, numbers.count { $0.isNaN }) }
    case .typed(.sparse(let rows, let numbers), _) where !isCategory:
      if missing == .error, let gap = numbers.firstIndex(where: \.isNaN) {
        throw DataFileError(
          file: input.file, line: input.line(Int(rows[gap])), reason: "has no number in the column \(name)")
      }
      return (TableColumn.shares(rows: rows, numbers), numbers.count { $0.isNaN })
    case .typed(.levels(_, let names), .text) where names.count > TableColumn.mostLevels && !isNamed:
      return nil
    case .typed: break
    }
    guard case .typed(let values, _) = input.cells(index) else { return nil }
    // A missing value is a category of its own.
    let texts = TableInput.texts(values, rowCount: input.rowCount).map { $0 ?? "?" }
    return (try TableColumn.levels(texts, named: name, of: input), 0)
  }

  private static func notes(leftOut names: [String]) -> [String] {
    names.map { "column \($0): texts, more than \(TableColumn.mostLevels) different ones; left out" }
  }

  private static func notes(_ columns: [TableSchema.Column], rowCount: Int) -> [String] {
    let blank = columns.filter { $0.missing > 0 }
    let lines = blank.prefix(mostNotes).map { column -> String in
      let stand =
        switch column.kind {
        case .marked: "the mean stands in, and a further column marks them"
        case .shares: "0 stands in"
        case .numbers, .categories: "the mean stands in"
        }
      return "column \(column.name): \(column.missing) of \(rowCount) empty; \(stand)"
    }
    return lines
      + (blank.count > mostNotes ? ["\(blank.count - mostNotes) more columns have empty fields"] : [])
  }
}

import BanditFiles

/// A table and its labels, whatever format they came in.
struct TableInput: Sendable {
  /// The cells of a column, row by row.
  enum Cells: Sendable {
    /// Texts, of which nobody has said what they are; an empty one is missing.
    case texts([String])
    /// Values of a type.
    case typed(TypedTable.Values, TypedTable.Kind)
  }

  /// The path or name, for errors and notes.
  let file: String
  /// The names of the columns, without the label's.
  let columns: [String]
  /// The name of the label's column.
  let labelName: String
  /// The label of every row.
  let labels: [String]
  /// What a user should know of how the table was read.
  let notes: [String]
  /// The cells of one of `columns`.
  let cells: @Sendable (Int) -> Cells
  /// The line of the file at which a row starts.
  let line: @Sendable (_ row: Int) -> Int

  var rowCount: Int { labels.count }

  init(_ table: LabelledCSV, file: String, notes: [String] = []) {
    self.file = file
    self.notes = notes
    columns = table.columns
    labelName = table.labelName
    labels = table.labels
    cells = { .texts(table.column($0)) }
    line = { table.line(ofRow: $0) }
  }
}

extension TableInput {
  /// A table whose format has types.
  ///
  /// - Parameters:
  ///   - label: the index of the label's column.
  ///   - ignored: the names of columns that are not there.
  init(
    _ table: TypedTable, file: String, label: Int, ignoring ignored: Set<String> = []
  ) throws(DataFileError) {
    let shown = table.columns.indices.filter { $0 != label && !ignored.contains(table.columns[$0].name) }
    guard !shown.isEmpty else {
      throw DataFileError(file: file, reason: "has no column beside the label's; one more is needed")
    }
    self.file = file
    notes = []
    columns = shown.map { table.columns[$0].name }
    let name = table.columns[label].name
    labelName = name
    labels = try Self.texts(table.columns[label].values, rowCount: table.rowCount).enumerated().map {
      (row, text) throws(DataFileError) in
      if let text { return text }
      throw DataFileError(
        file: file, line: table.line(ofRow: row), reason: "has no class: the column \(name) is missing")
    }
    cells = { .typed(table.columns[shown[$0]].values, table.columns[shown[$0]].kind) }
    line = { table.line(ofRow: $0) }
  }

  /// Values as texts, nil where they are missing.
  static func texts(_ values: TypedTable.Values, rowCount: Int) -> [String?] {
    switch values {
    case .numbers(let numbers): return numbers.map { $0.isNaN ? nil : $0.shortText }
    case .levels(let levels, let names): return levels.map { $0 < 0 ? nil : names[Int($0)] }
    case .sparse(let rows, let numbers):
      var texts = [String?](repeating: "0", count: rowCount)
      for (row, number) in zip(rows, numbers) { texts[Int(row)] = number.isNaN ? nil : number.shortText }
      return texts
    }
  }
}

/// A field as a number that features can be made of.
func finiteNumber(_ field: String) -> Double? {
  guard let number = Double(field), number.isFinite else { return nil }
  return number
}

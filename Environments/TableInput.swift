import BanditFiles

/// A table and its labels, whatever format they came in.
struct TableInput: Sendable {
  /// The cells of a column, row by row.
  enum Cells: Sendable {
    /// Texts, of which nobody has said what they are; an empty one is missing.
    case texts([String])
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

/// A field as a number that features can be made of.
func finiteNumber(_ field: String) -> Double? {
  guard let number = Double(field), number.isFinite else { return nil }
  return number
}

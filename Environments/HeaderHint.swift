import BanditFiles

/// A guess at whether the first row of a table was taken for what it is.
enum HeaderHint {
  /// What a user should read where a header seems to be missing, or to be taken for a row; nil where all seems well.
  static func note(_ table: LabelledCSV, hasHeader: Bool) -> String? {
    hasHeader ? missing(table) : overlooked(table)
  }

  /// Every column of numbers is named by a number; or, without such names, every name is a value of its column.
  private static func missing(_ table: LabelledCSV) -> String? {
    let columns = table.columns
    let numbers = columns.indices.filter { finiteNumber(columns[$0]) != nil }
    let unnamed = columns.indices.filter { columns[$0].isEmpty }
    let isRow =
      numbers.isEmpty
      ? columns.indices.allSatisfy { table.column($0).contains(columns[$0]) }
        && table.labels.contains(table.labelName)
      : numbers.contains { isNumeric(table.column($0)) }
        && columns.indices.allSatisfy { (numbers + unnamed).contains($0) || !isNumeric(table.column($0)) }
    guard isRow else { return nil }
    let example = numbers.first.map { columns[$0] } ?? table.labelName
    return
      "the first row, with \"\(example)\" in it, looks like the others; if it is no header, set header=false"
  }

  /// A column has numbers under a text in the first row.
  private static func overlooked(_ table: LabelledCSV) -> String? {
    for column in table.columns.indices where table.rowCount > 1 {
      let fields = table.column(column)
      guard !fields[0].isEmpty, finiteNumber(fields[0]) == nil, isNumeric(fields.dropFirst()) else {
        continue
      }
      return "the first row has \"\(fields[0])\" above numbers; if it is a header, set header=true"
    }
    return nil
  }

  private static func isNumeric(_ fields: some Collection<String>) -> Bool {
    var isThereOne = false
    for field in fields where !field.isEmpty {
      guard finiteNumber(field) != nil else { return false }
      isThereOne = true
    }
    return isThereOne
  }
}

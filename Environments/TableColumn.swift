public import BanditCore
import BanditFiles

/// What becomes of missing fields in a column of numbers.
public enum MissingNumbers: String, SettingChoice {
  /// The column's mean stands in, and one more column is 1 where the field was missing.
  case indicator
  /// The column's mean stands in.
  case mean
  /// The column is taken for one of categories.
  case category
  /// The table is refused.
  case error

  static let help = "empty numbers: the mean with a column that marks them, the mean, a category, or an error"
}

/// One column of a table as features.
enum TableColumn: Sendable {
  /// The numbers, less their mean, over their deviation; 0 where all are the same.
  case numbers([Float])
  /// Such numbers, with 0 where one is missing, and a second feature that is 1 there.
  case marked([Float], missing: [Bool])
  /// The index of each row's level.
  case levels([Int32], count: Int)
  /// Shares of the largest number of a sparse file's column, in these rows; 0 in the others.
  case shares(rows: [Int32], [Float])

  /// The number of features.
  var width: Int {
    switch self {
    case .numbers, .shares: 1
    case .marked: 2
    case .levels(_, let count): count
    }
  }

  /// The number of features of all rows that may be other than 0.
  var filledCount: Int {
    switch self {
    case .numbers(let numbers), .marked(let numbers, _): numbers.count
    case .levels(let indices, _): indices.count
    case .shares(let rows, _): rows.count
    }
  }

  /// Calls a body with each feature that may be other than 0: its row, its place after the column's first, and it.
  func forEachNumber(_ body: (_ row: Int, _ feature: Int, Float) -> Void) {
    switch self {
    case .numbers(let numbers):
      for (row, number) in numbers.enumerated() { body(row, 0, number) }
    case .marked(let numbers, let missing):
      for (row, number) in numbers.enumerated() { missing[row] ? body(row, 1, 1) : body(row, 0, number) }
    case .levels(let indices, _):
      for (row, index) in indices.enumerated() { body(row, Int(index), 1) }
    case .shares(let rows, let numbers):
      for (row, number) in zip(rows, numbers) { body(Int(row), 0, number) }
    }
  }

  /// The largest number of levels of a column, above which it is taken for a mistake.
  static let mostLevels = 1_000

  /// What spreadsheets and programs write where a number is missing.
  private static let blanks: Set<String> = ["", "?", "na", "n/a", "nan", "null"]

  private static func isBlank(_ field: String) -> Bool {
    blanks.contains(field.lowercased().filter { !$0.isWhitespace })
  }

  /// The features of a column of texts, and how many of its fields are missing.
  ///
  /// It is of numbers where every field that is not missing is one.
  static func column(
    texts fields: [String], named name: String, of input: TableInput, missing: MissingNumbers,
    isCategory: Bool
  ) throws(DataFileError) -> (TableColumn, missing: Int) {
    let numbers = isCategory ? [] : fields.map(finiteNumber)
    let missingCount = numbers.count { $0 == nil }
    if !isCategory, missingCount < fields.count,
      missingCount == 0 || zip(numbers, fields).allSatisfy({ $0 != nil || isBlank($1) }),
      let column = try column(numbers: numbers, named: name, of: input, missing: missing)
    {
      return (column, missingCount)
    }
    return (try levels(fields, named: name, of: input), 0)
  }

  /// The features of a column of numbers; nil where missing ones make it one of categories.
  static func column(
    numbers: [Double?], named name: String, of input: TableInput, missing: MissingNumbers
  ) throws(DataFileError) -> TableColumn? {
    guard let gap = numbers.firstIndex(where: { $0 == nil }) else { return .numbers(standardised(numbers)) }
    switch missing {
    case .mean: return .numbers(standardised(numbers))
    case .indicator: return .marked(standardised(numbers), missing: numbers.map { $0 == nil })
    case .category: return nil
    case .error:
      throw DataFileError(
        file: input.file, line: input.line(gap),
        reason:
          "has no number in the column \(name); fill it in, or set missing to indicator, mean or category"
      )
    }
  }

  /// A feature for each different text.
  static func levels(
    _ fields: [String], named name: String, of input: TableInput
  ) throws(DataFileError) -> TableColumn {
    let levels = Set(fields).sorted()
    guard levels.count <= mostLevels else {
      throw tooMany(levels.count, fields, named: name, of: input)
    }
    let indices = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
    return .levels(fields.compactMap { indices[$0] }, count: levels.count)
  }

  /// Shares of the largest number, which keep the zeros of a sparse file; 0 where one is missing.
  static func shares(rows: [Int32], _ numbers: [Double]) -> TableColumn {
    let scale = numbers.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
    return .shares(rows: rows, numbers.map { $0.isNaN || scale == 0 ? 0 : Float($0 / scale) })
  }

  private static func tooMany(
    _ count: Int, _ fields: [String], named name: String, of input: TableInput
  ) -> DataFileError {
    let row = fields.firstIndex { finiteNumber($0) == nil }
    let example =
      row.map { row in
        "; \"\(fields[row])\" in line \(input.line(row)) is no number"
          + (row == 0 && input.line(0) == 1 ? " (if that line is a header, set header=true)" : "")
      } ?? ""
    return DataFileError(
      file: input.file,
      reason: """
        has \(count) different values in the column \(name), more than the \(mostLevels) \
        categories allowed\(example). Mend it, or leave the column out with the setting columns
        """)
  }

  /// The numbers less their mean, over their deviation; 0, which is the mean, where there is none.
  private static func standardised(_ numbers: [Double?]) -> [Float] {
    let present = numbers.compactMap(\.self)
    // As shares of the largest, so that no sum of finite numbers overflows.
    let scale = present.reduce(0) { max($0, abs($1)) }
    guard scale > 0 else { return numbers.map { _ in 0 } }
    let shares = present.map { $0 / scale }
    let mean = shares.reduce(0, +) / Double(shares.count)
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(shares.count)
    let deviation = variance.squareRoot()
    // Less than rounding leaves: the numbers are the same.
    guard deviation > 1e-12 else { return numbers.map { _ in 0 } }
    return numbers.map { $0.map { Float(($0 / scale - mean) / deviation) } ?? 0 }
  }
}

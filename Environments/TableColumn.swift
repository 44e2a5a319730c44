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
}

/// One column of a table as features.
enum TableColumn: Sendable {
  /// The numbers, less their mean, over their deviation; 0 where all are the same.
  case numbers([Float])
  /// Such numbers, with 0 where one is missing, and a second feature that is 1 there.
  case marked([Float], missing: [Bool])
  /// The index of each row's level.
  case levels([Int32], count: Int)

  /// The number of features.
  var width: Int {
    switch self {
    case .numbers: 1
    case .marked: 2
    case .levels(_, let count): count
    }
  }

  /// The number of features of all rows that may be other than 0.
  var filledCount: Int {
    switch self {
    case .numbers(let numbers), .marked(let numbers, _): numbers.count
    case .levels(let indices, _): indices.count
    }
  }

  /// Calls a body with each feature of a row that may be other than 0, counted from the column's first.
  func forEachNumber(in row: Int, _ body: (_ feature: Int, Float) -> Void) {
    switch self {
    case .numbers(let numbers): body(0, numbers[row])
    case .marked(let numbers, let missing): missing[row] ? body(1, 1) : body(0, numbers[row])
    case .levels(let indices, _): body(Int(indices[row]), 1)
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
  ) throws(DataFileError) -> (TableColumn, blankCount: Int) {
    let numbers = isCategory ? [] : fields.map(finiteNumber)
    let blankCount = numbers.count { $0 == nil }
    if !isCategory, blankCount < fields.count,
      blankCount == 0 || zip(numbers, fields).allSatisfy({ $0 != nil || isBlank($1) })
    {
      switch missing {
      case _ where blankCount == 0: return (.numbers(standardised(numbers)), 0)
      case .mean: return (.numbers(standardised(numbers)), blankCount)
      case .indicator:
        return (.marked(standardised(numbers), missing: numbers.map { $0 == nil }), blankCount)
      case .error:
        let row = numbers.firstIndex { $0 == nil } ?? 0
        throw DataFileError(
          file: input.file, line: input.line(row),
          reason:
            "has no number in the column \(name); fill it in, or set missing to indicator, mean or category"
        )
      case .category: break
      }
    }
    let levels = Set(fields).sorted()
    guard levels.count <= mostLevels else {
      throw tooMany(levels.count, fields, named: name, of: input)
    }
    let indices = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
    return (.levels(fields.compactMap { indices[$0] }, count: levels.count), 0)
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

import BanditData
import BanditFiles

/// A labelled table as `classification` plays it: features, classes, and what there is to say of them.
package struct ClassificationFile {
  let features: TableFeatures
  /// The class of each row, an index into `classNames`.
  let labels: [UInt16]
  /// The classes that occur, in the order of their names.
  let classNames: [String]
  /// The SHA-256 of the file, uncompressed, by the path in the settings.
  package let sums: [String: String]
  /// What a user should know of how the table was read.
  let notes: [String]
  private let labelName: String

  /// Reads the file of the settings, or the mushrooms in the program.
  package init(_ configuration: Classification.Configuration) throws {
    let (input, sums) =
      configuration.file.isEmpty
      ? (TableInput(try MushroomData.table(), file: ""), [:]) : try Self.read(configuration)
    var choices = TableFeatures.Choices()
    (choices.columns, choices.categories) = (configuration.columns, configuration.categories)
    choices.missing = configuration.missing
    try self.init(input, choices, sums: sums)
  }

  /// Makes features and classes of a table that was read.
  init(_ input: TableInput, _ choices: TableFeatures.Choices, sums: [String: String]) throws {
    classNames = Set(input.labels).sorted()
    try Self.requireClasses(classNames.count, file: input.file)
    let indices = Dictionary(uniqueKeysWithValues: classNames.enumerated().map { ($1, UInt16($0)) })
    labels = input.labels.compactMap { indices[$0] }
    features = try TableFeatures(input, choices)
    labelName = input.labelName
    notes = input.notes + features.notes
    self.sums = sums
  }

  /// What the table was taken for.
  package var schema: TableSchema {
    var rows = [Int](repeating: 0, count: classNames.count)
    for label in labels { rows[Int(label)] += 1 }
    return TableSchema(
      rows: labels.count, columns: features.schema, labelName: labelName,
      classes: zip(classNames, rows).map { (name: $0, rows: $1) }, notes: notes,
      isOneHot: features.isOneHot)
  }

  /// Throws unless there are as many classes as an environment takes.
  static func requireClasses(_ count: Int, file: String) throws(DataFileError) {
    guard (2...256).contains(count) else {
      throw DataFileError(
        file: file,
        reason:
          "has \(count == 1 ? "one class" : "\(count) classes"); 2 to 256 are allowed. Is it the right label column?"
      )
    }
  }

  private static func read(
    _ configuration: Classification.Configuration
  ) throws(DataFileError) -> (TableInput, sums: [String: String]) {
    let file = configuration.file
    let bytes = try readDataFile(atPath: file, limit: 1 << 30, longestLine: 1 << 24)
    let sums = [file: SHA256.hexadecimal(of: bytes)]
    let input: TableInput
    switch configuration.format.certain(of: file) {
    case .arff:
      let table = try ARFF.read(bytes, file: file)
      let label = try table.index(of: labelColumn(configuration.labelColumn), file: file)
      input = try TableInput(table, file: file, label: label)
    case .libsvm:
      input = try TableInput(LibSVM.read(bytes, file: file), file: file, label: 0)
    case .csv, .auto:
      let table = try LabelledCSV(
        parsing: bytes, file: file, hasHeader: configuration.header,
        labelColumn: labelColumn(configuration.labelColumn), separator: configuration.separator.byte)
      let note = HeaderHint.note(table, hasHeader: configuration.header)
      input = TableInput(table, file: file, notes: note.map { [$0] } ?? [])
    }
    return (input, sums)
  }

  private static func labelColumn(_ text: String) -> LabelledCSV.LabelColumn {
    switch text {
    case "first": .first
    case "last": .last
    default: Int(text).map { .number($0) } ?? .named(text)
    }
  }
}

extension TypedTable {
  /// The index of the label's column.
  fileprivate func index(of label: LabelledCSV.LabelColumn, file: String) throws(DataFileError) -> Int {
    switch label {
    case .first: return 0
    case .last: return columns.count - 1
    case .number(let number):
      if columns.indices.contains(number - 1) { return number - 1 }
      throw DataFileError(
        file: file, reason: "has no column \(number) for the labels: it has 1 to \(columns.count)")
    case .named(let name):
      if let index = columns.firstIndex(where: { $0.name == name }) { return index }
      throw DataFileError(file: file, reason: "has no column named \"\(name)\" for the labels")
    }
  }
}

extension Classification.Format {
  /// This format, or the one that a file's name tells.
  fileprivate func certain(of file: String) -> Self {
    guard self == .auto else { return self }
    let name = file.lowercased()
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    if plain.hasSuffix(".arff") { return .arff }
    return [".svm", ".libsvm", ".svmlight"].contains(where: plain.hasSuffix) ? .libsvm : .csv
  }
}

extension Classification.Separator {
  fileprivate var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .bar: UInt8(ascii: "|")
    case .space: UInt8(ascii: " ")
    }
  }
}

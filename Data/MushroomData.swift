public import BanditFiles

/// The UCI mushroom records: class and 22 categorical attributes.
///
/// `?`, which means a missing stalk root, is a level like any other.
public struct MushroomData: Sendable {
  /// Whether each mushroom is poisonous.
  public let isPoisonous: [Bool]
  /// The levels found in the data, attribute by attribute, each in the order of their bytes.
  public let levels: [[String]]
  /// The index in `levels` of every attribute of every mushroom, mushroom by mushroom.
  public let codes: [UInt8]

  /// The attributes' names, as the data set's codebook has them.
  public let attributeNames = MushroomData.names

  static let names = [
    "cap-shape", "cap-surface", "cap-color", "bruises", "odor",
    "gill-attachment", "gill-spacing", "gill-size", "gill-color",
    "stalk-shape", "stalk-root", "stalk-surface-above-ring", "stalk-surface-below-ring",
    "stalk-color-above-ring", "stalk-color-below-ring",
    "veil-type", "veil-color", "ring-number", "ring-type",
    "spore-print-color", "population", "habitat",
  ]

  /// The number of mushrooms.
  public var count: Int { isPoisonous.count }

  /// The 8,124 records that come with this module.
  public static func load() throws(DataFileError) -> MushroomData {
    try MushroomData(parsing: embeddedText(), file: embeddedFile)
  }

  /// Reads a copy of the records: no header, the class (`e` or `p`), then 22 letters.
  ///
  /// - Parameters:
  ///   - bytes: The uncompressed text.
  ///   - file: The name to give in errors.
  public init(parsing bytes: [UInt8], file: String) throws(DataFileError) {
    let limits = LabelledCSV.Limits(rows: 1_000_000, columns: 100)
    let table = try LabelledCSV(
      parsing: bytes, file: file, hasHeader: false, labelColumn: .first, limits: limits)
    let width = attributeNames.count
    guard table.columns.count == width else {
      let reason = "has \(table.columns.count + 1) fields; a mushroom has \(width + 1)"
      throw DataFileError(file: file, line: table.line(ofRow: 0), reason: reason)
    }
    isPoisonous = try Self.classes(table, file: file)
    let letters = try Self.letters(table, names: attributeNames, file: file)
    let found = (0..<width).map { column in
      Set(stride(from: column, to: letters.count, by: width).lazy.map { letters[$0] }).sorted()
    }
    codes = Self.indices(of: letters, in: found)
    levels = found.map { $0.map { String(UnicodeScalar($0)) } }
  }

  /// The index in `levels` of an attribute of a mushroom.
  public subscript(mushroom: Int, attribute: Int) -> Int {
    precondition(attributeNames.indices.contains(attribute), "there is no attribute \(attribute)")
    return Int(codes[mushroom * attributeNames.count + attribute])
  }
}

extension MushroomData {
  static let embeddedFile = "agaricus-lepiota.data.gz"

  /// The records as a table with the attributes' names, labelled `e` and `p`.
  public static func table() throws(DataFileError) -> LabelledCSV {
    let header = "class," + names.joined(separator: ",") + "\n"
    return try LabelledCSV(
      parsing: Array(header.utf8) + embeddedText(), file: embeddedFile, hasHeader: true, labelColumn: .first)
  }

  static func embeddedText() throws(DataFileError) -> [UInt8] {
    try Gzip.decompress(PackageResources.agaricus_lepiota_data_gz, file: embeddedFile, limit: 1 << 20)
  }

  private static func classes(_ table: LabelledCSV, file: String) throws(DataFileError) -> [Bool] {
    var classes: [Bool] = []
    classes.reserveCapacity(table.rowCount)
    for (row, label) in table.labels.enumerated() {
      guard label == "e" || label == "p" else {
        let reason = "has the class \"\(label)\"; it must be e or p, and a header is not allowed"
        throw DataFileError(file: file, line: table.line(ofRow: row), reason: reason)
      }
      classes.append(label == "p")
    }
    return classes
  }

  private static func letters(
    _ table: LabelledCSV, names: [String], file: String
  ) throws(DataFileError) -> [UInt8] {
    var letters: [UInt8] = []
    letters.reserveCapacity(table.rowCount * names.count)
    for row in 0..<table.rowCount {
      for (column, name) in names.enumerated() {
        let field = table.bytes(row, column)
        guard field.count == 1, let letter = field.first else {
          let reason = "has \"\(table[row, column])\" as \(name); it must be one letter, or ?"
          throw DataFileError(file: file, line: table.line(ofRow: row), reason: reason)
        }
        letters.append(letter)
      }
    }
    return letters
  }

  private static func indices(of letters: [UInt8], in levels: [[UInt8]]) -> [UInt8] {
    let tables = levels.map { attribute in
      var table = [UInt8](repeating: 0, count: 128)
      for (index, letter) in attribute.enumerated() { table[Int(letter)] = UInt8(index) }
      return table
    }
    return letters.indices.map { tables[$0 % levels.count][Int(letters[$0])] }
  }
}

import BanditCore
import BanditFiles

/// Reads the rows of a table in CSV, a row a line, by the names of its columns.
///
/// A field that is a number is one; anything else is a category, a column of its own that is 1 where it stands.
struct TableLineParser {
  typealias Failure = JSONLineParser.Failure

  private let action: Int
  private let reward: Int
  private let propensity: Int?
  private let step: Int?
  private let context: [(index: Int, name: String)]
  private let count: Int

  /// Finds the columns by a header.
  ///
  /// - Throws: `DataFileError` for a header without columns that are needed.
  init(header: UnsafeBufferPointer<UInt8>, columns: TableColumns, file: String) throws(DataFileError) {
    guard let names = try? Self.fields(header) else {
      throw DataFileError(file: file, line: 1, reason: "is no header of a CSV table")
    }
    func find(_ given: String?, _ known: [String], _ role: String) throws(DataFileError) -> Int? {
      if let given {
        if let index = names.firstIndex(of: given) { return index }
        throw DataFileError(
          file: file, line: 1,
          reason: "has no column '\(given)' for the \(role): it has \(Self.listed(names))")
      }
      return known.lazy.compactMap { names.firstIndex(of: $0) }.first
    }
    func need(_ index: Int?, _ role: String) throws(DataFileError) -> Int {
      if let index { return index }
      throw DataFileError(
        file: file, line: 1,
        reason: "has no column for the \(role); --columns \(role)=NAME names one of \(Self.listed(names))")
    }
    let action = try need(find(columns.action, TableColumns.known.action, "action"), "action")
    let reward = try need(find(columns.reward, TableColumns.known.reward, "reward"), "reward")
    let propensity = try find(columns.propensity, TableColumns.known.propensity, "propensity")
    let step = try find(columns.step, TableColumns.known.step, "step")
    (self.action, self.reward, self.propensity, self.step) = (action, reward, propensity, step)
    count = names.count
    let taken = [action, reward, propensity, step]
    if let context = columns.context {
      var chosen: [(index: Int, name: String)] = []
      for pattern in context {
        let found = names.enumerated().filter {
          pattern.hasSuffix("*") ? $1.hasPrefix(pattern.dropLast()) : $1 == pattern
        }
        if found.isEmpty {
          throw DataFileError(
            file: file, line: 1,
            reason: "has no column '\(pattern)' for the context: it has \(Self.listed(names))")
        }
        chosen += found.map { (index: $0.offset, name: $0.element) }
      }
      self.context = chosen
    } else {
      self.context = names.enumerated().filter {
        !taken.contains($0.offset) && !TableColumns.known.none.contains($0.element)
      }.map { (index: $0.offset, name: $0.element) }
    }
  }

  /// Parses a line into a row.
  func parse(_ line: UnsafeBufferPointer<UInt8>, into row: inout LoggedRow) throws(Failure) {
    let fields = try Self.fields(line)
    guard fields.count == count else {
      throw Failure(reason: "has \(fields.count) fields, the header has \(count)")
    }
    let name = fields[action]
    guard !name.isEmpty else { throw Failure(reason: "has no action") }
    row.action = Int(name).flatMap { $0 >= 0 ? .index($0) : nil } ?? .name(name)
    row.reward = Double(fields[reward])
    row.propensity = propensity.map { fields[$0].isEmpty ? .nan : Double(fields[$0]) ?? .nan }
    row.step = step.flatMap { Int(fields[$0]) }
    for (index, name) in context {
      if let number = Float(fields[index]) {
        if number != 0 { row.features.append(LoggedRow.Feature(name: name, number: number)) }
      } else if !fields[index].isEmpty {
        row.features.append(LoggedRow.Feature(name: "\(name)=\(fields[index])", number: 1))
      }
    }
  }

  /// The fields of a line, quotes removed.
  static func fields(_ line: UnsafeBufferPointer<UInt8>) throws(Failure) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var position = 0
    // Spreadsheets begin UTF-8 files with a byte-order mark.
    if line.count >= 3, line[0] == 0xef, line[1] == 0xbb, line[2] == 0xbf { position = 3 }
    while position < line.count {
      let byte = line[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        if isQuoted, position < line.count, line[position] == byte {
          field.append(byte)
          position += 1
        } else {
          isQuoted.toggle()
        }
      } else if byte == UInt8(ascii: ","), !isQuoted {
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
      } else {
        field.append(byte)
      }
    }
    guard !isQuoted else { throw Failure(reason: "has a quote that is not closed") }
    fields.append(String(decoding: field, as: UTF8.self))
    return fields
  }

  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(10).joined(separator: ", ")
    return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
  }
}

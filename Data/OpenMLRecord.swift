import BanditFiles
import Foundation

/// What this program has to know of a data set of OpenML, out of what the server's answers say of it.
struct OpenMLRecord: Codable, Hashable, Sendable {
  let id: Int
  let name: String
  let version: String
  /// The column of the classes.
  let target: String
  /// Columns that are no features: identifiers, and what the description says is to be ignored.
  let ignored: [String]
  /// The MD5 of the file; nil where the server knows none.
  let md5: String?
  /// The number that the file is downloaded by.
  let file: String

  /// Puts together the answers to `/data/ID` and `/data/features/ID`.
  ///
  /// - Throws: `DataFileError` for a set that is not active, not in ARFF, or has no classes to name.
  init(id: Int, description: [UInt8], features: [UInt8]) throws(DataFileError) {
    let name = "openml:\(id)"
    func refuse(_ reason: String) -> DataFileError { DataFileError(file: name, reason: reason) }
    let set = try Self.decode(DescriptionAnswer.self, description, of: name).data_set_description
    guard set.id.text == String(id) else { throw refuse("the server describes the set \(set.id.text)") }
    guard set.status.text == "active" else {
      throw refuse("its status at OpenML is '\(set.status.text)'; only active sets are used")
    }
    guard ["arff", "sparse_arff"].contains(set.format.text.lowercased()) else {
      throw refuse("is in the format \(set.format.text); ARFF is read")
    }
    guard !set.file_id.text.isEmpty, set.file_id.text.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      throw refuse("the server names no file to download")
    }
    let columns = try Self.decode(FeaturesAnswer.self, features, of: name).data_features.feature
    let target = try Self.target(set, columns.map { ($0.name.text, $0.data_type.text) }, of: name)
    let flagged = columns.filter { $0.is_ignore?.text == "true" || $0.is_row_identifier?.text == "true" }
    let names = Set(columns.map(\.name.text))
    let listed = [set.ignore_attribute, set.row_id_attribute].flatMap { $0?.values ?? [] }.flatMap {
      // Several names may be in one text.
      names.contains($0) ? [$0] : $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    self.id = id
    self.name = set.name.text
    version = set.version?.text ?? ""
    self.target = target
    ignored = Set(flagged.map(\.name.text) + listed).subtracting([target]).sorted()
    md5 = set.md5_checksum.map { $0.text.lowercased() }
    file = set.file_id.text
  }

  /// Reads a record that was saved.
  init(saved bytes: [UInt8], file: String) throws(DataFileError) {
    try checkDepth(ofJSON: bytes, file: file)
    guard let record = try? JSONDecoder().decode(OpenMLRecord.self, from: Data(bytes)) else {
      throw DataFileError(file: file, reason: "is damaged; remove it, and fetch the set again")
    }
    self = record
  }

  /// The record as it is saved: the same bytes for the same contents.
  var saved: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return Array((try? encoder.encode(self)) ?? Data()) + [UInt8(ascii: "\n")]
  }

  private static func target(
    _ set: DescriptionAnswer.Description, _ columns: [(name: String, type: String)], of name: String
  ) throws(DataFileError) -> String {
    let targets = set.default_target_attribute?.values ?? []
    guard let target = targets.first, !target.isEmpty else {
      throw DataFileError(file: name, reason: "names no target; a bandit needs a column of classes")
    }
    guard let column = columns.first(where: { $0.name == target }) else {
      let isList = targets.count > 1 || target.contains(",")
      throw DataFileError(
        file: name,
        reason: isList
          ? "has several targets: \(targets.joined(separator: ",")); a bandit needs one column of classes"
          : "has no column \(target), which is named as its target")
    }
    guard targets.count == 1 else {
      throw DataFileError(
        file: name,
        reason: "has several targets: \(targets.joined(separator: ",")); a bandit needs one column of classes"
      )
    }
    guard column.type != "numeric" else {
      throw DataFileError(
        file: name,
        reason: "its target \(target) is numeric: a regression; a bandit needs a column of classes")
    }
    return target
  }

  private static func decode<Answer: Decodable>(
    _ type: Answer.Type, _ bytes: [UInt8], of name: String
  ) throws(DataFileError) -> Answer {
    try checkDepth(ofJSON: bytes, file: name)
    if let answer = try? JSONDecoder().decode(type, from: Data(bytes)) { return answer }
    if let refusal = try? JSONDecoder().decode(ErrorAnswer.self, from: Data(bytes)) {
      throw DataFileError(file: name, reason: "the server answers: \(refusal.error.message.text)")
    }
    throw DataFileError(
      file: name,
      reason: "the server's answer is damaged, or not one of OpenML's; try again, or another server")
  }
}

/// The answer to `/data/ID`; names are OpenML's.
private struct DescriptionAnswer: Decodable {
  struct Description: Decodable {
    let id: Word
    let name: Word
    let version: Word?
    let format: Word
    let status: Word
    let file_id: Word
    let md5_checksum: Word?
    let default_target_attribute: Words?
    let row_id_attribute: Words?
    let ignore_attribute: Words?
  }

  let data_set_description: Description
}

/// The answer to `/data/features/ID`.
private struct FeaturesAnswer: Decodable {
  struct Feature: Decodable {
    let name: Word
    let data_type: Word
    let is_ignore: Word?
    let is_row_identifier: Word?
  }

  struct Features: Decodable { let feature: [Feature] }

  let data_features: Features
}

/// What the server says in place of an answer.
private struct ErrorAnswer: Decodable {
  struct Reason: Decodable { let message: Word }

  let error: Reason
}

/// A text, or a number or truth value that is meant as one: OpenML writes either.
private struct Word: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self.text = text
    } else if let number = try? container.decode(Int.self) {
      text = String(number)
    } else {
      text = String(try container.decode(Bool.self))
    }
  }
}

/// A text or a list of texts: OpenML writes either.
private struct Words: Decodable {
  let values: [String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    values =
      if let words = try? container.decode([Word].self) { words.map(\.text) } else {
        [try container.decode(Word.self).text]
      }
  }
}

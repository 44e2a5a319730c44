import Foundation

/// Reads the objects of `interactions.jsonl`, one a line: numbers, strings, lists and objects of them, whatever their order.
///
/// Names that are not known are passed over. A number that JSON does not have (`NaN`, `Infinity`) is taken as no number.
struct JSONLineParser {
  /// What a line has wrong.
  struct Failure: Error {
    let reason: String
  }

  private var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var position = 0

  /// Parses a line into a row.
  mutating func parse(_ line: UnsafeBufferPointer<UInt8>, into row: inout LoggedRow) throws(Failure) {
    (bytes, position) = (line, 0)
    try expect("{")
    if try take("}") { return try end() }
    repeat {
      let name = try string()
      try expect(":")
      switch name {
      case "step": row.step = try number().flatMap { Int(exactly: $0) }
      case "context": try context(&row)
      case "active":
        row.isActive = true
        try list { (parser) throws(Failure) in
          let name = parser.peek() == UInt8(ascii: "\"") ? try parser.string() : try parser.word()
          row.features.append(LoggedRow.Feature(name: name, number: 1))
        }
      case "action": row.action = try action()
      case "action_name": row.actionName = try string()
      case "propensity": row.propensity = try number()
      case "reward": row.reward = try number()
      case "probabilities":
        guard try !takeNull() else { break }
        var probabilities: [Double] = []
        try list { (parser) throws(Failure) in probabilities.append(try parser.number() ?? .nan) }
        row.probabilities = probabilities
      default: try skipValue(depth: 0)
      }
    } while try take(",")
    try expect("}")
    try end()
  }

  private mutating func end() throws(Failure) {
    guard peek() == nil else { throw Failure(reason: "has something behind its object") }
  }

  private mutating func action() throws(Failure) -> LoggedRow.Action? {
    if peek() == UInt8(ascii: "\"") { return .name(try string()) }
    guard let number = try number(), let index = Int(exactly: number), index >= 0 else { return nil }
    return .index(index)
  }

  private mutating func context(_ row: inout LoggedRow) throws(Failure) {
    if peek() == UInt8(ascii: "[") {
      var column = 0
      return try list { (parser) throws(Failure) in
        let number = try parser.number() ?? .nan
        row.features.append(LoggedRow.Feature(name: String(column), number: Float(number)))
        column += 1
      }
    }
    try expect("{")
    if try take("}") { return }
    repeat {
      let name = try string()
      try expect(":")
      row.features.append(LoggedRow.Feature(name: name, number: Float(try number() ?? .nan)))
    } while try take(",")
    try expect("}")
  }

  private mutating func list(_ element: (inout JSONLineParser) throws(Failure) -> Void) throws(Failure) {
    try expect("[")
    if try take("]") { return }
    repeat { try element(&self) } while try take(",")
    try expect("]")
  }

  private mutating func skipValue(depth: Int) throws(Failure) {
    guard depth < 64 else { throw Failure(reason: "nests deeper than 64") }
    switch peek() {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "["): try list { (parser) throws(Failure) in try parser.skipValue(depth: depth + 1) }
    case UInt8(ascii: "{"):
      try expect("{")
      if try take("}") { return }
      repeat {
        _ = try string()
        try expect(":")
        try skipValue(depth: depth + 1)
      } while try take(",")
      try expect("}")
    default: _ = try word()
    }
  }

  /// A number; nil for null, true, false and words that are no numbers.
  private mutating func number() throws(Failure) -> Double? { Double(try word()) }

  private mutating func takeNull() throws(Failure) -> Bool {
    guard peek() == UInt8(ascii: "n") else { return false }
    return try word() == "null"
  }

  /// The characters up to the next comma or bracket.
  private mutating func word() throws(Failure) -> String {
    skipSpace()
    let start = position
    while position < bytes.count, !Self.isEnd(bytes[position]) { position += 1 }
    guard position > start else { throw Failure(reason: "has no value at character \(start + 1)") }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: " "),
      UInt8(ascii: "\t"), UInt8(ascii: "\""):
      true
    default: false
    }
  }

  private mutating func string() throws(Failure) -> String {
    try expect("\"")
    let start = position
    var isPlain = true
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") {
        isPlain = false
        position += 1
      }
      position += 1
    }
    guard position < bytes.count else { throw Failure(reason: "has a string without an end") }
    let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
    position += 1
    if isPlain { return String(decoding: text, as: UTF8.self) }
    let quoted = Data([UInt8(ascii: "\"")]) + Data(text) + Data([UInt8(ascii: "\"")])
    guard let string = try? JSONDecoder().decode(String.self, from: quoted) else {
      throw Failure(reason: "has a string that is no JSON")
    }
    return string
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] == 32 || bytes[position] == 9 { position += 1 }
  }

  private mutating func peek() -> UInt8? {
    skipSpace()
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ character: Unicode.Scalar) throws(Failure) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard try take(character) else {
      throw Failure(reason: "has no '\(character)' at character \(position + 1)")
    }
  }
}

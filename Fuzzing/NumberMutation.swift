/// Mutates numbers where they stand in a text, which blind changes of bytes seldom leave readable.
struct NumberMutation {
  /// Decides what becomes what.
  var random: SeededGenerator

  /// Numbers at which readers break.
  private static let numbers = [
    "0", "-1", "1", "2", "63", "64", "65", "1000000", "2147483647", "2147483648", "-2147483649",
    "4294967296", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e308", "-1e308",
    "1e-320",
    "0.5", "1e400", "\"nan\"", "\"infinity\"", "null", "[]", "{}", "\"\"", "true",
  ]

  /// The text with one number replaced; nil where it has none.
  mutating func apply(_ text: [UInt8]) -> [UInt8]? {
    func isPart(_ byte: UInt8) -> Bool { (48...57).contains(byte) || [43, 45, 46, 69, 101].contains(byte) }
    var places: [Range<Int>] = []
    var start: Int?
    for (index, byte) in text.enumerated() {
      if start == nil, (48...57).contains(byte) || byte == 45 { start = index }
      if let begun = start, !isPart(byte) {
        places.append(begun..<index)
        start = nil
      }
    }
    guard let place = places.randomElement(using: &random),
      let number = Self.numbers.randomElement(using: &random)
    else { return nil }
    return text[..<place.lowerBound] + Array(number.utf8) + text[place.upperBound...]
  }
}

/// The generator that a fuzzer's seed starts (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

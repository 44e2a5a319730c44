/// Text as lines are put together from: appended in place, with nothing made on the way that need not be.
extension [UInt8] {
  /// Appends a text of the program's.
  mutating func append(text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends a whole number.
  mutating func append(integer: Int) {
    if integer < 0 { append(UInt8(ascii: "-")) }
    var rest = integer.magnitude
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var first = digits.count
      repeat {
        first -= 1
        digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
    }
  }

  /// Appends a number of single precision as short as it can be read back exactly; `other` for one that is not finite.
  mutating func append(number: Float, or other: StaticString = "null") {
    guard number.isFinite else { return append(text: other) }
    guard abs(number) < 1e7, let whole = Int32(exactly: number) else {
      return append(description: number.description)
    }
    append(integer: Int(whole))
  }

  fileprivate mutating func append(description: consuming String) {
    description.withUTF8 { append(contentsOf: $0) }
  }
}

/// The texts of words, one after the other.
struct TextTable: Sendable {
  private var bytes: [UInt8] = []
  private var ends = [0]

  /// Keeps some words.
  init(_ words: some Sequence<[UInt8]>) {
    for word in words {
      bytes += word
      ends.append(bytes.count)
    }
  }

  /// Appends a word.
  func append(_ index: Int, to line: inout [UInt8]) {
    bytes.withUnsafeBufferPointer {
      line.append(contentsOf: UnsafeBufferPointer(rebasing: $0[ends[index]..<ends[index + 1]]))
    }
  }
}

/// Numbers as short as they can be read back exactly, whole ones without a point.
///
/// The texts of those that came last are kept, since rewards and propensities come again and again.
struct NumberTexts: Sendable {
  private static let places = 64
  private var numbers = [UInt64](repeating: Double.nan.bitPattern, count: places)
  private var texts = [[UInt8]](repeating: [], count: places)

  /// Appends a number; `other` for one that is not finite.
  mutating func append(_ number: Double, or other: StaticString = "null", to line: inout [UInt8]) {
    guard number.isFinite else { return line.append(text: other) }
    let bits = number.bitPattern
    let place = Int((bits &* 0x9E37_79B9_7F4A_7C15) >> 58)
    if numbers[place] != bits {
      numbers[place] = bits
      texts[place].removeAll(keepingCapacity: true)
      if let whole = Int(exactly: number) {
        texts[place].append(integer: whole)
      } else {
        texts[place].append(description: number.description)
      }
    }
    texts[place].withUnsafeBufferPointer { line.append(contentsOf: $0) }
  }
}

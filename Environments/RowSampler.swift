public import BanditCore
import BanditNumerics

/// In which order the rows of a data set are met.
public enum RowSampling: String, SettingChoice {
  /// Each row is drawn from all.
  case replacement
  /// All rows once in a random order, then all again in another.
  case permutation

  /// A line on the setting that has it.
  static let help = [
    "sampling": "replacement draws each row from all; permutation takes all once, then again in another order"
  ]
}

/// Draws the rows of a data set.
struct RowSampler: Sendable {
  /// What the rows to come follow from.
  private var position: RowPosition
  private let sampling: RowSampling
  private let count: Int
  /// The order of the pass at hand.
  private var order: [Int32] = []

  init(_ sampling: RowSampling, count: Int, stream: RandomStream) {
    precondition(count > 0, "a data set has rows")
    self.sampling = sampling
    self.count = count
    position = RowPosition(stream: stream)
  }

  /// Draws the rows, and what else a step needs.
  var stream: RandomStream {
    get { position.stream }
    set { position.stream = newValue }
  }

  /// The next row.
  mutating func next() -> Int {
    guard sampling == .permutation else { return position.stream.integer(below: count) }
    if position.rows % count == 0 { shuffle() }
    defer { position.rows += 1 }
    return Int(order[position.rows % count])
  }

  /// Begins with another stream.
  mutating func restart(stream: RandomStream) { position = RowPosition(stream: stream) }

  /// What a sampler of the same settings continues from.
  var state: RowPosition { position }

  /// Continues.
  mutating func restore(_ state: RowPosition) {
    position = state
    if sampling == .permutation && position.rows % count != 0 { shuffle() }
  }

  /// Orders the rows for the pass at hand, which follows from the stream's name alone.
  private mutating func shuffle() {
    order = (0..<Int32(count)).map { $0 }
    var stream = position.stream.child("pass", position.rows / count)
    stream.shuffle(&order)
  }
}

/// How far a data set's rows have been drawn.
public struct RowPosition: Codable, Hashable, Sendable {
  /// The random numbers to come.
  var stream: RandomStream
  /// Rows that came out of permutations; 0 where rows are drawn with replacement.
  var rows = 0

  private enum CodingKeys: String, CodingKey { case stream, rows }

  init(stream: RandomStream) { self.stream = stream }

  /// Reads a position; with replacement, and in earlier versions, it is the stream alone.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard container.contains(.stream) else {
      stream = try RandomStream(from: decoder)
      return
    }
    stream = try container.decode(RandomStream.self, forKey: .stream)
    rows = try container.decode(Int.self, forKey: .rows)
    guard rows >= 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .rows, in: container, debugDescription: "a count below 0")
    }
  }

  /// Writes the position.
  public func encode(to encoder: any Encoder) throws {
    guard rows > 0 else { return try stream.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(stream, forKey: .stream)
    try container.encode(rows, forKey: .rows)
  }
}

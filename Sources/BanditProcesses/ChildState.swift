import BanditNumerics
import BanditCore

/// The state of a child process, as a checkpoint keeps it.
package struct ChildState: Codable, Sendable {
  /// The number of bytes.
  let count: Int
  /// The bytes, eight a word, the first of them the lowest.
  @StoredArray var words: [UInt64]

  /// The most bytes: a checkpoint with more could not be read again.
  static let limit = 1 << 30

  init(_ bytes: UnsafeRawBufferPointer) {
    count = bytes.count
    var words = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
    for (index, byte) in bytes.enumerated() { words[index / 8] |= UInt64(byte) << (8 * (index % 8)) }
    _words = StoredArray(wrappedValue: words)
  }

  /// The bytes; nil where their number does not fit.
  var bytes: [UInt8]? {
    guard count >= 0, count <= Self.limit, (count + 7) / 8 == words.count else { return nil }
    return (0..<count).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> (8 * ($0 % 8))) }
  }
}

extension ChildProcess {
  /// Says that the run is over, and lets the child end.
  func conclude() throws {
    guard isAlive else { return }
    try ask("ending") {
      $0.addFrame(Frame.end) { _ in }
    } read: { (kind, payload) throws(ChildProblem) in
      _ = try AnswerReader(payload, kind: kind, expected: Frame.end, count: 0)
    }
    close()
  }

  /// Asks for the state.
  func savedState() throws -> ChildState {
    try ask("handing over its state", limit: ChildState.limit) {
      $0.addFrame(Frame.state) { _ in }
    } read: { (kind, payload) throws(ChildProblem) in
      _ = try AnswerReader(payload, kind: kind, expected: Frame.state)
      return ChildState(payload)
    }
  }

  /// Hands over a state that the program had.
  func restore(_ state: ChildState) throws {
    guard let bytes = state.bytes else { throw failure("cannot be given a state whose length does not fit") }
    try ask("taking its state") {
      $0.addFrame(Frame.restore) { $0 += bytes }
    } read: { (kind, payload) throws(ChildProblem) in
      _ = try AnswerReader(payload, kind: kind, expected: Frame.restore, count: 0)
    }
  }
}

extension RandomStream {
  /// A seed that every language and library takes: below 2³².
  var childSeed: UInt64 {
    var stream = child("child process")
    return stream.next() >> 32
  }
}

import BanditCore

/// The frames of the protocol: a length, a kind, a payload, all little-endian; `Docs/Protocol.md` has them in words.
enum Frame {
  /// Bytes before the payload.
  static let header = 8

  // Of agents.
  static let select: UInt32 = 1
  static let reward: UInt32 = 2
  static let learn: UInt32 = 3
  static let prefill: UInt32 = 4
  // Of both.
  static let state: UInt32 = 5
  static let restore: UInt32 = 6
  static let end: UInt32 = 7
  // Of environments.
  static let observe: UInt32 = 8
  static let step: UInt32 = 9
}

extension [UInt8] {
  /// Adds a frame whose payload a body writes.
  mutating func addFrame(_ kind: UInt32, _ payload: (inout [UInt8]) -> Void) {
    let start = count
    add(UInt32(0))
    add(kind)
    payload(&self)
    let length = UInt32(count - start - Frame.header).littleEndian
    withUnsafeMutableBytes { $0.storeBytes(of: length, toByteOffset: start, as: UInt32.self) }
  }

  mutating func add(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  mutating func add(_ value: Double) { add(value.bitPattern) }

  /// Adds a context: how many numbers, then the numbers.
  mutating func add(_ observation: Observation) {
    switch observation.encoding {
    case .dense:
      add(UInt32(observation.features.count))
      observation.features.withUnsafeBytes { append(contentsOf: $0) }
    case .oneHot:
      add(UInt32(observation.activeIndices.count))
      observation.activeIndices.withUnsafeBytes { append(contentsOf: $0) }
    }
  }

  /// Adds a step that is learnt from.
  mutating func add(_ transition: Transition) {
    add(Int32(transition.decision.action))
    add(transition.decision.propensity ?? .nan)
    add(transition.reward)
    add(transition.observation)
  }
}

/// Reads an answer from its beginning to its end.
struct AnswerReader {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  /// Begins to read an answer.
  ///
  /// - Throws: `ChildProblem` for an answer of another kind or length.
  init(
    _ bytes: UnsafeRawBufferPointer, kind: UInt32, expected: UInt32, count: Int? = nil
  ) throws(ChildProblem) {
    guard kind == expected else {
      throw ChildProblem("gave an answer of kind \(kind), where \(expected) was asked for")
    }
    if let count, bytes.count != count {
      throw ChildProblem("gave an answer of \(bytes.count) bytes, where \(count) are needed")
    }
    self.bytes = bytes
  }

  private mutating func next<T: BitwiseCopyable>(_ type: T.Type) throws(ChildProblem) -> T {
    guard place + MemoryLayout<T>.size <= bytes.count else {
      throw ChildProblem("gave an answer of \(bytes.count) bytes, which is cut short")
    }
    defer { place += MemoryLayout<T>.size }
    return bytes.loadUnaligned(fromByteOffset: place, as: type)
  }

  mutating func integer() throws(ChildProblem) -> Int { Int(Int32(littleEndian: try next(Int32.self))) }

  mutating func number() throws(ChildProblem) -> Double {
    Double(bitPattern: UInt64(littleEndian: try next(UInt64.self)))
  }

  mutating func numbers(_ count: Int) throws(ChildProblem) -> [Double] {
    var values: [Double] = []
    for _ in 0..<count { values.append(try number()) }
    return values
  }

  mutating func float() throws(ChildProblem) -> Float {
    Float(bitPattern: UInt32(littleEndian: try next(UInt32.self)))
  }

  /// Throws unless everything was read.
  func finish() throws(ChildProblem) {
    guard place == bytes.count else {
      throw ChildProblem("gave an answer of \(bytes.count) bytes, where \(place) are needed")
    }
  }
}

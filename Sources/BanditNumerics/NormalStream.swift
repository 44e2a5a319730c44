public import CBanditKernels

/// A source of standard normal numbers: sixteen xoshiro128++ generators side by side and Box–Muller.
///
/// Numbers are made 32 at a time; a request whose length is no multiple of 32 drops the rest of its last block, so
/// a sequence of requests gives the same numbers on every instruction set.
public struct NormalStream: Sendable {
  /// The generators' state, for kernels that draw their own normals.
  public var lanes: bandit_random_lanes

  /// The normals that belong to a stream; drawing them does not move the stream itself.
  public init(_ stream: RandomStream) {
    lanes = bandit_random_lanes()
    let words = stream.laneWords()
    withUnsafeMutableBytes(of: &lanes) { bytes in
      words.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
  }

  /// The stream's state, 64 words.
  public var words: [UInt32] { withUnsafeBytes(of: lanes) { Array($0.bindMemory(to: UInt32.self)) } }

  /// The stream with that state; nil unless it is 64 words of which each generator has one that is not 0.
  public init?(words: [UInt32]) {
    guard words.count == 64, (0..<16).allSatisfy({ lane in (0..<4).contains { words[16 * $0 + lane] != 0 } })
    else { return nil }
    lanes = bandit_random_lanes()
    withUnsafeMutableBytes(of: &lanes) { bytes in words.withUnsafeBytes { bytes.copyMemory(from: $0) } }
  }

  /// Fills `count` floats with normal numbers.
  public mutating func fill(_ out: UnsafeMutablePointer<Float>, count: Int) {
    Kernels.best.functions.pointee.normals(&lanes, count, out)
  }

  /// Replaces every element by a normal number.
  public mutating func fill(_ values: inout [Float]) {
    values.withUnsafeMutableBufferPointer { values in
      if let base = values.baseAddress { fill(base, count: values.count) }
    }
  }
}

extension NormalStream: Codable {
  /// Reads the stream's words.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let stream = NormalStream(words: try container.decode([UInt32].self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a generator's words are not whole")
    }
    self = stream
  }

  /// Writes the stream's words.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(words)
  }
}

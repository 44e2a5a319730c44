/// A named, seeded source of uniform random numbers: xoshiro256++ (Blackman & Vigna 2021).
///
/// Streams form a tree. `child("environment")` depends on the parent's seed and the name alone, never on how many
/// numbers were drawn or which other children exist, so a new component cannot shift another's numbers.
public struct RandomStream: RandomNumberGenerator, Sendable, Codable, Hashable {
  /// Identifies this stream in the tree; children and lanes are derived from it.
  private let key: UInt64
  private var s0, s1, s2, s3: UInt64

  /// The root stream of a seed.
  public init(seed: UInt64) {
    self.init(key: RandomStream.mix(seed &+ 0x6261_6e64_6974_2d73))
  }

  private init(key: UInt64) {
    self.key = key
    var counter = key
    s0 = RandomStream.splitMix(&counter)
    s1 = RandomStream.splitMix(&counter)
    s2 = RandomStream.splitMix(&counter)
    s3 = RandomStream.splitMix(&counter)
  }

  /// Reads a stream; one of zeros alone would give nothing else for ever.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    key = try container.decode(UInt64.self, forKey: .key)
    s0 = try container.decode(UInt64.self, forKey: .s0)
    s1 = try container.decode(UInt64.self, forKey: .s1)
    s2 = try container.decode(UInt64.self, forKey: .s2)
    s3 = try container.decode(UInt64.self, forKey: .s3)
    guard s0 | s1 | s2 | s3 != 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .s0, in: container, debugDescription: "a generator's words are all 0")
    }
  }

  /// The stream of that name below this one.
  public func child(_ name: String) -> RandomStream {
    // FNV-1a over the name's bytes, then mixed with the parent's key.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return RandomStream(key: RandomStream.mix(key ^ RandomStream.mix(hash)))
  }

  /// The stream with that number below this one: `child("member 3")` for a member, a sample or a shard.
  public func child(_ name: String, _ index: Int) -> RandomStream { child("\(name) \(index)") }

  /// Sixteen generators side by side for `NormalStream`, seeded from this stream's key.
  func laneWords() -> [UInt32] {
    var counter = RandomStream.mix(key ^ 0x6c61_6e65_7300_0000)
    return (0..<32).flatMap { _ -> [UInt32] in
      let bits = RandomStream.splitMix(&counter)
      return [UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32)]
    }
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = RandomStream.rotate(s0 &+ s3, 23) &+ s0
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = RandomStream.rotate(s3, 45)
    return result
  }

  /// A number uniform in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number uniform between `low` and `high`; rounding may, rarely, give `high` itself.
  public mutating func uniform(from low: Double, to high: Double) -> Double { low + (high - low) * uniform() }

  /// True with the given probability.
  public mutating func bernoulli(_ probability: Double) -> Bool { uniform() < probability }

  /// An integer uniform in `0..<bound`, without bias (Lemire 2019).
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "an integer below \(bound) does not exist")
    let width = UInt64(bound)
    var product = next().multipliedFullWidth(by: width)
    if product.low < width {
      let threshold = (0 &- width) % width
      while product.low < threshold { product = next().multipliedFullWidth(by: width) }
    }
    return Int(product.high)
  }

  /// Puts the elements into a uniformly random order.
  public mutating func shuffle(_ values: inout [Int32]) {
    values.withUnsafeMutableBufferPointer { values in
      if let start = values.baseAddress { shuffle(start, count: values.count) }
    }
  }

  /// Puts the first `count` elements of `values` into a uniformly random order (Fisher–Yates).
  public mutating func shuffle(_ values: UnsafeMutablePointer<Int32>, count: Int) {
    guard count > 1 else { return }
    for last in stride(from: count - 1, to: 0, by: -1) {
      let chosen = integer(below: last + 1)
      let value = values[last]
      values[last] = values[chosen]
      values[chosen] = value
    }
  }

  private static func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }

  /// The finaliser of SplitMix64 (Steele, Lea & Flood 2014).
  private static func mix(_ input: UInt64) -> UInt64 {
    var z = input
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  private static func splitMix(_ counter: inout UInt64) -> UInt64 {
    counter &+= 0x9e37_79b9_7f4a_7c15
    return mix(counter)
  }
}

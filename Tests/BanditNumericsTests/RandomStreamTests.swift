import BanditNumerics
import Foundation
import Testing

@Suite("Random streams")
struct RandomStreamTests {
  @Test("Seed 0 and its child give these bits for ever")
  func golden() {
    // From a separate program; they pin the bytes of every result.
    var root = RandomStream(seed: 0)
    #expect(
      (0..<4).map { _ in root.next() } == [
        0x475b_2e43_43d7_3717, 0x8701_9fa3_7439_677f, 0xc96c_c0c1_e47c_256a, 0xc65b_abd4_445a_b1b8,
      ])
    var child = RandomStream(seed: 0).child("environment")
    #expect(
      (0..<4).map { _ in child.next() } == [
        0xb887_a2e9_850d_fff8, 0xd1b9_121a_5835_0474, 0xce8a_117a_5c32_16b6, 0xd8ce_6add_d5a2_efc3,
      ])
  }

  @Test("The generator is xoshiro256++: the published numbers from state 1, 2, 3, 4")
  func published() throws {
    let state = Data(#"{"key":0,"s0":1,"s1":2,"s2":3,"s3":4}"#.utf8)
    var stream = try JSONDecoder().decode(RandomStream.self, from: state)
    #expect(
      (0..<6).map { _ in stream.next() } == [
        41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
        9_973_669_472_204_895_162,
      ])
  }

  @Test("A child depends on its name alone, not on draws or siblings")
  func children() {
    let fresh = RandomStream(seed: 4)
    var used = fresh
    for _ in 0..<100 { _ = used.next() }
    _ = used.child("sibling")
    #expect(used.child("agent") == fresh.child("agent"))
    #expect(used != fresh)
    #expect(fresh.child("member", 3) == fresh.child("member 3"))
  }

  @Test("Seeds, names and levels all give different streams")
  func distinct() {
    var streams: Set<RandomStream> = []
    for seed in 0..<100 as Range<UInt64> {
      let root = RandomStream(seed: seed)
      streams.insert(root)
      for name in ["", "a", "b", "ab", "ba"] { streams.insert(root.child(name)) }
      streams.insert(root.child("a").child("b"))
      streams.insert(root.child("b").child("a"))
    }
    #expect(streams.count == 800)
    var firsts = Set(
      streams.map { stream in
        var stream = stream
        return stream.next()
      })
    #expect(firsts.count == 800)
    firsts.formUnion(streams.map { UInt64(normals($0, 1)[0].bitPattern) })
    #expect(firsts.count > 1590, "normals are 32-bit: a few of 800 may coincide")
  }

  @Test("A decoded stream goes on with the same numbers and has the same children")
  func codable() throws {
    var stream = RandomStream(seed: 5).child("environment")
    for _ in 0..<10 { _ = stream.next() }
    var copy = try JSONDecoder().decode(RandomStream.self, from: JSONEncoder().encode(stream))
    #expect(copy == stream && copy.child("x") == stream.child("x"))
    #expect((0..<20).map { _ in copy.next() } == (0..<20).map { _ in stream.next() })
    #expect(normals(copy, 64) == normals(stream, 64))
  }

  @Test("Drawing normals of a stream does not move it")
  func normalsLeaveTheStream() {
    let stream = RandomStream(seed: 6)
    let before = stream
    #expect(normals(stream, 64) == normals(stream, 64))
    #expect(stream == before)
  }
}

/// A right generator fails a chi-squared bound here once in 30,000 times; seeds are fixed.
@Suite("Random streams are uniform")
struct RandomStreamStatisticsTests {
  @Test("Uniform numbers fill 256 bins evenly and stay in [0, 1)")
  func uniform() {
    var stream = RandomStream(seed: 10)
    var bins = [Int](repeating: 0, count: 256)
    for _ in 0..<1_000_000 {
      let value = stream.uniform()
      #expect(value >= 0 && value < 1)
      bins[Int(value * 256)] += 1
    }
    #expect(chiSquared(bins) < chiSquaredBound(255))
  }

  @Test("Every bit of a number is set half of the time, and no pair of neighbours agrees too often")
  func bits() {
    var stream = RandomStream(seed: 11)
    let count = 1 << 18
    var set = [Int](repeating: 0, count: 64)
    var agree = [Int](repeating: 0, count: 64)
    for _ in 0..<count {
      let bits = stream.next()
      let same = ~(bits ^ (bits >> 1 | bits << 63))
      for index in 0..<64 {
        set[index] += Int(bits >> UInt64(index) & 1)
        agree[index] += Int(same >> UInt64(index) & 1)
      }
    }
    // Five standard errors of a fair coin.
    for tally in set + agree { #expect(abs(Double(2 * tally - count)) < 5 * Double(count).squareRoot()) }
  }

  @Test("Pairs and triples of numbers fill their cells evenly")
  func serial() {
    var stream = RandomStream(seed: 12)
    var cells = [Int](repeating: 0, count: 512)
    for _ in 0..<400_000 {
      let (x, y, z) = (stream.integer(below: 8), stream.integer(below: 8), stream.integer(below: 8))
      cells[x + 8 * y + 64 * z] += 1
    }
    #expect(chiSquared(cells) < chiSquaredBound(511))
  }

  @Test("Integers below a bound are even over all values", arguments: [2, 3, 7, 10, 100, 1000])
  func integers(bound: Int) {
    var stream = RandomStream(seed: 13)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<(1000 * max(bound, 100)) { counts[stream.integer(below: bound)] += 1 }
    #expect(chiSquared(counts) < chiSquaredBound(bound - 1))
  }

  @Test("Integers below 3·2⁶¹ are even modulo 3, which a multiplication without rejection is not")
  func largeBound() {
    var stream = RandomStream(seed: 14)
    let bound = 3 << 61
    var counts = [0, 0, 0]
    for _ in 0..<300_000 {
      let value = stream.integer(below: bound)
      #expect(value >= 0 && value < bound)
      counts[value % 3] += 1
    }
    // Without rejection the shares are 3/8, 3/8 and 2/8: a statistic near 9,400.
    #expect(chiSquared(counts) < chiSquaredBound(2))
    #expect((0..<100).allSatisfy { _ in stream.integer(below: 1) == 0 })
  }

  @Test("A coin comes up with its probability", arguments: [0, 0.01, 0.5, 0.9, 1])
  func bernoulli(probability: Double) {
    var stream = RandomStream(seed: 15)
    let count = 200_000
    let heads = (0..<count).count { _ in stream.bernoulli(probability) }
    let spread = (Double(count) * probability * (1 - probability)).squareRoot()
    // Exactly 0 and all at the ends, where the spread is 0.
    #expect(abs(Double(heads) - Double(count) * probability) <= 5 * spread)
  }

  @Test("A uniform number between two bounds has the mean and variance of one")
  func uniformRange() {
    var stream = RandomStream(seed: 16)
    let count = 200_000
    let values = (0..<count).map { _ in stream.uniform(from: -5, to: -4) }
    #expect(values.allSatisfy { $0 >= -5 && $0 <= -4 })
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    // Standard errors √(1/12 n) and √(1/180 n), five of each.
    #expect(abs(mean + 4.5) < 5 * (1 / (12 * Double(count))).squareRoot())
    #expect(abs(variance - 1.0 / 12) < 5 * (1 / (180 * Double(count))).squareRoot())
  }

  @Test("All 24 orders of four values are equally likely")
  func shuffle() {
    var stream = RandomStream(seed: 17)
    var counts: [[Int32]: Int] = [:]
    for _ in 0..<240_000 {
      var values: [Int32] = [0, 1, 2, 3]
      stream.shuffle(&values, count: 4)
      counts[values, default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(chiSquared(Array(counts.values)) < chiSquaredBound(23))
  }

  @Test("A shuffle keeps the values, and leaves those beyond the count")
  func shuffleKeeps() {
    var stream = RandomStream(seed: 18)
    var values = (0..<1000).map { Int32($0) }
    stream.shuffle(&values, count: 900)
    #expect(values[..<900].sorted() == (0..<900).map { Int32($0) } && values[..<900].first != nil)
    #expect(Array(values[900...]) == (900..<1000).map { Int32($0) })
    #expect(values[..<900] != (0..<900).map { Int32($0) }[...])
    var single: [Int32] = [7]
    stream.shuffle(&single, count: 1)
    stream.shuffle(&single, count: 0)
    #expect(single == [7])
  }
}

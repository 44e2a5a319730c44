import BanditCore
import BanditEnvironments
import BanditNumerics
import Testing

@Suite("Mushroom contexts")
struct MushroomContextTests {
  @Test("The specification has 117 or 95 columns, two actions and three counters")
  func specification() throws {
    for (encoding, columns) in [(Mushroom.Encoding.full, 117), (.dropFirst, 95)] {
      let spec = try mushroom(encoding).spec
      #expect(spec.featureCount == columns)
      #expect(spec.encoding == .oneHot(maximumActive: 22))
      #expect(spec.actionNames == ["eat", "reject"])
      #expect(
        spec.counters == [
          AuditCounter("false_positives", .total), AuditCounter("false_negatives", .total),
          AuditCounter("eating_rate", .rate(window: 1_000)),
        ])
    }
    #expect(Mushroom.Configuration().encoding == .full)
  }

  @Test("A context has 22 ascending columns, or at most 22 without the first levels")
  func active() throws {
    for encoding in [Mushroom.Encoding.full, .dropFirst] {
      var environment = try mushroom(encoding)
      var observation = Observation(environment.spec)
      var counts: Set<Int> = []
      for _ in 0..<2_000 {
        environment.observe(into: &observation)
        let columns = observation.activeIndices
        counts.insert(columns.count)
        #expect(zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 })
        #expect(columns.allSatisfy { (0..<Int32(environment.spec.featureCount)).contains($0) })
      }
      if encoding == .full {
        #expect(counts == [22])
      } else {
        #expect(counts.count > 1 && counts.allSatisfy { $0 <= 22 })
      }
    }
  }

  @Test("Contexts and classes are those of the raw records", arguments: [Mushroom.Encoding.full, .dropFirst])
  func rawRecords(encoding: Mushroom.Encoding) throws {
    let raw = try RawMushrooms()
    #expect(raw.rows.count == 8_124)
    let columns = raw.columns(dropping: encoding == .full ? 0 : 1)
    var environment = try mushroom(encoding, seed: 5)
    // A mushroom, then a coin: the order that published numbers depend on.
    var twin = RandomStream(seed: 5)
    var observation = Observation(environment.spec)
    for _ in 0..<500 {
      environment.observe(into: &observation)
      let index = twin.integer(below: 8_124)
      let coinIsKind = twin.bernoulli(0.5)
      #expect(observation.activeIndices == columns[index])
      let reward = environment.step(Mushroom.eat).reward
      #expect(reward == (raw.isPoisonous(index) && !coinIsKind ? -35 : 5))
    }
  }

  @Test("The first record is spelled out by its columns")
  func firstRecord() throws {
    // p,x,s,n,t,p,f,c,n,k,e,e,s,s,w,w,p,w,o,p,k,s,u: each letter's place among its attribute's sorted letters,
    // after the levels of the attributes before.
    let levels = [6, 4, 10, 2, 9, 2, 2, 2, 12, 2, 5, 4, 4, 9, 9, 1, 4, 3, 5, 9, 6, 7]
    let codes = [5, 2, 4, 1, 6, 1, 0, 1, 4, 0, 3, 2, 2, 7, 7, 0, 2, 1, 4, 2, 3, 5]
    var start = 0
    var expected: [Int32] = []
    for (count, code) in zip(levels, codes) {
      expected.append(Int32(start + code))
      start += count
    }
    #expect(try RawMushrooms().columns(dropping: 0)[0] == expected)
  }

  @Test("Mushrooms are drawn with replacement: 8,124 draws show about 1 - 1/e of them")
  func replacement() throws {
    #expect(Set(try RawMushrooms().rows).count == 8_124)
    var environment = try mushroom(seed: 3)
    var observation = Observation(environment.spec)
    var seen: Set<[Int32]> = []
    for _ in 0..<8_124 {
      environment.observe(into: &observation)
      seen.insert(observation.activeIndices)
    }
    // Expected 5,135.6; the standard deviation of the number of distinct draws is 28. Five of them.
    #expect(abs(Double(seen.count) - 5_135.6) < 140)
  }
}

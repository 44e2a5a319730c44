@testable import BanditLearning
import BanditNumerics
import Foundation
import Testing

@Suite("Draws without replacement")
struct DistinctDrawsTests {
  @Test(
    "A buffer without a bound takes as many random numbers for a minibatch as it has examples, however many are there"
  )
  func cost() {
    for count in [100, 100_000] {
      var buffer = ReplayBuffer(encoding: .dense(columns: 1), capacity: nil)
      for number in 0..<count { buffer.append(denseBatch([[Float(number)]], targets: [0]), target: 0) }
      var stream = RandomStream(seed: 1)
      var expected = stream
      var slots: [Int] = []
      for _ in 0..<3 {
        buffer.beginRound()
        buffer.drawSlots(&slots, size: 10, sampling: .permutation, stream: &stream)
        for drawn in 0..<10 { _ = expected.integer(below: count - drawn) }
        #expect(Set(slots).count == 10)
        #expect(stream == expected)
      }
    }
  }

  @Test("Every pair of numbers is equally likely, and the list is whole again after each round")
  func pairs() {
    var draws = DistinctDraws()
    var stream = RandomStream(seed: 2)
    var counts = [Int](repeating: 0, count: 25)
    for _ in 0..<100_000 {
      draws.beginRound()
      let first = draws.next(below: 5, &stream)
      counts[5 * first + draws.next(below: 5, &stream)] += 1
    }
    // 20 ordered pairs of different numbers, each binomial(100,000, 1/20): 5,000 ± 69. Five standard errors.
    for (pair, count) in counts.enumerated() {
      #expect(pair / 5 == pair % 5 ? count == 0 : abs(count - 5000) < 5 * 69)
    }
  }

  @Test("A round continues from its swaps, and numbers that are no swaps change nothing")
  func restoring() {
    var draws = DistinctDraws()
    var stream = RandomStream(seed: 3)
    for _ in 0..<4 { _ = draws.next(below: 9, &stream) }
    var other = DistinctDraws()
    let isRestored = other.restore(swaps: draws.swaps, count: 9)
    #expect(isRestored)
    var otherStream = stream
    for _ in 4..<9 {
      let next = (draws.next(below: 9, &stream), other.next(below: 9, &otherStream))
      #expect(next.0 == next.1)
    }
    for wrong in [[-1], [9], [0, 0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]] as [[Int32]] {
      let isRestored = other.restore(swaps: wrong, count: 9)
      #expect(!isRestored)
      #expect(other.swaps == draws.swaps)
    }
  }

  @Test("The order of an earlier version's buffer without a bound is left behind; its examples stay")
  func earlierOrders() throws {
    let text = #"""
      {"count":3,"next":0,"taken":2,"features":"s.features","activeIndices":"s.activeIndices",\#
      "targets":"s.targets","masks":"s.masks","order":"s.order"}
      """#
    let tensors = [
      NamedTensor(name: "s.features", shape: [3], elements: .float([1, 2, 3])),
      NamedTensor(name: "s.activeIndices", shape: [0], elements: .int32([])),
      NamedTensor(name: "s.targets", shape: [3], elements: .float([1, 2, 3])),
      NamedTensor(name: "s.masks", shape: [3], elements: .uint64([1, 1, 1])),
      NamedTensor(name: "s.order", shape: [3], elements: .int32([2, 0, 1])),
    ]
    let decoder = JSONDecoder()
    decoder.userInfo[TensorStore.key] = TensorStore(prefix: "", tensors: tensors)
    let state = try decoder.decode(ReplayBuffer.State.self, from: Data(text.utf8))
    var buffer = ReplayBuffer(encoding: .dense(columns: 1), capacity: nil)
    try buffer.restore(state)
    var stream = RandomStream(seed: 4)
    var slots: [Int] = []
    buffer.drawSlots(&slots, size: 3, sampling: .permutation, stream: &stream)
    #expect(slots.sorted() == [0, 1, 2])
  }
}

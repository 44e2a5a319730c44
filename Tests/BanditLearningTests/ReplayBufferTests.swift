import BanditNumerics
import Testing

@testable import BanditLearning

@Suite("Replay buffer")
struct ReplayBufferTests {
  @Test("A full ring overwrites its oldest examples in order, inputs included")
  func ring() {
    var buffer = ReplayBuffer(encoding: .dense(columns: 2), capacity: 5)
    for number in 0..<13 {
      buffer.append(numbered(number), target: Float(number))
      #expect(buffer.count == min(number + 1, 5))
      var batch = Minibatch(encoding: buffer.encoding, capacity: 5)
      var stream = RandomStream(seed: 1)
      buffer.fill(&batch, size: 5, sampling: .permutation, stream: &stream)
      #expect(targets(batch) == (max(0, number - 4)...number).map { Float($0) })
      for row in 0..<batch.count {
        #expect(
          Array(batch.features[(2 * row)..<(2 * row + 2)]) == [batch.targets[row], -batch.targets[row]])
      }
    }
  }

  @Test(
    "A restored buffer gives the same minibatches, and a state that does not fit changes nothing",
    arguments: [5, nil])
  func restoring(capacity: Int?) throws {
    var buffer = ReplayBuffer(encoding: .dense(columns: 2), capacity: capacity)
    var stream = RandomStream(seed: 1)
    var batch = Minibatch(encoding: buffer.encoding, capacity: 3)
    for number in 0..<7 { buffer.append(numbered(number), target: Float(number), mask: UInt64(number)) }
    buffer.fill(&batch, size: 3, sampling: .permutation, stream: &stream)
    var other = ReplayBuffer(encoding: .dense(columns: 2), capacity: capacity)
    try other.restore(buffer.state)
    var (otherStream, otherBatch) = (stream, batch)
    for number in 7..<20 {
      buffer.append(numbered(number), target: Float(number))
      other.append(numbered(number), target: Float(number))
      buffer.fill(&batch, size: 3, sampling: .permutation, stream: &stream, member: 1)
      other.fill(&otherBatch, size: 3, sampling: .permutation, stream: &otherStream, member: 1)
      #expect(batch.features == otherBatch.features && batch.targets == otherBatch.targets)
      #expect(batch.exampleWeights == otherBatch.exampleWeights)
    }
    let before = other.state
    for wrong in [
      ReplayBuffer(encoding: .dense(columns: 3), capacity: 5),
      ReplayBuffer(encoding: .dense(columns: 2), capacity: 4),
      ReplayBuffer(encoding: .oneHot(columns: 2, maximumActive: 1), capacity: 5),
    ] {
      var wrong = wrong
      #expect(throws: TensorError.self) { try wrong.restore(before) }
      #expect(wrong.count == 0)
    }
  }

  @Test("One-hot examples keep their lists, ended by -1, and are overwritten whole")
  func oneHot() {
    let encoding = InputEncoding.oneHot(columns: 9, maximumActive: 3)
    var buffer = ReplayBuffer(encoding: encoding, capacity: 1)
    var batch = Minibatch(encoding: encoding, capacity: 4)
    var stream = RandomStream(seed: 1)
    for list in [[8, 0, 3], [5], []] as [[Int32]] {
      var row = Minibatch(encoding: encoding, capacity: 1)
      row.append(activeIndices: list)
      buffer.append(row, target: 1)
      buffer.fill(&batch, size: 4, sampling: .permutation, stream: &stream)
      #expect(batch.count == 1)
      #expect(Array(batch.activeIndices[..<3]) == list + [Int32](repeating: -1, count: 3 - list.count))
    }
  }

  @Test("A round of permutation gives every example once, and rounds have different orders")
  func permutation() {
    var buffer = filled(64, capacity: 64)
    var stream = RandomStream(seed: 2)
    var batch = Minibatch(encoding: buffer.encoding, capacity: 16)
    var orders: Set<[Float]> = []
    for _ in 0..<20 {
      buffer.beginRound()
      var seen: [Float] = []
      for _ in 0..<4 {
        buffer.fill(&batch, size: 16, sampling: .permutation, stream: &stream)
        seen += batch.targets[..<batch.count]
      }
      #expect(seen.sorted() == (0..<64).map { Float($0) })
      orders.insert(seen)
    }
    #expect(orders.count == 20)
  }

  @Test("Every example is equally likely in every place of a round")
  func permutationStatistics() {
    var buffer = filled(6, capacity: nil)
    var stream = RandomStream(seed: 3)
    var batch = Minibatch(encoding: buffer.encoding, capacity: 6)
    var counts = [Int](repeating: 0, count: 36)
    for _ in 0..<60_000 {
      buffer.beginRound()
      buffer.fill(&batch, size: 6, sampling: .permutation, stream: &stream)
      for place in 0..<6 { counts[6 * place + Int(batch.targets[place])] += 1 }
    }
    // Each count is binomial(60,000, 1/6): 10,000 ± 91. Five standard errors.
    for count in counts { #expect(abs(count - 10_000) < 5 * 92) }
  }

  @Test("A round that does not divide the buffer begins a new order early, and new examples begin one too")
  func unevenRounds() {
    var buffer = filled(10, capacity: nil)
    var stream = RandomStream(seed: 4)
    var batch = Minibatch(encoding: buffer.encoding, capacity: 4)
    for _ in 0..<10 {
      var seen: [Float] = []
      for _ in 0..<2 {
        buffer.fill(&batch, size: 4, sampling: .permutation, stream: &stream)
        seen += batch.targets[..<4]
      }
      #expect(Set(seen).count == 8, "two minibatches of four come from one order of ten")
    }
    buffer.fill(&batch, size: 4, sampling: .permutation, stream: &stream)
    buffer.append(numbered(10), target: 10)
    var later: Set<Float> = []
    for _ in 0..<30 {
      buffer.fill(&batch, size: 4, sampling: .permutation, stream: &stream)
      later.formUnion(batch.targets[..<4])
    }
    #expect(later == Set((0...10).map { Float($0) }))
  }

  @Test("Sampling with replacement draws every example with equal probability, independently")
  func replacement() {
    var buffer = filled(20, capacity: 20)
    var stream = RandomStream(seed: 5)
    var batch = Minibatch(encoding: buffer.encoding, capacity: 10)
    var counts = [Int](repeating: 0, count: 20)
    var repeats = 0
    for _ in 0..<20_000 {
      buffer.fill(&batch, size: 10, sampling: .replacement, stream: &stream)
      for row in 0..<10 { counts[Int(batch.targets[row])] += 1 }
      if batch.targets[0] == batch.targets[1] { repeats += 1 }
    }
    // 200,000 draws: 10,000 ± 97.5 each. A pair agrees once in 20: 1,000 ± 31. Five standard errors.
    for count in counts { #expect(abs(count - 10_000) < 5 * 98) }
    #expect(abs(repeats - 1000) < 5 * 31)
  }

  @Test("While there are fewer examples than asked for, all of them come", arguments: ReplaySampling.allCases)
  func fewExamples(sampling: ReplaySampling) {
    var buffer = filled(3, capacity: 100)
    var stream = RandomStream(seed: 6)
    var batch = Minibatch(encoding: buffer.encoding, capacity: 8)
    buffer.fill(&batch, size: 8, sampling: sampling, stream: &stream)
    #expect(batch.count == 3)
    #expect(Set(batch.targets[..<3]).isSubset(of: [0, 1, 2]))
    if sampling == .permutation { #expect(targets(batch) == [0, 1, 2]) }
  }

  @Test("Without a capacity nothing is ever forgotten")
  func unbounded() {
    var buffer = filled(5000, capacity: nil)
    var stream = RandomStream(seed: 7)
    var batch = Minibatch(encoding: buffer.encoding, capacity: 5000)
    buffer.fill(&batch, size: 5000, sampling: .permutation, stream: &stream)
    #expect(buffer.count == 5000 && targets(batch) == (0..<5000).map { Float($0) })
  }

  @Test("A member's minibatch gives weight 0 to examples outside its mask, and overwriting replaces masks")
  func masks() {
    var buffer = ReplayBuffer(encoding: .dense(columns: 2), capacity: 4)
    var stream = RandomStream(seed: 8)
    var batch = Minibatch(encoding: buffer.encoding, capacity: 4)
    for number in 0..<7 {
      buffer.append(numbered(number), target: Float(number), mask: UInt64(number) << 61 | 1)
    }
    for (member, bit) in [(nil, -1), (0, -1), (61, 0), (62, 1), (63, 2), (1, 3)] as [(Int?, Int)] {
      buffer.fill(&batch, size: 4, sampling: .permutation, stream: &stream, member: member)
      for row in 0..<4 {
        let isInside = bit < 0 || Int(batch.targets[row]) >> bit & 1 == 1
        #expect(batch.exampleWeights[row] == (isInside ? 1 : 0), "member \(member ?? -1)")
      }
    }
  }

  @Test("The same stream draws the same minibatches", arguments: ReplaySampling.allCases)
  func reproducible(sampling: ReplaySampling) {
    let runs = [9, 9, 10].map { (seed: UInt64) -> [Float] in
      var buffer = filled(50, capacity: 50)
      var stream = RandomStream(seed: seed)
      var batch = Minibatch(encoding: buffer.encoding, capacity: 7)
      return (0..<20).flatMap { _ -> [Float] in
        buffer.fill(&batch, size: 7, sampling: sampling, stream: &stream)
        return Array(batch.targets[..<7])
      }
    }
    #expect(runs[0] == runs[1] && runs[0] != runs[2])
  }

  @Test(
    "Wide rows that are mostly 0 take little, and come back bit by bit, restored or full of numbers later")
  func sparse() throws {
    let columns = 1_000
    var generator = RandomStream(seed: 3)
    func row(_ filled: Int) -> [Float] {
      var row = [Float](repeating: 0, count: columns)
      for _ in 0..<filled { row[generator.integer(below: columns)] = Float(generator.normal()) }
      row[7] = -0.0
      return row
    }
    for capacity in [12, nil] {
      var buffer = ReplayBuffer(encoding: .dense(columns: columns), capacity: capacity)
      var rows: [[Float]] = []
      // Fuller and fuller rows, until there are too many numbers to list.
      for filled in [0, 3, 1, 9, 9, 40, 2, 2, 100, 5, 5, 5, 5, 249, 6, 300, 1, 2, 3, 400] {
        rows.append(row(filled))
        buffer.append(denseBatch([rows[rows.count - 1]], targets: [0]), target: Float(rows.count - 1))
        let state = buffer.state
        if rows.count == 8 {
          #expect(state.activeIndices.count == 8 * 41 || state.activeIndices.count == 8 * 40)
        }
        if rows.count == 16 { #expect(state.activeIndices.isEmpty) }
        var other = ReplayBuffer(encoding: .dense(columns: columns), capacity: capacity)
        try other.restore(state)
        #expect(other.state == state)
        for var buffer in [buffer, other] {
          var batch = Minibatch(encoding: buffer.encoding, capacity: rows.count)
          var stream = RandomStream(seed: 1)
          buffer.fill(&batch, size: buffer.count, sampling: .permutation, stream: &stream)
          for position in 0..<batch.count {
            let expected = rows[Int(batch.targets[position])]
            let found = batch.features[(position * columns)..<((position + 1) * columns)]
            #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
          }
        }
      }
    }
  }

  @Test("A state of sparse rows that points outside of them is refused")
  func wrongSparse() throws {
    var buffer = ReplayBuffer(encoding: .dense(columns: 300), capacity: nil)
    var row = [Float](repeating: 0, count: 300)
    row[299] = 1
    buffer.append(denseBatch([row], targets: [0]), target: 1)
    for columns in [299, 301] {
      var other = ReplayBuffer(encoding: .dense(columns: columns), capacity: nil)
      if columns == 299 {
        #expect(throws: TensorError.self) { try other.restore(buffer.state) }
      } else {
        try other.restore(buffer.state)
      }
    }
  }

  @Test("Empty buffers and members beyond the mask stop the program")
  func refusals() async {
    await #expect(processExitsWith: .failure) { fillForMember(nil, examples: 0) }
    await #expect(processExitsWith: .failure) { fillForMember(64, examples: 1) }
    await #expect(processExitsWith: .success) { fillForMember(63, examples: 1) }
  }
}

/// The example of a number: its features are n and −n.
private func numbered(_ number: Int) -> Minibatch {
  denseBatch([[Float(number), -Float(number)]], targets: [0])
}

/// A buffer of examples whose targets count up from 0.
private func filled(_ count: Int, capacity: Int?) -> ReplayBuffer {
  var buffer = ReplayBuffer(encoding: .dense(columns: 2), capacity: capacity)
  for number in 0..<count { buffer.append(numbered(number), target: Float(number)) }
  return buffer
}

/// The targets of a minibatch in ascending order.
private func targets(_ batch: Minibatch) -> [Float] { batch.targets[..<batch.count].sorted() }

private func fillForMember(_ member: Int?, examples: Int) {
  var buffer = filled(examples, capacity: 4)
  var batch = Minibatch(encoding: buffer.encoding, capacity: 4)
  var stream = RandomStream(seed: 0)
  buffer.fill(&batch, size: 1, sampling: .permutation, stream: &stream, member: member)
}

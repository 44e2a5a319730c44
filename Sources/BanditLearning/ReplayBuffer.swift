public import BanditNumerics

/// How minibatches are drawn from a replay buffer.
public enum ReplaySampling: String, CaseIterable, Codable, Hashable, Sendable {
  /// Without replacement: a new random order of the whole buffer for each training round.
  case permutation
  /// Every row by itself, uniformly.
  case replacement
}

/// Examples seen so far, the oldest overwritten first where the capacity is bounded.
public struct ReplayBuffer: Sendable {
  /// How the inputs are carried.
  public let encoding: InputEncoding
  /// The largest number of examples; nil for no bound.
  public let capacity: Int?
  /// The number of examples.
  public private(set) var count = 0
  /// The slot that the next example goes to in a full ring.
  private var next = 0

  private var features: [Float] = []
  /// The rows of a dense encoding in place of `features`, as long as most of their numbers are 0.
  private var sparse: SparseRows?
  private var activeIndices: [Int32] = []
  private var targets: [Float] = []
  /// A bit a member of an ensemble: whether this example is in its bootstrap sample.
  private var masks: [UInt64] = []

  /// The order of a bounded buffer's round, and how many of it were taken.
  private var order: [Int32] = []
  private var taken = 0
  /// The round of a buffer without a bound, where a random order of everything would cost more the longer a run is.
  private var draws = DistinctDraws()
  private var slots: [Int] = []

  /// Creates an empty buffer.
  public init(encoding: InputEncoding, capacity: Int?) {
    precondition(capacity.map { $0 > 0 } ?? true, "a buffer's capacity is positive")
    self.encoding = encoding
    self.capacity = capacity
    if case .dense(let columns) = encoding { sparse = SparseRows(columns: columns) }
  }

  /// Stores the first row of a minibatch.
  public mutating func append(_ row: borrowing Minibatch, target: Float, mask: UInt64 = .max) {
    precondition(row.encoding == encoding && row.count >= 1, "the row has another encoding than the buffer")
    let width = row.rowWidth
    draws.beginRound()
    if sparse?.store(row.features.prefix(width), at: count < capacity ?? .max ? count : next) == false {
      features = sparse?.dense ?? []
      sparse = nil
    }
    if count < capacity ?? .max {
      if sparse == nil { features.append(contentsOf: row.features.prefix(width)) }
      activeIndices.append(contentsOf: row.activeIndices.prefix(width))
      targets.append(target)
      masks.append(mask)
      count += 1
      return
    }
    for column in 0..<width {
      switch encoding {
      case .dense where sparse != nil: break
      case .dense: features[next * width + column] = row.features[column]
      case .oneHot: activeIndices[next * width + column] = row.activeIndices[column]
      }
    }
    targets[next] = target
    masks[next] = mask
    next = (next + 1) % count
  }

  /// Starts a training round: the next minibatches come from a new random order.
  public mutating func beginRound() {
    taken = order.count
    draws.beginRound()
  }

  /// Fills a minibatch with `size` examples, or with all of them while there are fewer, drawn as `drawSlots` does.
  public mutating func fill(
    _ batch: inout Minibatch, size: Int, sampling: ReplaySampling, stream: inout RandomStream,
    member: Int? = nil
  ) {
    var slots = slots
    self.slots = []  // one owner, so that the list is not copied
    drawSlots(&slots, size: size, sampling: sampling, stream: &stream)
    self.slots = slots
    fill(&batch, slots: self.slots, member: member)
  }

  /// Draws where the examples of a minibatch of `size`, or of all while there are fewer, are.
  ///
  /// Under `permutation` a new order begins when fewer than `size` examples of the last are left.
  public mutating func drawSlots(
    _ slots: inout [Int], size: Int, sampling: ReplaySampling, stream: inout RandomStream
  ) {
    precondition(count > 0, "a minibatch of an empty buffer")
    let size = min(size, count)
    slots.removeAll(keepingCapacity: true)
    switch sampling {
    case .replacement:
      for _ in 0..<size { slots.append(stream.integer(below: count)) }
    case .permutation where capacity == nil:
      if draws.taken + size > count { draws.beginRound() }
      for _ in 0..<size { slots.append(draws.next(below: count, &stream)) }
    case .permutation:
      if order.count != count || taken + size > order.count { shuffle(&stream) }
      for position in taken..<(taken + size) { slots.append(Int(order[position])) }
      taken += size
    }
  }

  /// Fills a minibatch with the examples that were drawn.
  ///
  /// A `member` of an ensemble gets examples outside its bootstrap sample with weight 0; there are at most 64 members.
  public func fill(_ batch: inout Minibatch, slots: [Int], member: Int? = nil) {
    precondition(member.map { (0..<64).contains($0) } ?? true, "a mask has 64 members")
    if let sparse {
      batch.gather(slots: slots, rows: sparse, targets: targets)
    } else {
      batch.gather(slots: slots, features: features, activeIndices: activeIndices, targets: targets)
    }
    guard let member else { return }
    for row in slots.indices {
      batch.setExampleWeight(masks[slots[row]] >> UInt64(member) & 1 == 1 ? 1 : 0, row: row)
    }
  }

  /// What a buffer of the same settings is resumed from.
  public struct State: Codable, Hashable, Sendable {
    let count: Int
    let next: Int
    let taken: Int
    /// The inputs; of sparse rows the numbers that are not 0.
    @StoredArray var features: [Float]
    /// The ones of one-hot inputs; of sparse rows where their numbers are.
    @StoredArray var activeIndices: [Int32]
    @StoredArray var targets: [Float]
    @StoredArray var masks: [UInt64]
    /// The order of the round at hand; without a capacity, the swaps that its draws made.
    @StoredArray var order: [Int32]
  }

  /// The examples, and the random order at hand.
  public var state: State {
    let round = capacity == nil ? (draws.taken, draws.swaps) : (taken, order)
    return State(
      count: count, next: next, taken: round.0, features: sparse?.values ?? features,
      activeIndices: sparse?.indices ?? activeIndices, targets: targets, masks: masks, order: round.1)
  }

  /// Resumes from a state; nothing changes if it does not fit this buffer.
  public mutating func restore(_ state: State) throws(TensorError) {
    let count = state.count
    guard (0...(capacity ?? .max)).contains(count), (0..<max(1, count)).contains(state.next),
      state.targets.count == count, state.masks.count == count,
      (0...state.order.count).contains(state.taken)
    else { throw .wrongState("a buffer of \(count) examples, \(state.targets.count) of which are there") }
    var draws = DistinctDraws()
    let isRound = capacity == nil && state.taken == state.order.count
    // An order of fewer examples is from before the last ones came; without a capacity, from an earlier version.
    guard state.order.count <= count,
      isRound && draws.restore(swaps: state.order, count: count)
        || state.order.sorted() == (0..<Int32(clamping: state.order.count)).map({ $0 })
    else { throw .wrongState("an order of examples that is none of a buffer's \(count)") }
    var sparse: SparseRows?
    let fits: Bool
    switch encoding {
    case .dense(let columns):
      let isWhole = state.activeIndices.isEmpty && state.features.count == count * columns
      if !isWhole || count == 0 {
        sparse = SparseRows(
          columns: columns, count: count, indices: state.activeIndices, values: state.features)
      }
      fits = isWhole || sparse != nil
    case .oneHot(let columns, let maximumActive):
      fits =
        state.features.isEmpty && state.activeIndices.count == count * maximumActive
        && state.activeIndices.allSatisfy { (-1..<Int32(clamping: columns)).contains($0) }
    }
    guard fits else { throw .wrongState("a buffer's inputs that are not in \(encoding)") }
    (self.count, next, taken, self.draws) = (count, state.next, state.taken, draws)
    self.sparse = sparse
    (features, activeIndices) = sparse == nil ? (state.features, state.activeIndices) : ([], [])
    targets = state.targets
    (masks, order) = (state.masks, capacity == nil ? [] : state.order)
  }

  private mutating func shuffle(_ stream: inout RandomStream) {
    if order.count != count { order = (0..<Int32(count)).map { $0 } }
    stream.shuffle(&order)
    taken = 0
  }
}

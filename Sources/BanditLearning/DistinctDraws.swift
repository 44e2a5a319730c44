import BanditNumerics

/// Draws numbers below a count, each at most once a round, in time proportional to what is drawn, however many there are.
///
/// The first steps of Fisher and Yates's shuffle of a list that counts up; a new round takes its swaps back, so that the
/// list counts up again and a round depends on the stream alone.
struct DistinctDraws: Sendable {
  /// Counts up from 0, but for the swaps of this round.
  private var list: [Int32] = []
  /// The place that draw i of this round was swapped with; from i on.
  private(set) var swaps: [Int32] = []

  /// The draws of this round.
  var taken: Int { swaps.count }

  /// Starts a round.
  mutating func beginRound() {
    for place in swaps.indices.reversed() { list.swapAt(place, Int(swaps[place])) }
    swaps.removeAll(keepingCapacity: true)
  }

  /// A number below `count`, uniform among those that this round has not drawn; `count` may grow between rounds.
  mutating func next(below count: Int, _ stream: inout RandomStream) -> Int {
    precondition(taken < count, "a round has drawn every number")
    extend(to: count)
    let place = taken + stream.integer(below: count - taken)
    take(place)
    return Int(list[taken - 1])
  }

  /// Continues a round of `count` numbers whose swaps are known; says false, and changes nothing, if they are none.
  mutating func restore(swaps: [Int32], count: Int) -> Bool {
    guard swaps.enumerated().allSatisfy({ Int($1) >= $0 && Int($1) < count }) else { return false }
    beginRound()
    extend(to: count)
    for place in swaps { take(Int(place)) }
    return true
  }

  private mutating func extend(to count: Int) {
    if list.count < count { list.append(contentsOf: Int32(list.count)..<Int32(count)) }
  }

  private mutating func take(_ place: Int) {
    list.swapAt(taken, place)
    swaps.append(Int32(place))
  }
}

public import BanditNumerics

/// The action with the largest value; of equals a uniformly random one.
///
/// A number is drawn only where there is a tie, so `ties` is best a stream of its own: `stream.child("ties")`. Values
/// that are no numbers are passed over; where all are, the result is 0.
public func greedyAction(_ values: [Double], ties: inout RandomStream) -> Int {
  let (first, count) = largest(values)
  guard count > 1 else { return first }
  let chosen = ties.integer(below: count)
  return values.indices.filter { values[$0] == values[first] }[chosen]
}

/// The probability with which `greedyAction` takes an action: 1/k for one of the k best, else 0.
public func greedyShare(_ values: [Double], of action: Int) -> Double {
  let (first, count) = largest(values)
  return action == first || values[action] == values[first] ? 1 / Double(max(1, count)) : 0
}

/// The first action of the largest value, and how many have it.
private func largest(_ values: [Double]) -> (first: Int, count: Int) {
  var (first, best, count) = (0, -Double.infinity, 0)
  for (action, value) in values.enumerated() {
    if value > best {
      (first, best, count) = (action, value, 1)
    } else if value == best {
      if count == 0 { first = action }
      count += 1
    }
  }
  return (first, count)
}

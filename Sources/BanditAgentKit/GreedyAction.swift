public import BanditNumerics

/// The action with the largest value; of equals a uniformly random one.
///
/// A number is drawn only where there is a tie, so `ties` is best a stream of its own: `stream.child("ties")`. Values
/// that are no numbers are passed over; where all are, the result is 0.
public func greedyAction(_ values: some Collection<Double>, ties: inout RandomStream) -> Int {
  let (best, count) = values.largest
  guard count > 0 else { return 0 }
  var left = count == 1 ? 0 : ties.integer(below: count)
  for (action, value) in values.enumerated() where value == best {
    if left == 0 { return action }
    left -= 1
  }
  return 0
}

/// The probability with which `greedyAction` takes an action: 1/k for one of the k best, else 0.
public func greedyShare(_ values: some Collection<Double>, of action: Int) -> Double {
  let (best, count) = values.largest
  guard count > 0 else { return action == 0 ? 1 : 0 }
  return values[values.index(values.startIndex, offsetBy: action)] == best ? 1 / Double(count) : 0
}

extension Collection<Double> {
  /// The largest of the numbers, and how many are as large.
  fileprivate var largest: (value: Double, count: Int) {
    var (best, count) = (-Double.infinity, 0)
    for value in self {
      if value > best {
        (best, count) = (value, 1)
      } else if value == best {
        count += 1
      }
    }
    return (best, count)
  }
}

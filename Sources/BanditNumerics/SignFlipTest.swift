/// A permutation test of paired differences: where both of a pair are equals, either could have had the other's value.
///
/// It supposes nothing of the differences but that each is as likely with the other sign.
///
/// Source: Fisher (1935), The Design of Experiments, section 21.
public enum SignFlipTest {
  /// Up to so many values all choices of signs are counted; beyond, some are drawn.
  package static let mostExact = 30
  /// How many are drawn.
  private static let draws = 100_000

  /// The share of all choices of signs whose sum is at least as far from 0 as the one seen: a two-sided p value.
  ///
  /// At least 1 in 2ⁿ⁻¹ for n values. Exact for up to 30 values; of more, 100,000 choices are drawn, always the same
  /// ones, and the one seen is counted among them.
  public static func pValue(of values: [Double]) -> Double {
    precondition(!values.isEmpty, "a test is of at least one value")
    let seen = values.reduce(0, +).magnitude
    // What rounding can do to sums that are equal.
    let edge = seen - 1e-9 * values.reduce(0) { $0 + $1.magnitude }
    return values.count <= mostExact ? exact(values, edge) : drawn(values, edge)
  }

  /// Counts sums of two halves, one of them sorted, in place of all choices one by one.
  private static func exact(_ values: [Double], _ edge: Double) -> Double {
    let middle = (values.count + 1) / 2
    // The first sign stays: turning all of them changes no distance from 0.
    let left = signedSums(values[1..<middle], from: values[0])
    let right = signedSums(values[middle...], from: 0).sorted()
    let extreme = left.reduce(0) { count, sum in
      let below = firstIndex(in: right) { sum + $0 > -edge }
      return count + below + right.count - max(below, firstIndex(in: right) { sum + $0 >= edge })
    }
    return Double(extreme) / Double(left.count * right.count)
  }

  private static func signedSums(_ values: ArraySlice<Double>, from start: Double) -> [Double] {
    values.reduce([start]) { sums, value in sums.flatMap { [$0 + value, $0 - value] } }
  }

  /// Where the ascending values begin of which a condition holds.
  private static func firstIndex(in sorted: [Double], where condition: (Double) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if condition(sorted[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func drawn(_ values: [Double], _ edge: Double) -> Double {
    var stream = RandomStream(seed: 0).child("sign flips")
    var extreme = 1
    for _ in 0..<draws {
      var sum = 0.0
      var signs: UInt64 = 0
      for (index, value) in values.enumerated() {
        if index % 64 == 0 { signs = stream.next() }
        sum += signs & 1 == 0 ? value : -value
        signs >>= 1
      }
      if sum.magnitude >= edge { extreme += 1 }
    }
    return Double(extreme) / Double(draws + 1)
  }
}

/// Holm's correction of several p values.
public enum Holm {
  /// The p values as they are to be read when all of them stand side by side, in the same order.
  ///
  /// Calling those below a level different errs with at most that probability, in one or more of them, however they
  /// depend on each other.
  ///
  /// Source: Holm (1979), A simple sequentially rejective multiple test procedure.
  public static func adjusted(_ values: [Double]) -> [Double] {
    var adjusted = values
    var largest = 0.0
    for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
      largest = max(largest, min(1, Double(values.count - rank) * values[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}

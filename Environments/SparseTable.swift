/// Rows of numbers of which most are 0: the others, with their columns.
struct SparseTable: Sendable {
  /// The number of columns.
  let columns: Int
  private var ends: [Int]
  private var places: [Int32]
  private var values: [Float]

  /// Gathers numbers into rows.
  ///
  /// - Parameter fill: gives every number by its row and column, the columns of a row ascending; it is called twice. A 0
  ///   is passed over.
  init(
    columns: Int, rows: Int, fill: (_ add: (_ row: Int, _ column: Int, Float) -> Void) -> Void
  ) {
    self.columns = columns
    var counts = [Int](repeating: 0, count: rows + 1)
    fill { row, _, value in if value != 0 { counts[row + 1] += 1 } }
    for row in 0..<rows { counts[row + 1] += counts[row] }
    var places = [Int32](repeating: 0, count: counts[rows])
    var values = [Float](repeating: 0, count: counts[rows])
    var next = counts
    fill { row, column, value in
      guard value != 0 else { return }
      precondition((0..<columns).contains(column), "there is no column \(column)")
      (places[next[row]], values[next[row]]) = (Int32(column), value)
      next[row] += 1
    }
    (self.ends, self.places, self.values) = (counts, places, values)
  }

  /// Whether all numbers are 0 or 1.
  var hasOnesOnly: Bool { values.allSatisfy { $0 == 1 } }

  /// The largest number of a row's numbers that are not 0.
  var largestRow: Int { ends.indices.dropFirst().map { ends[$0] - ends[$0 - 1] }.max() ?? 0 }

  /// The columns of a row's numbers, ascending.
  func places(ofRow row: Int) -> ArraySlice<Int32> { places[ends[row]..<ends[row + 1]] }

  /// Writes a row whole.
  func copy(_ row: Int, to target: inout [Float]) {
    precondition(target.count == columns, "no room for a row")
    target.withUnsafeMutableBufferPointer { target in
      target.update(repeating: 0)
      for place in ends[row]..<ends[row + 1] { target[Int(places[place])] = values[place] }
    }
  }
}

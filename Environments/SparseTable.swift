/// Rows of numbers of which most are 0: the others, with their columns.
struct SparseTable: Sendable {
  /// The number of columns.
  let columns: Int
  private var ends: [Int] = [0]
  private var places: [Int32] = []
  private var values: [Float] = []

  /// A table without rows.
  init(columns: Int) { self.columns = columns }

  /// Adds a number to the row at hand; 0 is passed over.
  mutating func add(_ value: Float, at column: Int) {
    precondition((0..<columns).contains(column), "there is no column \(column)")
    guard value != 0 else { return }
    places.append(Int32(column))
    values.append(value)
  }

  /// Ends the row at hand.
  mutating func endRow() { ends.append(places.count) }

  /// Writes a row whole.
  func copy(_ row: Int, to target: inout [Float]) {
    precondition(target.count == columns, "no room for a row")
    target.withUnsafeMutableBufferPointer { target in
      target.update(repeating: 0)
      for place in ends[row]..<ends[row + 1] { target[Int(places[place])] = values[place] }
    }
  }
}

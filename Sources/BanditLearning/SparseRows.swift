/// Rows of numbers of which most are 0, as the others and where they are.
///
/// Tables with many categories are such rows: stored whole, ten thousand columns would fill memory and checkpoints.
struct SparseRows: Sendable {
  /// Fewer columns are stored whole.
  private static let leastColumns = 256
  /// The share of a row's numbers, one in so many, from which on rows are stored whole.
  private static let sparsity = 4

  private let columns: Int
  private var count = 0
  /// The room for numbers in a row.
  private var stride = 0
  /// The columns of a row's numbers, ended by −1 or the room's end.
  private(set) var indices: [Int32] = []
  /// The numbers, 0 after a row's end.
  private(set) var values: [Float] = []

  /// No rows; nil for so few columns that rows are stored whole.
  init?(columns: Int) {
    guard columns >= Self.leastColumns else { return nil }
    self.columns = columns
  }

  /// Rows that were saved; nil where these are none.
  init?(columns: Int, count: Int, indices: [Int32], values: [Float]) {
    self.init(columns: columns)
    let stride = values.count / max(count, 1)
    guard indices.count == values.count, stride * count == values.count, stride * Self.sparsity <= columns,
      indices.allSatisfy({ (-1..<Int32(clamping: columns)).contains($0) })
    else { return nil }
    (self.count, self.stride, self.indices, self.values) = (count, stride, indices, values)
  }

  /// Stores a row in the place of another or behind the last; false, and nothing is stored, if too few of its numbers
  /// are 0.
  mutating func store(_ row: ArraySlice<Float>, at slot: Int) -> Bool {
    // A negative zero is kept: what is read again has the same bits.
    let filled = row.count { $0.bitPattern != 0 }
    if filled > stride {
      guard filled * Self.sparsity <= columns else { return false }
      widen(to: filled)
    }
    if slot == count {
      indices.append(contentsOf: repeatElement(-1, count: stride))
      values.append(contentsOf: repeatElement(0, count: stride))
      count += 1
    }
    var place = slot * stride
    for (column, value) in row.enumerated() where value.bitPattern != 0 {
      (indices[place], values[place]) = (Int32(column), value)
      place += 1
    }
    while place < (slot + 1) * stride {
      (indices[place], values[place]) = (-1, 0)
      place += 1
    }
    return true
  }

  /// All rows as they were.
  var dense: [Float] {
    var dense = [Float](repeating: 0, count: count * columns)
    copy(Array(0..<count), to: &dense)
    return dense
  }

  /// Writes rows whole, in order, to the start of `target`.
  func copy(_ slots: [Int], to target: inout [Float]) {
    precondition(slots.count * columns <= target.count, "no room for \(slots.count) rows")
    target.withUnsafeMutableBufferPointer { target in
      target[..<(slots.count * columns)].update(repeating: 0)
      for (row, slot) in slots.enumerated() {
        for place in (slot * stride)..<((slot + 1) * stride) {
          guard indices[place] >= 0 else { break }
          target[row * columns + Int(indices[place])] = values[place]
        }
      }
    }
  }

  private mutating func widen(to wider: Int) {
    var (newIndices, newValues): ([Int32], [Float]) = ([], [])
    newIndices.reserveCapacity(count * wider)
    newValues.reserveCapacity(count * wider)
    for slot in 0..<count {
      let room = (slot * stride)..<((slot + 1) * stride)
      newIndices += indices[room] + repeatElement(-1, count: wider - stride)
      newValues += values[room] + repeatElement(0, count: wider - stride)
    }
    (indices, values, stride) = (newIndices, newValues, wider)
  }
}

import BanditNumerics
import CBanditKernels

/// Rows of inputs with a target each, gathered for one optimiser step or one prediction.
///
/// The storage is made once, for `capacity` rows, and used again.
public struct Minibatch: Sendable {
  /// How the inputs are carried.
  public let encoding: InputEncoding
  /// The largest number of rows.
  public let capacity: Int
  /// The number of rows in use.
  public private(set) var count = 0

  /// Dense inputs, `[capacity × columns]`; empty for one-hot ones.
  package private(set) var features: [Float]
  /// One-hot inputs, `[capacity × maximumActive]`, a row's list ended by −1 or its end; empty for dense ones.
  package private(set) var activeIndices: [Int32]
  /// Where each column's list in `rowsByColumn` starts, `columns + 1` places; empty for dense inputs.
  private(set) var columnStarts: [Int32] = []
  /// The rows in which a column is active, column by column.
  private(set) var rowsByColumn: [Int32] = []
  /// Whether the lists by column are those of the rows in use.
  private(set) var isSorted = false
  /// A target a row.
  package private(set) var targets: [Float]
  /// How much a row counts in the cost: 1, unless a bootstrap mask says otherwise.
  package private(set) var exampleWeights: [Float]

  /// Creates an empty minibatch with room for `capacity` rows.
  public init(encoding: InputEncoding, capacity: Int) {
    precondition(capacity > 0, "a minibatch has room for at least one row")
    self.encoding = encoding
    self.capacity = capacity
    switch encoding {
    case .dense(let columns):
      features = Array(repeating: 0, count: capacity * columns)
      activeIndices = []
    case .oneHot(let columns, let maximumActive):
      features = []
      activeIndices = Array(repeating: -1, count: capacity * maximumActive)
      columnStarts = Array(repeating: 0, count: columns + 1)
      rowsByColumn = Array(repeating: 0, count: capacity * maximumActive)
    }
    targets = Array(repeating: 0, count: capacity)
    exampleWeights = Array(repeating: 1, count: capacity)
  }

  /// Removes all rows.
  public mutating func removeAll() {
    count = 0
    isSorted = false
  }

  /// Lists the rows by active column, which a gradient of one-hot inputs needs; called after the last row.
  public mutating func sortByColumn() {
    isSorted = true
    guard case .oneHot(let columns, let maximumActive) = encoding else { return }
    activeIndices.withUnsafeBufferPointer { active in
      columnStarts.withUnsafeMutableBufferPointer { starts in
        rowsByColumn.withUnsafeMutableBufferPointer { rows in
          Kernels.best.functions.pointee.invert_lists(
            count, maximumActive, active.baseAddress, columns, starts.baseAddress, rows.baseAddress)
        }
      }
    }
  }

  /// Adds a dense row.
  public mutating func append(features row: [Float], target: Float = 0, weight: Float = 1) {
    precondition(row.count == encoding.columns, "a row of \(row.count) numbers in \(encoding)")
    let start = startRow(target: target, weight: weight, width: row.count)
    for (offset, value) in row.enumerated() { features[start + offset] = value }
  }

  /// Adds a one-hot row; indices are in range, in any order.
  public mutating func append(activeIndices row: [Int32], target: Float = 0, weight: Float = 1) {
    guard case .oneHot(let columns, let width) = encoding else {
      preconditionFailure("a one-hot row in a dense minibatch")
    }
    precondition(row.count <= width, "\(row.count) active columns, at most \(width)")
    let start = startRow(target: target, weight: weight, width: width)
    var position = start
    for index in row {
      precondition(index >= 0 && index < columns, "active column \(index) of \(columns)")
      activeIndices[position] = index
      position += 1
    }
    while position < start + width {
      activeIndices[position] = -1
      position += 1
    }
  }

  /// Replaces all rows by the named rows of larger arrays of the same layout.
  package mutating func gather(slots: [Int], features: [Float], activeIndices: [Int32], targets: [Float]) {
    precondition(slots.count <= capacity, "\(slots.count) rows in a minibatch of \(capacity)")
    count = slots.count
    copyRows(slots, width: 1, from: targets, to: &self.targets)
    switch encoding {
    case .dense: copyRows(slots, width: rowWidth, from: features, to: &self.features)
    case .oneHot: copyRows(slots, width: rowWidth, from: activeIndices, to: &self.activeIndices)
    }
    sortByColumn()
  }

  /// Replaces all rows by the named ones of sparse rows.
  mutating func gather(slots: [Int], rows: SparseRows, targets: [Float]) {
    precondition(slots.count <= capacity, "\(slots.count) rows in a minibatch of \(capacity)")
    count = slots.count
    copyRows(slots, width: 1, from: targets, to: &self.targets)
    rows.copy(slots, to: &features)
    sortByColumn()
  }

  /// Takes another minibatch's dense rows, each number moved by its column's radius times its direction.
  ///
  /// - Parameter directions: `[rows × columns]`.
  mutating func copy(
    _ other: borrowing Minibatch, movedBy directions: UnsafePointer<Float>, radii: [Float], scale: Float
  ) {
    precondition(other.encoding == encoding && other.count <= capacity, "a minibatch of the same form")
    precondition(radii.count == rowWidth, "a radius for each column")
    count = other.count
    var position = 0
    for row in 0..<count {
      targets[row] = other.targets[row]
      exampleWeights[row] = other.exampleWeights[row]
      for radius in radii {
        features[position] = other.features[position] + scale * radius * directions[position]
        position += 1
      }
    }
    sortByColumn()
  }

  /// Replaces every row's target by what is made of it.
  package mutating func replaceTargets(_ replacement: (_ row: Int, _ target: Float) -> Float) {
    for row in 0..<count { targets[row] = replacement(row, targets[row]) }
  }

  /// Sets how much a row counts in the cost.
  mutating func setExampleWeight(_ weight: Float, row: Int) { exampleWeights[row] = weight }

  /// Numbers stored a row.
  var rowWidth: Int {
    switch encoding {
    case .dense(let columns): columns
    case .oneHot(_, let maximumActive): maximumActive
    }
  }

  private mutating func startRow(target: Float, weight: Float, width: Int) -> Int {
    precondition(count < capacity, "a minibatch of \(capacity) rows is full")
    targets[count] = target
    exampleWeights[count] = weight
    count += 1
    isSorted = false
    return (count - 1) * width
  }
}

/// Copies rows of `width` elements, in order, to the start of `target`.
private func copyRows<Element: BitwiseCopyable>(
  _ slots: [Int], width: Int, from source: [Element], to target: inout [Element]
) {
  source.withUnsafeBufferPointer { source in
    target.withUnsafeMutableBufferPointer { target in
      guard let from = source.baseAddress, let to = target.baseAddress else { return }
      for row in slots.indices {
        (to + row * width).update(from: from + slots[row] * width, count: width)
      }
    }
  }
}

import BanditNumerics
import CBanditKernels

/// How often the units of a network are dropped while it learns.
///
/// A unit is set to 0 with its layer's rate, each example by itself, and else divided by 1 − rate, so that plain
/// predictions need no factor.
///
/// Source: Srivastava et al. 2014, §4; Gal & Ghahramani 2016 for predictions with units dropped.
///
/// *Deviations*: units are scaled up in training where the paper scales weights down in testing; the expectations
/// are the same.
public struct Dropout: Hashable, Sendable {
  /// The rate of the inputs, from 0 to below 1; dense inputs alone.
  public let input: Double
  /// The rate after every hidden layer, from 0 to below 1.
  public let hidden: Double

  /// Creates rates; both are 0 unless given.
  public init(input: Double = 0, hidden: Double = 0) {
    precondition(
      (0..<1).contains(input) && (0..<1).contains(hidden), "a dropout rate is at least 0 and below 1")
    self.input = input
    self.hidden = hidden
  }

  /// No dropout.
  public static let none = Dropout()

  /// Which examples of a minibatch have masks of their own.
  public enum Sharing: Hashable, Sendable {
    /// Each of them.
    case independent
    /// None: one draw of the units serves all.
    case shared
  }
}

/// What each unit of a minibatch is multiplied with, and the inputs so multiplied.
struct DropoutMasks: Sendable {
  private let dropout: Dropout
  private let architecture: NetworkArchitecture
  /// By hidden layer, as its activations lie.
  private var hidden: FloatBuffer
  private let offsets: [Int]
  /// `[rows × columns]`.
  private var input: FloatBuffer
  private var droppedInputs: FloatBuffer
  private let kernels = Kernels.best

  /// Room for minibatches of at most `capacity` rows; nil where nothing is dropped.
  init?(_ dropout: Dropout, _ architecture: NetworkArchitecture, capacity: Int) {
    guard dropout != .none else { return nil }
    var columns = 0
    if dropout.input > 0 {
      guard case .dense = architecture.input else { preconditionFailure("one-hot inputs are never dropped") }
      columns = architecture.input.columns
    }
    self.dropout = dropout
    self.architecture = architecture
    let sizes = architecture.layers.map { $0.isHidden && dropout.hidden > 0 ? capacity * $0.rowLength : 0 }
    offsets = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    hidden = FloatBuffer(count: sizes.reduce(0, +))
    input = FloatBuffer(count: capacity * columns)
    droppedInputs = input
  }

  /// The inputs of the last minibatch with some dropped; nil where they are all kept.
  var inputs: UnsafePointer<Float>? { dropout.input > 0 ? droppedInputs.pointer : nil }

  /// Draws masks for a minibatch.
  mutating func draw(
    _ batch: borrowing Minibatch, _ stream: inout NormalStream, sharing: Dropout.Sharing = .independent
  ) {
    for (index, layer) in architecture.layers.enumerated() where layer.isHidden && dropout.hidden > 0 {
      draw(
        hidden.mutablePointer + offsets[index], rows: batch.count, row: layer.rowLength, rate: dropout.hidden,
        &stream, sharing)
    }
    guard dropout.input > 0 else { return }
    draw(
      input.mutablePointer, rows: batch.count, row: architecture.input.columns, rate: dropout.input, &stream,
      sharing)
    dropInputs(batch)
  }

  private func draw(
    _ masks: UnsafeMutablePointer<Float>, rows: Int, row: Int, rate: Double, _ stream: inout NormalStream,
    _ sharing: Dropout.Sharing
  ) {
    let drawn = sharing == .shared ? min(rows, 1) : rows
    kernels.functions.pointee.dropout_mask(&stream.lanes, drawn * row, Float(rate), masks)
    for other in drawn..<rows { (masks + other * row).update(from: masks, count: row) }
  }

  /// Takes given masks, the hidden layers' and then the inputs', instead of drawing; for tests.
  mutating func set(_ values: [Float], _ batch: borrowing Minibatch) {
    var left = values[...]
    for (index, layer) in architecture.layers.enumerated() where layer.isHidden && dropout.hidden > 0 {
      for row in 0..<batch.count {
        for unit in 0..<layer.outputs {
          hidden[offsets[index] + row * layer.rowLength + unit] = left.removeFirst()
        }
      }
    }
    for (position, value) in left.enumerated() { input[position] = value }
    if dropout.input > 0 { dropInputs(batch) }
  }

  /// Multiplies a layer's activations, or the derivatives by them, with its mask; `values` starts at the first of the
  /// rows.
  func apply(to values: UnsafeMutablePointer<Float>, layer index: Int, rows: Range<Int>) {
    let layer = architecture.layers[index]
    guard layer.isHidden && dropout.hidden > 0 else { return }
    kernels.functions.pointee.multiply_elements(
      rows.count * layer.rowLength, values,
      hidden.pointer + offsets[index] + rows.lowerBound * layer.rowLength, values)
  }

  private mutating func dropInputs(_ batch: borrowing Minibatch) {
    let mask = input.pointer
    let out = droppedInputs.mutablePointer
    batch.features.withUnsafeBufferPointer { features in
      kernels.functions.pointee.multiply_elements(
        batch.count * architecture.input.columns, features.baseAddress, mask, out)
    }
  }
}

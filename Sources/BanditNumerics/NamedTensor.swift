/// A named array of numbers, as files carry a network's parameters and a component's state.
public struct NamedTensor: Hashable, Sendable {
  /// The numbers, row by row, in one of the kinds that files keep exactly.
  public enum Elements: Hashable, Sendable {
    /// Single precision.
    case float([Float])
    /// Double precision.
    case double([Double])
    /// Whole numbers with a sign, 32 bits.
    case int32([Int32])
    /// Whole numbers without a sign, 64 bits.
    case uint64([UInt64])

    /// How many there are.
    public var count: Int {
      switch self {
      case .float(let values): values.count
      case .double(let values): values.count
      case .int32(let values): values.count
      case .uint64(let values): values.count
      }
    }
  }

  /// Of a network's: `layers.0.weight`, `layers.0.bias` and so on, with `.mean` or `.rho` behind it in a posterior.
  public let name: String
  /// The sizes, outermost first, none for a single number: `[outputs, inputs]` for weights, `[outputs]` for biases,
  /// as in PyTorch.
  public let shape: [Int]
  /// The numbers.
  public let elements: Elements

  /// Creates a tensor; whether the numbers fit the shape is checked where it is used.
  public init(name: String, shape: [Int], elements: Elements) {
    self.name = name
    self.shape = shape
    self.elements = elements
  }

  /// Creates a tensor of single precision.
  public init(name: String, shape: [Int], values: [Float]) {
    self.init(name: name, shape: shape, elements: .float(values))
  }

  /// The same numbers under another name.
  public func named(_ name: String) -> NamedTensor {
    NamedTensor(name: name, shape: shape, elements: elements)
  }

  /// The numbers of a tensor of single precision; none of another.
  public var values: [Float] { if case .float(let values) = elements { values } else { [] } }
}

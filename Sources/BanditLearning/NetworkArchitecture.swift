/// How a network's inputs arrive.
public enum InputEncoding: Hashable, Sendable {
  /// Rows of `columns` numbers.
  case dense(columns: Int)
  /// Rows of zeros and ones, given as lists of at most `maximumActive` column indices.
  case oneHot(columns: Int, maximumActive: Int)

  /// The number of columns.
  public var columns: Int {
    switch self {
    case .dense(let columns), .oneHot(let columns, _): columns
    }
  }
}

/// The sizes of a fully connected network and where its parameters lie in one flat buffer.
///
/// Hidden layers are rectified linear (ReLU), the last one is linear. Weights are stored as `[inputs × outputs]`,
/// so that a one-hot input picks whole rows; the layer's biases follow them. (The papers and PyTorch write
/// `[outputs × inputs]`.)
public struct NetworkArchitecture: Hashable, Sendable {
  /// One fully connected layer.
  public struct Layer: Hashable, Sendable {
    /// The number of inputs.
    public let inputs: Int
    /// The number of outputs.
    public let outputs: Int
    /// Where its weights start in the flat buffer.
    public let weights: Int
    /// Where its biases start in the flat buffer.
    public let biases: Int
    /// Whether a ReLU follows.
    public let isHidden: Bool
    /// Floats from one row of activations to the next: hidden layers of several units start theirs on cache lines.
    var rowLength: Int { isHidden && outputs > 1 ? (outputs + 15) / 16 * 16 : outputs }
  }

  /// How inputs arrive.
  public let input: InputEncoding
  /// The layers, first to last.
  public let layers: [Layer]
  /// The number of weights and biases.
  public let parameterCount: Int

  /// Creates an architecture; every size is at least one.
  public init(input: InputEncoding, hidden: [Int], outputs: Int) {
    precondition(([input.columns, outputs] + hidden).allSatisfy { $0 > 0 }, "a layer has at least one unit")
    var layers: [Layer] = []
    var position = 0
    var width = input.columns
    for (index, size) in (hidden + [outputs]).enumerated() {
      let biases = position + width * size
      layers.append(
        Layer(inputs: width, outputs: size, weights: position, biases: biases, isHidden: index < hidden.count)
      )
      position = biases + size
      width = size
    }
    self.input = input
    self.layers = layers
    parameterCount = position
  }

  /// The number of outputs.
  public var outputs: Int { layers.last?.outputs ?? 0 }
}

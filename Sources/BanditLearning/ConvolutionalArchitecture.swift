/// The sizes of a small convolutional network and where its parameters lie in one flat buffer.
///
/// Every convolution keeps the image's size by zeros around it and is followed by a ReLU and by the maximum over
/// squares of 2 × 2 pixels; a linear layer gives the outputs. An image is `[height × width × channels]`, the channels
/// of a pixel side by side, and so are the inputs of the linear layer. Weights are `[kernel × kernel × channels ×
/// filters]`, as Keras has them; a layer's biases follow them.
public struct ConvolutionalArchitecture: Codable, Hashable, Sendable {
  /// Rows of an image; halved by every convolution.
  public let height: Int
  /// Columns of an image; halved by every convolution.
  public let width: Int
  /// Filters of each convolution.
  public let filters: [Int]
  /// Rows and columns of a filter, an odd number.
  public let kernel: Int
  /// The number of outputs.
  public let outputs: Int

  /// Creates an architecture for images of one channel.
  public init(height: Int, width: Int, filters: [Int], kernel: Int, outputs: Int) {
    self.height = height
    self.width = width
    self.filters = filters
    self.kernel = kernel
    self.outputs = outputs
    precondition(isPossible, "convolutions have odd kernels, and images halves for each")
  }

  /// Whether there is such a network, of a size that can be meant; those from files may be none.
  public var isPossible: Bool {
    let sizes = [height, width, outputs] + filters
    guard sizes.allSatisfy({ (1...4_096).contains($0) }), (1...8).contains(filters.count) else {
      return false
    }
    return kernel % 2 == 1 && (1...31).contains(kernel) && height % (1 << filters.count) == 0
      && width % (1 << filters.count) == 0
  }

  /// One convolution with what follows it.
  struct Layer {
    let height: Int
    let width: Int
    let channels: Int
    let filters: Int
    let kernel: Int
    /// Where its weights start in the flat buffer.
    let weights: Int

    /// Pixels of an image.
    var positions: Int { height * width }
    /// Numbers that a filter sees at once.
    var patch: Int { kernel * kernel * channels }
    /// Numbers of an image that goes in.
    var inputs: Int { positions * channels }
    /// Numbers of an image before the maxima.
    var activations: Int { positions * filters }
    /// Numbers of an image that comes out.
    var pooled: Int { positions / 4 * filters }
    /// Where its biases start in the flat buffer.
    var biases: Int { weights + patch * filters }
    /// Where it ends in the flat buffer.
    var end: Int { biases + filters }
  }

  /// The convolutions, first to last.
  var layers: [Layer] {
    var layers: [Layer] = []
    for (index, count) in filters.enumerated() {
      layers.append(
        Layer(
          height: height >> index, width: width >> index, channels: index == 0 ? 1 : filters[index - 1],
          filters: count, kernel: kernel, weights: layers.last?.end ?? 0))
    }
    return layers
  }

  /// The linear layer; its parameters lie behind those of the convolutions.
  var head: NetworkArchitecture {
    NetworkArchitecture(input: .dense(columns: layers.last?.pooled ?? 0), hidden: [], outputs: outputs)
  }

  /// The names and shapes of the parameters, in the order of the flat buffer.
  var tensorShapes: [(name: String, shape: [Int])] {
    let convolutions = layers.enumerated().flatMap { index, layer in
      [
        ("convolutions.\(index).weight", [kernel, kernel, layer.channels, layer.filters]),
        ("convolutions.\(index).bias", [layer.filters]),
      ]
    }
    return convolutions + [("linear.weight", [head.input.columns, outputs]), ("linear.bias", [outputs])]
  }

  /// The number of weights and biases.
  public var parameterCount: Int { (layers.last?.end ?? 0) + head.parameterCount }

  /// How images arrive.
  public var input: InputEncoding { .dense(columns: height * width) }
}

public import BanditNumerics

/// A network that never learns; a multiple of its output is added to that of a network that does.
///
/// Its weights are normal, of variance 2/inputs in hidden layers and 1/inputs in the last, its biases 0: inputs of
/// variance 1 give outputs of about that variance.
///
/// Source: Osband, Aslanides & Cassirer 2018, §3 (randomised prior functions).
public struct PriorFunction: Sendable {
  /// What the output is multiplied by.
  public let scale: Double
  private var network: DenseNetwork
  private var parameters: FloatBuffer

  /// Draws a prior with the inputs and hidden layers of an architecture, and one output.
  public init(_ trained: NetworkArchitecture, capacity: Int, scale: Double, stream: RandomStream) {
    let architecture = NetworkArchitecture(
      input: trained.input, hidden: trained.layers.dropLast().map(\.outputs), outputs: 1)
    self.scale = scale
    network = DenseNetwork(architecture, capacity: capacity)
    parameters = FloatBuffer(count: architecture.parameterCount)
    parameters.fillNormally(sigma: 1, stream)
    for layer in architecture.layers {
      let sigma = ((layer.isHidden ? 2 : 1) / Float(layer.inputs)).squareRoot()
      for index in layer.weights..<layer.biases { parameters[index] *= sigma }
      for index in layer.biases..<(layer.biases + layer.outputs) { parameters[index] = 0 }
    }
  }

  /// Adds its multiple to the value of each row of a minibatch.
  public mutating func add(_ batch: borrowing Minibatch, to values: inout [Double]) {
    network.forward(batch, parameters: parameters.pointer)
    let outputs = network.outputs
    for row in 0..<batch.count { values[row] += scale * Double(outputs[row]) }
  }

  /// Subtracts its multiple from each target: what a network learns from that, plus the prior, learns the target.
  public mutating func subtract(from batch: inout Minibatch) {
    network.forward(batch, parameters: parameters.pointer)
    let (outputs, scale) = (network.outputs, Float(scale))
    batch.replaceTargets { row, target in target - scale * outputs[row] }
  }

  /// The output of each row of a minibatch, not multiplied.
  public mutating func outputs(_ batch: borrowing Minibatch) -> [Double] {
    network.forward(batch, parameters: parameters.pointer)
    return (0..<batch.count).map { Double(network.outputs[$0]) }
  }

  private var layout: TensorLayout { TensorLayout(architecture: network.architecture, parts: [.init()]) }

  /// The weights and biases, by a network's names.
  public var tensors: [NamedTensor] { layout.tensors(parameters) }

  /// Replaces the weights and biases; nothing changes if they do not fit.
  public mutating func load(_ tensors: [NamedTensor]) throws(TensorError) {
    parameters = try layout.buffer(tensors, count: parameters.count)
  }
}

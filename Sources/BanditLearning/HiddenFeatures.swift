public import BanditNumerics

/// The last hidden layer of a network at one moment of its training, as features for a linear model.
public struct HiddenFeatures: Sendable {
  private var network: DenseNetwork
  private var parameters: FloatBuffer

  /// The features of a network as it is; it has a hidden layer.
  public init(_ trained: PointNetwork, capacity: Int) {
    precondition(trained.architecture.layers.count > 1, "features are those of a hidden layer")
    network = DenseNetwork(trained.architecture, capacity: capacity)
    parameters = FloatBuffer(count: trained.parameters.count)
    refresh(trained)
  }

  /// The number of features.
  public var count: Int { network.architecture.layers[network.architecture.layers.count - 2].outputs }

  /// Takes over the network's parameters, without sharing their memory.
  public mutating func refresh(_ trained: PointNetwork) {
    precondition(trained.parameters.count == parameters.count, "features of another network")
    parameters.mutablePointer.update(from: trained.parameters.pointer, count: parameters.count)
  }

  /// The parameters that the features are computed from.
  public var state: StoredArray<Float> {
    StoredArray(
      wrappedValue: withExtendedLifetime(parameters) {
        Array(UnsafeBufferPointer(start: parameters.pointer, count: parameters.count))
      })
  }

  /// Continues with other parameters of a network of the same sizes; nothing changes if they do not fit.
  public mutating func restore(_ state: StoredArray<Float>) throws(TensorError) {
    let values = state.wrappedValue
    guard values.count == parameters.count, values.allSatisfy({ $0.isFinite }) else {
      throw .wrongState("features come from \(parameters.count) parameters, not \(values.count)")
    }
    parameters.mutablePointer.update(from: values, count: values.count)
  }

  /// The parameters that the features are computed from, by a network's names.
  public var tensors: [NamedTensor] {
    TensorLayout(architecture: network.architecture, parts: [.init()]).tensors(parameters)
  }

  /// The network's outputs for the minibatch computed last.
  public func outputs(rows: Int) -> [Double] {
    (0..<(rows * network.architecture.outputs)).map { Double(network.outputs[$0]) }
  }

  /// Computes the features of a minibatch.
  public mutating func compute(_ batch: borrowing Minibatch) {
    network.forward(batch, parameters: parameters.pointer)
  }

  /// Copies a row's features, computed last, to the start of an array.
  public func copy(row: Int, to features: inout [Double]) {
    let layer = network.architecture.layers[network.architecture.layers.count - 2]
    let values = network.lastHidden + row * layer.rowLength
    for unit in 0..<layer.outputs { features[unit] = Double(values[unit]) }
  }
}

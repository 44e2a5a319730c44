import BanditNumerics

/// Why tensors are not those of a network.
public enum TensorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No tensor has this name.
  case missing(String)
  /// The network has no tensor of this name, or another one has it too.
  case unexpected(String)
  /// A tensor of another shape, or whose numbers do not fill it.
  case wrongShape(String, shape: [Int], count: Int, expected: [Int])
  /// A tensor with a number that is infinite or none at all.
  case notFinite(String)
  /// A training state whose count or generators do not belong to such a network.
  case wrongState(String)

  /// What is wrong, where, and what is expected.
  public var description: String {
    switch self {
    case .missing(let name): "there is no tensor \(name)"
    case .unexpected(let name): "the network has no tensor \(name), or it is there twice"
    case .wrongShape(let name, let shape, let count, let expected):
      "tensor \(name) has the shape \(shape) and \(count) numbers; the network's has the shape \(expected)"
    case .notFinite(let name): "tensor \(name) has a number that is not finite"
    case .wrongState(let problem): problem
    }
  }
}

extension TensorError {
  /// The most that something is counted to in a state.
  private static let mostCounted = 1 << 53

  /// Throws unless a number of a state, which comes from a file, is a count that can go on.
  public static func requireCount(_ value: Int, _ field: String) throws(TensorError) {
    guard (0...mostCounted).contains(value) else {
      throw .wrongState("\(field): \(value) is not allowed; allowed: 0 to \(mostCounted)")
    }
  }
}

/// Which tensors the parts of a flat buffer are: one part for point estimates, means and ρs for a posterior.
struct TensorLayout {
  struct Part {
    var prefix = ""
    var suffix = ""
    /// Where the part starts in the buffer.
    var offset = 0

    func name(of entry: Entry) -> String { prefix + entry.name + suffix }
  }

  /// One array of numbers within a part.
  struct Entry {
    let name: String
    /// As files have it.
    let shape: [Int]
    /// Where it starts in the part.
    let position: Int
    /// Whether the buffer has the columns of the file's rows side by side.
    let isTransposed: Bool
  }

  let entries: [Entry]
  let parts: [Part]

  /// The layout of a fully connected network.
  init(architecture: NetworkArchitecture, parts: [Part]) {
    let entries = architecture.layers.enumerated().flatMap { index, layer in
      [
        Entry(
          name: "layers.\(index).weight", shape: [layer.outputs, layer.inputs], position: layer.weights,
          isTransposed: true),
        Entry(
          name: "layers.\(index).bias", shape: [layer.outputs], position: layer.biases, isTransposed: false),
      ]
    }
    self.init(entries: entries, parts: parts)
  }

  init(entries: [Entry], parts: [Part]) {
    self.entries = entries
    self.parts = parts
  }

  /// The buffer's tensors.
  func tensors(_ buffer: FloatBuffer) -> [NamedTensor] {
    parts.flatMap { part in
      entries.map { entry in
        let shape = entry.shape
        let count = shape.reduce(1, *)
        var values = withExtendedLifetime(buffer) {
          Array(UnsafeBufferPointer(start: buffer.pointer + part.offset + entry.position, count: count))
        }
        if entry.isTransposed { values = transposed(values, rows: shape[1], columns: shape[0]) }
        return NamedTensor(name: part.name(of: entry), shape: shape, values: values)
      }
    }
  }

  /// A buffer of `count` numbers with the tensors in their places, which must be exactly this layout's.
  func buffer(_ tensors: [NamedTensor], count: Int) throws(TensorError) -> FloatBuffer {
    var left: [String: NamedTensor] = [:]
    for tensor in tensors {
      guard left.updateValue(tensor, forKey: tensor.name) == nil else { throw .unexpected(tensor.name) }
    }
    var buffer = FloatBuffer(count: count)
    for part in parts {
      for entry in entries {
        let name = part.name(of: entry)
        let shape = entry.shape
        guard let tensor = left.removeValue(forKey: name) else { throw .missing(name) }
        guard tensor.shape == shape, tensor.values.count == shape.reduce(1, *) else {
          throw .wrongShape(name, shape: tensor.shape, count: tensor.values.count, expected: shape)
        }
        guard tensor.values.allSatisfy({ $0.isFinite }) else { throw .notFinite(name) }
        var values = tensor.values
        if entry.isTransposed { values = transposed(values, rows: shape[0], columns: shape[1]) }
        (buffer.mutablePointer + part.offset + entry.position).update(from: values, count: values.count)
      }
    }
    if let name = left.keys.min() { throw .unexpected(name) }
    return buffer
  }

  private func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var out = values
    for row in 0..<rows {
      for column in 0..<columns { out[column * rows + row] = values[row * columns + column] }
    }
    return out
  }
}

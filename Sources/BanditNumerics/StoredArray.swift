import Synchronization

/// A number that arrays of a state are made of.
public protocol StoredElement: Codable, Hashable, Sendable {
  /// An array of these as a tensor's elements.
  static func elements(_ values: [Self]) -> NamedTensor.Elements
  /// The array that elements are; nil for those of another kind.
  static func values(_ elements: NamedTensor.Elements) -> [Self]?
}

extension Float: StoredElement {
  /// An array of these as a tensor's elements.
  public static func elements(_ values: [Float]) -> NamedTensor.Elements { .float(values) }
  /// The array that elements are; nil for those of another kind.
  public static func values(_ elements: NamedTensor.Elements) -> [Float]? {
    if case .float(let values) = elements { values } else { nil }
  }
}

extension Double: StoredElement {
  /// An array of these as a tensor's elements.
  public static func elements(_ values: [Double]) -> NamedTensor.Elements { .double(values) }
  /// The array that elements are; nil for those of another kind.
  public static func values(_ elements: NamedTensor.Elements) -> [Double]? {
    if case .double(let values) = elements { values } else { nil }
  }
}

extension Int32: StoredElement {
  /// An array of these as a tensor's elements.
  public static func elements(_ values: [Int32]) -> NamedTensor.Elements { .int32(values) }
  /// The array that elements are; nil for those of another kind.
  public static func values(_ elements: NamedTensor.Elements) -> [Int32]? {
    if case .int32(let values) = elements { values } else { nil }
  }
}

extension UInt64: StoredElement {
  /// An array of these as a tensor's elements.
  public static func elements(_ values: [UInt64]) -> NamedTensor.Elements { .uint64(values) }
  /// The array that elements are; nil for those of another kind.
  public static func values(_ elements: NamedTensor.Elements) -> [UInt64]? {
    if case .uint64(let values) = elements { values } else { nil }
  }
}

/// An array in a component's state that a checkpoint keeps as a tensor beside its JSON: exact, and quick however long.
///
/// Put it before a field of a state: `@StoredArray var sums: [Double]`.
@propertyWrapper
public struct StoredArray<Element: StoredElement>: Codable, Hashable, Sendable {
  /// The array.
  public var wrappedValue: [Element]

  /// Wraps an array.
  public init(wrappedValue: [Element]) { self.wrappedValue = wrappedValue }

  /// Writes the tensor to the encoder's `TensorStore` and its name in its place.
  public func encode(to encoder: any Encoder) throws {
    let elements = Element.elements(wrappedValue)
    try TensorStore.put(
      NamedTensor(name: "", shape: [wrappedValue.count], elements: elements), encoder: encoder)
  }

  /// Reads the tensor of the name in its place.
  public init(from decoder: any Decoder) throws {
    let tensor = try TensorStore.take(decoder)
    guard let values = Element.values(tensor.elements) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "tensor '\(tensor.name)' has other numbers"))
    }
    wrappedValue = values
  }
}

/// The tensors of a state while it is encoded or decoded; encoders carry it in their `userInfo`.
public final class TensorStore: Sendable {
  /// The key in `userInfo`.
  public static let key: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "bandit-sim.tensors") else {
      preconditionFailure("a key of letters is a key")
    }
    return key
  }()

  private let prefix: String
  private let stored: Mutex<[NamedTensor]>
  private let places: [String: Int]

  /// Creates a store; the names of tensors put into it begin with `prefix`.
  public init(prefix: String, tensors: [NamedTensor] = []) {
    self.prefix = prefix
    stored = Mutex(tensors)
    places = Dictionary(tensors.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// The tensors, in the order they were put.
  public var tensors: [NamedTensor] { stored.withLock { $0 } }

  /// Puts a tensor under the encoder's path, and writes that name.
  static func put(_ tensor: NamedTensor, encoder: any Encoder) throws {
    guard let store = encoder.userInfo[key] as? TensorStore else {
      throw EncodingError.invalidValue(
        tensor.shape,
        .init(codingPath: encoder.codingPath, debugDescription: "an array of a state needs a TensorStore"))
    }
    let path = encoder.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    let name = ([store.prefix] + path).joined(separator: ".")
    store.stored.withLock {
      $0.append(tensor.named(name))
    }
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }

  /// The tensor of the name that the decoder is at.
  static func take(_ decoder: any Decoder) throws -> NamedTensor {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let store = decoder.userInfo[key] as? TensorStore, let place = store.places[name] else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "there is no tensor '\(name)'"))
    }
    return store.stored.withLock { $0[place] }
  }
}

/// In a state, a tensor's numbers go where other arrays go; its own name stays in the JSON.
extension NamedTensor: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, values
  }

  private struct Stored: Codable {
    let tensor: NamedTensor

    init(_ tensor: NamedTensor) { self.tensor = tensor }
    init(from decoder: any Decoder) throws { tensor = try TensorStore.take(decoder) }
    func encode(to encoder: any Encoder) throws { try TensorStore.put(tensor, encoder: encoder) }
  }

  /// Writes the name, and the numbers to the encoder's `TensorStore`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(Stored(self), forKey: .values)
  }

  /// Reads the name, and the numbers from the decoder's `TensorStore`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tensor = try container.decode(Stored.self, forKey: .values).tensor
    self.init(
      name: try container.decode(String.self, forKey: .name), shape: tensor.shape, elements: tensor.elements)
  }
}

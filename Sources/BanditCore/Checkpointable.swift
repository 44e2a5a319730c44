public import BanditNumerics
import Foundation

/// An agent or environment that can be saved between two steps and resumed later, in another process, as if it had
/// never stopped.
///
/// A run whose agent and environment both are is resumed exactly after a kill; `Docs/PlugIns.md` has examples.
///
/// Law (`BanditTesting` checks it): a component that is created with the same settings and stream, is not played or
/// prefilled, and restores the state of another between two steps, then acts as the other does.
public protocol Checkpointable: Component {
  /// What the component can be resumed from: everything that does not follow from its settings and its stream.
  ///
  /// Long arrays are quicker and smaller as `StoredArray`.
  associatedtype State: Codable & Sendable

  /// The state between two steps.
  ///
  /// - Throws: where it has to be asked of somebody else, such as a child process.
  var state: State { get throws }

  /// Whether there is a state at all; true unless only the instance knows.
  var canSaveState: Bool { get }

  /// Takes the state that a component of the same settings had.
  ///
  /// - Throws: any error, for a state that does not fit; it comes from a file.
  mutating func restore(_ state: State) throws
}

extension Checkpointable {
  /// There is.
  public var canSaveState: Bool { true }
}

extension Checkpointable where Self: Codable {
  /// The whole component.
  public var state: Self { self }

  /// Becomes the component that was saved.
  public mutating func restore(_ state: Self) { self = state }
}

/// The state of a component that has none.
public struct NoState: Codable, Hashable, Sendable {
  /// The only value.
  public init() {}
}

/// A state as a file keeps it: text in JSON, and its long arrays as tensors.
public struct EncodedState: Codable, Hashable, Sendable {
  /// JSON, in which tensors are given by their names.
  public var text: String
  /// The tensors.
  public var tensors: [NamedTensor]

  /// A state that was read.
  public init(text: String, tensors: [NamedTensor]) {
    self.text = text
    self.tensors = tensors
  }

  /// Encodes a state; the names of its tensors begin with `name`.
  public init(_ state: some Encodable, name: String) throws {
    let store = TensorStore(prefix: name)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.userInfo[TensorStore.key] = store
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: Self.infinities.positive, negativeInfinity: Self.infinities.negative,
      nan: Self.infinities.nan)
    text = String(decoding: try encoder.encode(state), as: UTF8.self)
    tensors = store.tensors
  }

  /// The state.
  public func decoded<State: Decodable>(as type: State.Type) throws -> State {
    let decoder = JSONDecoder()
    decoder.userInfo[TensorStore.key] = TensorStore(prefix: "", tensors: tensors)
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: Self.infinities.positive, negativeInfinity: Self.infinities.negative,
      nan: Self.infinities.nan)
    return try decoder.decode(type, from: Data(text.utf8))
  }

  private static let infinities = (positive: "infinity", negative: "-infinity", nan: "nan")
}

extension Checkpointable {
  /// The state as a file keeps it.
  public func encodedState(name: String) throws -> EncodedState { try EncodedState(state, name: name) }

  /// Takes a state that was read.
  public mutating func restore(encoded: EncodedState) throws { try restore(encoded.decoded(as: State.self)) }
}

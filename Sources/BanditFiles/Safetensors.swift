public import BanditNumerics
import Foundation

/// A file of named tensors in the safetensors format, which Python's `safetensors` reads and writes.
///
/// A file is the length of its header in eight bytes, least byte first; the header, a JSON object that gives every
/// tensor's type, shape and place; and the tensors' bytes without gaps. The types `F32`, `F64`, `I32` and `U64` are
/// known here.
///
/// Source: the format's description in the `safetensors` package.
public struct Safetensors: Hashable, Sendable {
  /// The tensors, by name in a file that was read.
  public var tensors: [NamedTensor]
  /// Words about the file.
  public var metadata: [String: String]

  /// The longest header that is read or written: the format's own limit.
  public static let longestHeader = 100_000_000
  private static let metadataKey = "__metadata__"

  /// Creates the contents of a file; names differ, and none is `__metadata__`.
  public init(_ tensors: [NamedTensor], metadata: [String: String] = [:]) {
    precondition(
      tensors.allSatisfy { $0.shape.reduce(1, *) == $0.elements.count },
      "numbers that do not fill their tensor")
    let names = Set(tensors.map(\.name))
    precondition(names.count == tensors.count, "two tensors have the same name")
    precondition(!names.contains(Self.metadataKey), "a tensor cannot be called \(Self.metadataKey)")
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of that name.
  public func tensor(named name: String) -> NamedTensor? { tensors.first { $0.name == name } }

  /// The bytes of the file; the same contents give the same bytes.
  public var bytes: [UInt8] {
    var header: [String: HeaderEntry] = [:]
    var position = 0
    for tensor in tensors {
      let type = ElementType(tensor.elements)
      let end = position + type.size * tensor.elements.count
      header[tensor.name] = .tensor(
        TensorEntry(dtype: type.rawValue, shape: tensor.shape, dataOffsets: [position, end]))
      position = end
    }
    if !metadata.isEmpty { header[Self.metadataKey] = .metadata(metadata) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var text = try? [UInt8](encoder.encode(header)) else {
      preconditionFailure("a header of words and whole numbers has no JSON")
    }
    // The tensors start at a multiple of eight bytes, for readers that map the file into memory.
    text += Array(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    precondition(text.count <= Self.longestHeader, "a header of \(text.count) bytes")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + position)
    for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: text.count >> (8 * byte))) }
    bytes += text
    for tensor in tensors { tensor.elements.append(to: &bytes) }
    return bytes
  }

  /// Reads the bytes of a file.
  ///
  /// - `file`: what errors call the file.
  /// - Throws: `DataFileError` for bytes that are not such a file, are cut short or have anything behind the tensors,
  ///   and for tensors of other types.
  public init(bytes: [UInt8], file: String) throws(DataFileError) {
    func refuse(_ reason: String) -> DataFileError { DataFileError(file: file, reason: reason) }
    guard bytes.count >= 8 else {
      throw refuse("has \(bytes.count) bytes; a safetensors file begins with 8 for its header's length")
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * UInt64($1)) }
    guard length <= Self.longestHeader else {
      throw refuse("says its header has \(length) bytes, more than the \(Self.longestHeader) allowed")
    }
    let start = 8 + Int(length)
    guard start <= bytes.count else {
      throw refuse("ends within its header of \(length) bytes; it is cut short or not a safetensors file")
    }
    let header: [String: HeaderEntry]
    do {
      try checkDepth(ofJSON: bytes[8..<start], file: file)
      header = try JSONDecoder().decode([String: HeaderEntry].self, from: Data(bytes[8..<start]))
    } catch {
      throw refuse("has a header that is not the JSON of a safetensors file")
    }
    metadata = [:]
    tensors = []
    var entries: [(name: String, entry: TensorEntry)] = []
    for (name, entry) in header {
      switch (entry, name == Self.metadataKey) {
      case (.metadata(let words), true): metadata = words
      case (.tensor(let entry), false): entries.append((name, entry))
      default: throw refuse("has a header that is not the JSON of a safetensors file")
      }
    }
    // Places must follow one another from the first byte to the last, so no two tensors share bytes.
    entries.sort { ($0.entry.dataOffsets, $0.name) < ($1.entry.dataOffsets, $1.name) }
    var position = 0
    for (name, entry) in entries {
      guard let type = ElementType(rawValue: entry.dtype) else {
        let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        throw refuse("tensor '\(name)' has the type \(entry.dtype); only \(known) are read")
      }
      if let problem = entry.problem(from: position, room: bytes.count - start, size: type.size) {
        throw refuse("tensor '\(name)' \(problem)")
      }
      let end = entry.dataOffsets[1]
      tensors.append(
        NamedTensor(
          name: name, shape: entry.shape, elements: type.elements(bytes[(start + position)..<(start + end)])))
      position = end
    }
    guard position == bytes.count - start else {
      throw refuse("has \(bytes.count - start - position) bytes behind its last tensor")
    }
    tensors.sort { $0.name < $1.name }
  }
}

/// What a header says of one name.
private enum HeaderEntry: Codable {
  case tensor(TensorEntry)
  case metadata([String: String])

  init(from decoder: any Decoder) throws {
    if let entry = try? TensorEntry(from: decoder) {
      self = .tensor(entry)
    } else {
      self = .metadata(try [String: String](from: decoder))
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .tensor(let entry): try entry.encode(to: encoder)
    case .metadata(let words): try words.encode(to: encoder)
    }
  }
}

private struct TensorEntry: Codable {
  let dtype: String
  let shape: [Int]
  let dataOffsets: [Int]

  enum CodingKeys: String, CodingKey {
    case dtype, shape
    case dataOffsets = "data_offsets"
  }

  /// Why the entry cannot be that of the tensor at `position`, where it cannot.
  func problem(from position: Int, room: Int, size elementSize: Int) -> String? {
    guard dataOffsets.count == 2, dataOffsets[0] == position else {
      return "does not begin where the one before it ends, at byte \(position)"
    }
    guard dataOffsets[1] >= position, dataOffsets[1] <= room else {
      return "ends at byte \(dataOffsets[1]), where the file has \(room); it is cut short"
    }
    var size = elementSize
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else { return "has an impossible shape" }
      size = product
    }
    guard size == dataOffsets[1] - position else {
      return "has \(dataOffsets[1] - position) bytes, where its shape needs \(size)"
    }
    return nil
  }
}

/// Compares offsets as pairs; shorter lists come first.
private func < (left: ([Int], String), right: ([Int], String)) -> Bool {
  left.0 == right.0 ? left.1 < right.1 : left.0.lexicographicallyPrecedes(right.0)
}

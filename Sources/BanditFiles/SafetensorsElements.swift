import BanditNumerics

/// The types of a safetensors file's numbers that are known here, by the names of its header.
enum ElementType: String, CaseIterable {
  case float = "F32"
  case double = "F64"
  case int32 = "I32"
  case uint64 = "U64"

  init(_ elements: NamedTensor.Elements) {
    self =
      switch elements {
      case .float: .float
      case .double: .double
      case .int32: .int32
      case .uint64: .uint64
      }
  }

  /// Bytes a number.
  var size: Int {
    switch self {
    case .float, .int32: 4
    case .double, .uint64: 8
    }
  }

  /// The numbers that bytes are, least byte first.
  func elements(_ bytes: ArraySlice<UInt8>) -> NamedTensor.Elements {
    switch self {
    case .float: .float(words(bytes).map { Float(bitPattern: $0) })
    case .double: .double(words(bytes).map { Double(bitPattern: $0) })
    case .int32: .int32(words(bytes).map { Int32(bitPattern: $0) })
    case .uint64: .uint64(words(bytes))
    }
  }

  private func words<Word: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> [Word] {
    bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: MemoryLayout<Word>.size).map { offset in
        Word(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: Word.self))
      }
    }
  }
}

extension NamedTensor.Elements {
  /// Appends the numbers, least byte first.
  func append(to bytes: inout [UInt8]) {
    switch self {
    case .float(let values): Self.append(values.lazy.map(\.bitPattern), to: &bytes)
    case .double(let values): Self.append(values.lazy.map(\.bitPattern), to: &bytes)
    case .int32(let values): Self.append(values, to: &bytes)
    case .uint64(let values): Self.append(values, to: &bytes)
    }
  }

  private static func append(_ words: some Collection<some FixedWidthInteger>, to bytes: inout [UInt8]) {
    let little = words.map(\.littleEndian)
    little.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
}

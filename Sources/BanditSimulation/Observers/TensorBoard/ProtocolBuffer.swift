/// A message in the wire format of Protocol Buffers, field by field.
///
/// Source: protobuf.dev, "Encoding". There are only the types that TensorBoard's events need.
struct ProtocolBuffer {
  /// The message.
  private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case variable = 0
    case eightBytes = 1
    case delimited = 2
    case fourBytes = 5
  }

  /// A whole number, 0 or more.
  mutating func integer(_ field: Int, _ value: Int) {
    key(field, .variable)
    variable(UInt64(value))
  }

  /// A number of 64 bits.
  mutating func double(_ field: Int, _ value: Double) {
    key(field, .eightBytes)
    bytes += Self.littleEndian(value.bitPattern)
  }

  /// A number of 32 bits.
  mutating func float(_ field: Int, _ value: Float) {
    key(field, .fourBytes)
    bytes += Self.littleEndian(value.bitPattern)
  }

  /// Text.
  mutating func text(_ field: Int, _ value: String) { delimited(field, Array(value.utf8)) }

  /// Numbers of 64 bits, packed.
  mutating func doubles(_ field: Int, _ values: [Double]) {
    delimited(field, values.flatMap { Self.littleEndian($0.bitPattern) })
  }

  /// A message within this one.
  mutating func message(_ field: Int, _ body: (inout ProtocolBuffer) -> Void) {
    var inner = ProtocolBuffer()
    body(&inner)
    delimited(field, inner.bytes)
  }

  /// The bytes of a number, the least significant first.
  static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private mutating func delimited(_ field: Int, _ content: [UInt8]) {
    key(field, .delimited)
    variable(UInt64(content.count))
    bytes += content
  }

  private mutating func key(_ field: Int, _ type: WireType) { variable(UInt64(field) << 3 | type.rawValue) }

  /// Seven bits a byte, the least significant first; all but the last byte have the highest bit set.
  private mutating func variable(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

import Foundation

/// How deep JSON may be nested: Foundation's decoder takes time that grows with the cube of the depth.
private let deepestJSON = 32

/// Refuses JSON that is nested deeper than any file of this program.
///
/// - `file`: what the error calls the file.
/// - Throws: `DataFileError` at the first bracket that is too deep. Whether the rest is JSON is not looked at.
public func checkDepth(ofJSON bytes: some Sequence<UInt8>, file: String) throws(DataFileError) {
  var depth = 0
  var isText = false
  var isEscaped = false
  for byte in bytes {
    switch byte {
    case _ where isEscaped: isEscaped = false
    case UInt8(ascii: "\\") where isText: isEscaped = true
    case UInt8(ascii: "\""): isText.toggle()
    case _ where isText: break
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      depth += 1
      guard depth <= deepestJSON else {
        throw DataFileError(
          file: file, reason: "is nested more than \(deepestJSON) deep, as no file of this program is")
      }
    case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
    default: break
    }
  }
}

/// Reads a JSON file, gzip or plain, of at most `limit` bytes uncompressed.
///
/// - Throws: `DataFileError` for a file that cannot be read or is nested too deep, `DecodingError` for other contents.
package func readJSONFile<Value: Decodable>(
  _ type: Value.Type, atPath path: String, limit: Int = 1 << 24
) throws -> Value {
  let bytes = try readDataFile(atPath: path, limit: limit)
  try checkDepth(ofJSON: bytes, file: path)
  return try JSONDecoder().decode(type, from: Data(bytes))
}

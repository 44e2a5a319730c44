import Foundation

/// A directory of its own for a test, removed after it.
package func withTemporaryDirectory<Result>(_ body: (_ directory: String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "bandit-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}

/// The bytes of a file.
package func contents(of path: String) throws -> [UInt8] {
  try [UInt8](Data(contentsOf: URL(filePath: path)))
}

/// The text of a file.
package func text(of path: String) throws -> String {
  String(decoding: try contents(of: path), as: UTF8.self)
}

/// Replaces a file by a text.
package func write(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(filePath: path))
}

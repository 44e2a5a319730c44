import Foundation

/// A web server on this machine that fails, stalls, truncates and lies: `mirror.py`, running.
package struct MirrorServer {
  /// It serves the folders `files` and `other` of this one.
  package let folder: String
  private let server: RunningProgram
  private let port: String

  private struct DidNotStart: Error {}

  /// Starts it.
  package init(in folder: String) throws {
    self.folder = folder
    for name in ["files", "other"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "mirror.py").path
    server = try RunningProgram(["python3", script, folder], in: folder)
    var port: String?
    for _ in 0..<1_000 where port == nil {
      Thread.sleep(forTimeInterval: 0.02)
      port = try? text(of: "\(folder)/port")
    }
    guard let port else { throw DidNotStart() }
    self.port = port
  }

  /// The address of a way to be served.
  package func address(_ way: String) -> String { "http://127.0.0.1:\(port)/\(way)" }

  /// The requests that came: path, and the range or "whole".
  package func requests() throws -> [String] {
    try text(of: "\(folder)/requests").split(separator: "\n").map(String.init)
  }

  /// Ends it.
  package func stop() throws {
    server.send(SIGKILL)
    _ = try server.result()
  }
}

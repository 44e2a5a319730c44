import BanditNumerics
import Foundation

/// `manifest.json`: what a run was started with.
public struct RunManifest: Codable, Hashable, Sendable {
  /// The version of this file's form.
  public var schemaVersion = 1
  /// The program and its version.
  public var program: String
  /// The words it was started with.
  public var commandLine: [String]
  /// When, in ISO 8601.
  public var startedAt: String
  /// The instruction set of the kernels.
  public var kernels: String
  /// What decides the numbers.
  public var run: RunSettings

  enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case program
    case commandLine = "command_line"
    case startedAt = "started_at"
    case kernels
    case run
  }

  /// The manifest of a run that starts now, in this process.
  public init(_ run: RunSettings, program: String) {
    self.program = program
    commandLine = CommandLine.arguments
    startedAt = ISO8601DateFormatter().string(from: Date())
    kernels = Kernels.best.description
    self.run = run
  }
}
